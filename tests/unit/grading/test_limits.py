"""What cannot be asked of a server is noted before the checks, with the reason."""

from __future__ import annotations

import asyncio
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from tests.engine.harness import FakeTarget
from worksample.checks import CheckContext
from worksample.errors import StartFailed
from worksample.grading.limits import note_limits
from worksample.grading.reachability import require_reachable_database
from worksample.probes.exchange import Exchange, Request, Response
from worksample.targets import ExternalTarget

LOST = "connect ECONNREFUSED 127.0.0.1:5432"


class FakeDatabase:
    """A database that holds `rows`."""

    def __init__(self, *rows: str) -> None:
        self.rows = rows

    async def rows_containing(self, text: str) -> list[str]:
        """See `Database`."""
        return [each for each in self.rows if text in each]


class PrintingTarget(FakeTarget):
    """A target in `folder` that has printed `log`."""

    def __init__(self, folder: Path, log: str = "") -> None:
        super().__init__()
        self.built = SimpleNamespace(folder=folder)  # type: ignore[assignment]
        self.text = log

    def printed(self, mark: int = 0, end: int | None = None) -> str:
        """See `Target`."""
        return self.text

    def unreachable_error(self, line: str, effect: str, printed: str) -> StartFailed:
        """See `Target`."""
        return StartFailed(f"{line} ({effect})")


def exchange(method: str, status: int) -> Exchange:
    return Exchange(Request(method, "/x"), Response(status, (), b""))


def noted(target: Any, database: Any = None, *, write: int = 201) -> str:
    """Return what is noted of a server that answered a write with the status `write`."""
    context = CheckContext(cast(Any, None), target, cast(Any, None), seed=1, database=database)
    exchanges = [exchange("GET", 200), exchange("POST", write)]
    asyncio.run(note_limits(context, exchanges))
    return " ".join(context.notes)


def test_server_that_runs_already_is_out_of_reach() -> None:
    told = noted(ExternalTarget("http://127.0.0.1:1"))
    assert "This server runs already: its process and its database are out of reach." in told
    assert "bursts of requests alone" in told


def test_file_of_sqlite_is_named(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "shop.db").write_bytes(b"SQLite format 3\x00...")
    told = noted(PrintingTarget(tmp_path), FakeDatabase())
    assert "keeps its data in SQLite (data/shop.db)" in told
    assert "Not looked for: crashes between statements, lost connections" in told


def test_database_without_a_row_after_a_write_is_not_used(tmp_path: Path) -> None:
    assert "keeps nothing in the database" in noted(PrintingTarget(tmp_path), FakeDatabase())


def test_nothing_is_noted_of_a_server_that_uses_its_database(tmp_path: Path) -> None:
    assert noted(PrintingTarget(tmp_path), FakeDatabase("ada")) == ""
    assert noted(PrintingTarget(tmp_path), FakeDatabase(), write=422) == ""


@pytest.mark.parametrize(
    ("statuses", "log", "stops"),
    [
        ((500, 500), LOST, True),
        ((404, 500), LOST, True),
        ((500, 500), "a bug", False),
        ((200, 500), LOST, False),
        ((404, 422), LOST, False),
    ],
)
def test_server_that_answers_5xx_without_its_database_is_not_asked(
    tmp_path: Path, statuses: tuple[int, ...], log: str, stops: bool
) -> None:
    exchanges = [exchange("POST", status) for status in statuses]
    ask = require_reachable_database(PrintingTarget(tmp_path, log), exchanges)
    if not stops:
        asyncio.run(ask)
        return
    with pytest.raises(StartFailed, match="it starts, but answers 5xx"):
        asyncio.run(ask)
