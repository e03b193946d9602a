"""`own-tests.json`: read, written, and validated with file and line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from worksample.catalogue import Answers
from worksample.catalogue.measured import as_json
from worksample.catalogue.own_test_validation import mistakes_in_own_tests
from worksample.catalogue.own_tests import OWN_TESTS, broken_own_tests
from worksample.errors import BrokenChallenge

STACK = "node-express"
BROKEN = {"b-loses": ("the sum", "what is “said”"), "a-slow": (), "c-late": ('a "quote"',)}


@pytest.fixture
def answers(tmp_path: Path) -> Answers:
    """Return a solution with the tests `a sum` and `no sum`, and the mutant `a-slow`."""
    solution, mutants = tmp_path / "solutions" / STACK, tmp_path / "mutants" / STACK
    (solution / "test").mkdir(parents=True)
    package = {"scripts": {"start": "node app.js"}, "dependencies": {"express": "5"}}
    (solution / "package.json").write_text(json.dumps(package))
    (solution / "test" / "sums.js").write_text("test('a sum', f);\ntest('no sum', f);\n")
    mutants.mkdir(parents=True)
    (mutants / "a-slow.patch").write_text("")
    return Answers(tmp_path)


def mistakes(answers: Answers, text: str) -> list[tuple[int, str]]:
    """Return line and message of each mistake in `text` as the measured tests."""
    (answers.folder / "mutants" / STACK / OWN_TESTS).write_text(text)
    return [(each.line, each.message) for each in mistakes_in_own_tests(answers)]


def test_what_is_written_is_read(tmp_path: Path) -> None:
    (tmp_path / OWN_TESTS).write_bytes(as_json(BROKEN))
    assert broken_own_tests(tmp_path) == BROKEN


def test_answers_have_those_of_each_solution(answers: Answers) -> None:
    (answers.folder / "mutants" / STACK / OWN_TESTS).write_bytes(as_json(BROKEN))
    assert answers.broken_own_tests(STACK) == BROKEN
    assert answers.broken_own_tests("python-fastapi") == {}


def test_file_has_a_line_a_mutant() -> None:
    assert as_json(BROKEN).decode().splitlines() == [
        "{",
        '  "a-slow": [],',
        '  "b-loses": ["the sum","what is “said”"],',
        '  "c-late": ["a \\"quote\\""]',
        "}",
    ]


def test_without_a_file_nothing_is_measured(tmp_path: Path) -> None:
    assert broken_own_tests(tmp_path) == {}


@pytest.mark.parametrize("text", ['{"a": ', '{"a": "b"}', '{"a": [1]}', "[]"])
def test_broken_file_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / OWN_TESTS).write_text(text)
    with pytest.raises(BrokenChallenge, match=r"own-tests\.json is broken: ") as raised:
        broken_own_tests(tmp_path)
    assert raised.value.hint == "Measure it again, or remove it."


def test_unmeasured_solution_is_no_mistake(answers: Answers) -> None:
    assert list(mistakes_in_own_tests(answers)) == []


def test_mutants_and_tests_that_exist_are_no_mistake(answers: Answers) -> None:
    assert mistakes(answers, '{\n  "a-slow": ["a sum", "no sum"]\n}\n') == []


def test_reports_stale_entries_with_their_line(answers: Answers) -> None:
    text = '{\n  "a-fast": [],\n  "a-slow": ["no sum", "one sum"]\n}\n'
    assert mistakes(answers, text) == [
        (2, "a-fast: there is no mutant of this name"),
        (3, "a-slow: the solution has no test one sum: measure again"),
    ]


def test_reports_what_is_no_list_of_names(answers: Answers) -> None:
    ((line, said),) = mistakes(answers, '{\n  "a-slow": "a sum"\n}\n')
    assert line == 2
    assert said.startswith("a-slow: Expected `array`, got `str`")


def test_reports_broken_file(answers: Answers) -> None:
    ((line, said),) = mistakes(answers, '{"a-slow": ')
    assert line == 0
    assert said.startswith("is broken: ")
