"""Validate `logs.json` beside mutants: its mutants exist, and so do the lines that it names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from worksample.catalogue.answers import MUTANTS, Answers
from worksample.catalogue.mistakes import Mistake, matching_line
from worksample.catalogue.server_logs import SERVER_LOGS, ServerLog, places_in
from worksample.messages import message


def mistakes_in_server_logs(answers: Answers) -> Iterator[Mistake]:
    """Yield what is wrong with the logs of the mutants of each solution; nothing without any."""
    for path in sorted((answers.folder / MUTANTS).glob(f"*/{SERVER_LOGS}")):
        solution = answers.solutions.get(path.parent.name)
        if solution is None:
            continue
        try:
            found = msgspec.json.decode(path.read_bytes(), type=dict[str, Any])
        except msgspec.MsgspecError as error:
            yield Mistake(path, 0, message("is broken: {error}", error=error))
            continue
        text = path.read_text(encoding="utf-8")
        for mutant, log in found.items():
            at = matching_line(text, rf'^\s*"{re.escape(mutant)}"\s*:')
            for problem in _problems(path.with_name(f"{mutant}.patch"), log, solution):
                yield Mistake(
                    path, at, message("{mutant}: {problem}", mutant=mutant, problem=problem)
                )


def _problems(patch: Path, log: Any, solution: Path) -> Iterator[str]:
    if not patch.is_file():
        yield "there is no mutant of this name"
        return
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
