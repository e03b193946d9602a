"""Validate `logs.json` beside mutants: its mutants exist, and so do the lines that it names."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import msgspec

from worksample.catalogue.answers import Answers
from worksample.catalogue.measured_validation import mistakes_in_measured
from worksample.catalogue.mistakes import Mistake
from worksample.catalogue.server_logs import SERVER_LOGS, ServerLog, places_in
from worksample.messages import message


def mistakes_in_server_logs(answers: Answers) -> Iterator[Mistake]:
    """Yield what is wrong with the logs of the mutants of each solution; nothing without any."""
    return mistakes_in_measured(answers, SERVER_LOGS, lambda solution: partial(_problems, solution))


def _problems(solution: Path, patch: Path, log: Any) -> Iterator[str]:
    try:
        found = msgspec.convert(log, ServerLog)
    except msgspec.ValidationError as error:
        yield str(error)
        return
    named = [path for line in found.lines for path, _ in places_in(line)]
    for path in sorted({each for each in named if each.startswith("/")}):
        yield message("{path} is a path of one machine: measure again", path=path)
    planted = {
        line[1:] for line in patch.read_text(encoding="utf-8").splitlines() if line[:1] == "+"
    }
    for place, text in found.places.items():
        path = place.rpartition(":")[0]
        if text not in planted and text not in _lines_of(solution / path):
            yield message(
                "no line of {path} reads `{text}`: measure again", path=path, text=text.strip()
            )


def _lines_of(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
