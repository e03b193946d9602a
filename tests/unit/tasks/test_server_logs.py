"""The log that comes with a ticket: its numbers are those of the repository that is handed out."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from pathlib import Path

import pytest

from worksample.catalogue import load
from worksample.catalogue.answers import MUTANTS
from worksample.catalogue.server_logs import LoggedRequest, ServerLog, places_in, server_logs
from worksample.tasks.repository import Source, write_repository
from worksample.tasks.server_logs import line_number, log_text
from worksample.tasks.trees import Tree

#: Challenge and solution, of those whose logs were measured.
MEASURED = sorted(
    (path.parts[-4], path.parts[-2])
    for path in Path(__file__).parents[3].glob("challenges/*/mutants/*/logs.json")
)
DAY = datetime(2026, 1, 5, 12, tzinfo=UTC)
PYTHON = ServerLog(
    (LoggedRequest("GET", "/api/rooms", 200), LoggedRequest("POST", "/api/rooms", 500)),
    (
        "Traceback (most recent call last):",
        '  File "app/rooms.py", line 2, in reserve',
        "    return take(room)",
        '  File "app/rooms.py", line 9, in take',
        "    seats = room.seats - 1",
        '  File "site-packages/fastapi/routing.py", line 7, in app',
        "    return await f(request)",
        "KeyError: 'seats'",
    ),
    {"app/rooms.py:2": "    return take(room)", "app/rooms.py:9": "    seats = room.seats - 1"},
)
NODE = ServerLog(
    (LoggedRequest("POST", "/api/rooms", 500),),
    ("Error: none left", "    at take (src/a.js:3:9)", "    at async src/a.js:8:3"),
    {"src/a.js:3": "    throw new Error('none left');", "src/a.js:8": "  await take();"},
)


def lines_of(log: ServerLog, tree: Tree, seed: int = 1) -> list[str]:
    return log_text(log, tree, DAY, random.Random(seed)).splitlines()


def test_lines_have_the_numbers_of_the_repository() -> None:
    source = "import os\n\ndef reserve(room):\n    return take(room)\n\n\ndef take(room):\n"
    tree = {"app/rooms.py": f"{source}    seats = room.seats - 1\n".encode()}
    lines = lines_of(PYTHON, tree)
    assert '  File "app/rooms.py", line 4, in reserve' in lines
    assert '  File "app/rooms.py", line 8, in take' in lines
    assert '  File "site-packages/fastapi/routing.py", line 7, in app' in lines


def test_line_that_is_not_there_has_neither_number_nor_text() -> None:
    lines = lines_of(PYTHON, {"app/rooms.py": b"def reserve(room):\n    return take(room)\n"})
    at = lines.index('  File "app/rooms.py", in take')
    assert lines[at + 1] == '  File "site-packages/fastapi/routing.py", line 7, in app'
    assert lines[at + 2] == "    return await f(request)"


def test_columns_follow_the_indent() -> None:
    tree = {"src/a.js": b"function take() {\n  throw new Error('none left');\n}\n"}
    lines = lines_of(NODE, tree)
    assert "    at take (src/a.js:2:7)" in lines
    assert "    at async src/a.js" in lines


def test_of_equal_lines_that_of_the_function_counts() -> None:
    source = "async def one(a):\n    if a:\n        return a\n\nasync def two(a):\n    return a\n"
    tree = {"a.py": source.encode()}
    assert line_number(tree, "a.py", "return a", "one") == 3
    assert line_number(tree, "a.py", "return a", "two") == 6
    assert line_number(tree, "a.py", "return a", "") is None
    assert line_number(tree, "a.py", "return a", "three") is None
    assert line_number(tree, "b.py", "return a", "one") is None


def test_times_go_on_and_follow_the_seed() -> None:
    times = [line[:19] for line in lines_of(PYTHON, {}) if line.startswith("2026-")]
    assert times == sorted(times) and len(times) == 2 and times[0] > "2026-01-05 13"
    assert lines_of(PYTHON, {}) == lines_of(PYTHON, {})
    assert lines_of(PYTHON, {}) != lines_of(PYTHON, {}, seed=2)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(("name", "stack"), MEASURED)
def test_measured_logs_name_lines_of_tasks(
    name: str, stack: str, seed: int, tmp_path: Path
) -> None:
    answers, rng = load(name).answers("a test"), random.Random(seed)
    logs = server_logs(answers.folder / MUTANTS / stack)
    known = {each.id: each for each in answers.mutants(stack)}
    chosen = rng.choice(sorted(logs))
    source = Source(answers, stack, frozenset())
    tree = write_repository(source, [known[chosen]], tmp_path, rng).commits[-1].tree
    log = logs[chosen]
    measured = {text.strip() for text in log.places.values()}
    found = [
        tree[path].decode().splitlines()[number - 1].strip()
        for line in lines_of(log, tree)
        for path, number in places_in(line)
        if path in tree
    ]
    assert found and set(found) <= measured
