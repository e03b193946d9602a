"""`logs.json`: read, and validated with file and line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from msgspec.structs import replace

from worksample.catalogue import Answers
from worksample.catalogue.measured import as_json
from worksample.catalogue.server_log_validation import mistakes_in_server_logs
from worksample.catalogue.server_logs import (
    SERVER_LOGS,
    LoggedRequest,
    ServerLog,
    places_in,
    server_logs,
)
from worksample.errors import BrokenChallenge

STACK = "python"
LOG = ServerLog(
    (LoggedRequest("GET", "/", 500),),
    ('  File "app.py", line 2, in get', "    return rows[0]"),
    {"app.py:2": "    return rows[0]", "app.py:9": "    fail()"},
)


@pytest.fixture
def answers(tmp_path: Path) -> Answers:
    """Return a solution, and the mutant `a-slip`, which plants a line."""
    for folder in ("solutions", "mutants"):
        (tmp_path / folder / STACK).mkdir(parents=True)
    (tmp_path / "solutions" / STACK / "app.py").write_text("def get(rows):\n    return rows[0]\n")
    (tmp_path / "mutants" / STACK / "a-slip.patch").write_text("---\n+++ b/app.py\n+    fail()\n")
    return Answers(tmp_path)


def mistakes(answers: Answers, text: str) -> list[tuple[int, str]]:
    """Return line and message of each mistake in `text` as the measured logs."""
    (answers.folder / "mutants" / STACK / SERVER_LOGS).write_text(text)
    return [(each.line, each.message) for each in mistakes_in_server_logs(answers)]


def test_what_is_written_is_read_and_right(answers: Answers) -> None:
    assert mistakes(answers, as_json({"a-slip": LOG}).decode()) == []
    assert server_logs(answers.folder / "mutants" / STACK) == {"a-slip": LOG}


def test_stale_entries_are_named(answers: Answers) -> None:
    (answers.folder / "solutions" / STACK / "app.py").write_text("def get(rows):\n    return 1\n")
    assert mistakes(answers, as_json({"a-slip": LOG, "gone": LOG}).decode()) == [
        (2, "a-slip: no line of app.py reads `return rows[0]`: measure again"),
        (3, "gone: there is no mutant of this name"),
    ]


def test_path_of_a_machine_is_named(answers: Answers) -> None:
    line = '  File "/opt/python3/ipaddress.py", line 54, in ip_address'
    assert mistakes(answers, as_json({"a-slip": replace(LOG, lines=(line,))}).decode()) == [
        (2, "a-slip: /opt/python3/ipaddress.py is a path of one machine: measure again")
    ]


def test_entries_of_another_form_are_named(answers: Answers) -> None:
    ((line, told),) = mistakes(answers, json.dumps({"a-slip": {"lines": 3}}, indent=1))
    assert line == 2 and told.startswith("a-slip: Expected `array`, got `int`")
    ((line, told),) = mistakes(answers, "{")
    assert line == 0 and told.startswith("is broken: ")
    with pytest.raises(BrokenChallenge, match=r"logs\.json is broken: "):
        server_logs(answers.folder / "mutants" / STACK)


def test_places_of_both_languages_are_found() -> None:
    assert list(places_in('  File "app/a.py", line 12, in get')) == [("app/a.py", 12)]
    assert list(places_in("    at async get (src/a.js:3:17) {")) == [("src/a.js", 3)]
    assert list(places_in("    at async src/a.js:88:5")) == [("src/a.js", 88)]
    assert list(places_in("KeyError: 'seats' at 12:30:01")) == []
