"""Record every exchange of a run in a compressed file, one JSON object a line.

docs/report.md describes the file. It is written while the run goes on, so that memory stays small,
and with gzip of the standard library, so that any language and `zcat` read it.
"""

from __future__ import annotations

import gzip
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from msgspec import Struct

from worksample.grading import schema
from worksample.grading.bodies import plain_entry
from worksample.grading.conversion import exchange_entry
from worksample.grading.json_text import to_json
from worksample.grading.report import FORMAT, Report
from worksample.messages import message
from worksample.probes.exchange import Exchange

#: Compresses a run's exchanges to a tenth; higher levels save little and take longer.
_LEVEL = 4


class Head(Struct):
    """The first line: the run that was recorded."""

    format: int
    run: str
    challenge: str
    seed: int


class Line(Struct):
    """One exchange, of which check, and in which attempt (from 0) at asking it."""

    check: str
    attempt: int
    exchange: schema.Exchange


class End(Struct):
    """The last line, which is missing if the run was interrupted."""

    exchanges: int


class Recording:
    """Writes the exchanges of the run `report` to `path`; use it as a context manager.

    A file that cannot be written does not end the run: `problems` then says how far it got.
    """

    def __init__(self, path: Path, report: Report) -> None:
        self.path = path
        self.problems: list[str] = []
        self._count = 0
        self._head = Head(FORMAT, report.run, report.challenge, report.seed)
        self._file: gzip.GzipFile | None = None

    def __enter__(self) -> Self:
        try:
            self._file = gzip.open(self.path, "wb", compresslevel=_LEVEL)
        except OSError as error:
            self._give_up(error)
        self._write(self._head)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None:
            self._write(End(self._count))
        self._close()

    def record(self, check: str, attempt: int, exchange: Exchange) -> None:
        """Write one exchange."""
        if self._file is not None:
            self._count += 1
            self._write(Line(check, attempt, exchange_entry(exchange, plain_entry)))

    def _write(self, line: Struct) -> None:
        if self._file is None:
            return
        try:
            self._file.write(to_json(line) + b"\n")
        except OSError as error:
            self._give_up(error)

    def _close(self) -> None:
        try:
            if self._file is not None:
                self._file.close()
        except OSError as error:
            self._give_up(error)

    def _give_up(self, error: OSError) -> None:
        with suppress(OSError):
            if self._file is not None:
                self._file.close()
        self._file = None
        self.problems.append(
            message(
                "The recording {path} ends after {count} exchanges: {reason}.",
                path=self.path.name,
                count=self._count,
                reason=error.strerror,
            )
        )
