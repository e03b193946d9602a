"""A report survives being kept, whatever is in it."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest

from tests.support import reports
from worksample.errors import WorkspaceError
from worksample.grading import codec


@pytest.mark.parametrize("name", sorted(set(reports.every_kind()) - {"hostile"}))
def test_a_report_comes_back_equal(name: str, tmp_path: Path) -> None:
    report = reports.every_kind()[name]
    path = tmp_path / "report.json"
    path.write_bytes(codec.encode(report))
    assert codec.read(path) == report


def test_hostile_text_comes_back_as_it_was_written() -> None:
    written = codec.encode(reports.hostile())
    assert codec.encode(codec.from_data(orjson.loads(written))) == written


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b'{"format": 1, "run"', "is not whole"),
        (b'{"format": 99}', "has format 99; this version of Worksample reads 1"),
        (b"[]", "has format None"),
        (b'{"format": 1}', "is broken: KeyError"),
    ],
)
def test_what_is_no_report_is_said_to_be_none(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "report.json"
    path.write_bytes(content)
    with pytest.raises(WorkspaceError, match=said) as caught:
        codec.read(path)
    assert "worksample check" in caught.value.hint
