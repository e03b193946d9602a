"""What the server of a mutant logs when it fails.

`logs.json` beside the mutants is measured: `bench/server_logs.py` writes it. It has an entry for
each mutant with which the server logs the trace of an error. A ticket about that mutant comes with
the log, as operations would attach it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec

from worksample.catalogue.measured import read_measured

SERVER_LOGS = "logs.json"
#: A place in a trace: `File "app/a.py", line 3, in pay` or `at pay (src/a.js:3:17)`.
PLACE = re.compile(
    r'File "(?P<file>[^"\n]+)", line (?P<line>\d+)'
    r"|(?P<path>[\w./@-]+\.\w+):(?P<row>\d+):(?P<column>\d+)"
)


class LoggedRequest(msgspec.Struct, frozen=True):
    """A request as an access log has it."""

    method: str
    target: str
    status: int


class ServerLog(msgspec.Struct, frozen=True):
    """The requests up to the one that failed, and the lines that the server printed for that one.

    Paths are relative to the repository. `places` has the text of each line of the repository that
    the lines name, by `path:number`: in the solution with the mutant.
    """

    requests: tuple[LoggedRequest, ...]
    lines: tuple[str, ...]
    places: Mapping[str, str]


def server_logs(folder: Path) -> Mapping[str, ServerLog]:
    """Return the log of each mutant in `folder` that has one, by its id.

    Raises `BrokenChallenge` if the file is broken.
    """
    return read_measured(folder / SERVER_LOGS, ServerLog)


def places_in(line: str) -> Iterator[tuple[str, int]]:
    """Yield the path and the number of each place that a line of a log names."""
    for found in PLACE.finditer(line):
        yield place_of(found)


def place_of(found: re.Match[str]) -> tuple[str, int]:
    """Return the path and the number that a match of `PLACE` names."""
    return found["file"] or found["path"], int(found["line"] or found["row"])
