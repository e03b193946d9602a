"""Reading `review.md`."""

from __future__ import annotations

from pathlib import Path

import pytest

from worksample.tasks.reviewing.form import Decision, Review, Severity, parsed

PATH = Path("review.md")


def read(text: str) -> Review:
    review, mistakes = parsed(text, PATH)
    assert not mistakes, mistakes
    return review


def mistakes_in(text: str) -> list[tuple[int, str]]:
    return [(each.line, each.message) for each in parsed(text, PATH)[1]]


@pytest.mark.parametrize(
    ("written", "decision"),
    [
        ("approve", Decision.APPROVE),
        ("Approved.", Decision.APPROVE),
        ("**request changes**", Decision.REQUEST_CHANGES),
        ("Request-Changes", Decision.REQUEST_CHANGES),
        ("`changes requested`", Decision.REQUEST_CHANGES),
    ],
)
def test_verdict_is_read_however_it_is_written(written: str, decision: Decision) -> None:
    assert read(f"Verdict: {written}\n").decision is decision
    assert read(f"- **verdict:** {written}\r\n").decision is decision


@pytest.mark.parametrize(
    "line",
    [
        "a/b.py:3: blocking: Two at once.",
        "- a/b.py:3: BLOCKING: Two at once.",
        "* `a/b.py:3`: **blocking**: Two at once.",
        "a/b.py:3:7: blocking:Two at once.",
        "a/b.py : 3 : blocking : Two at once.",
    ],
)
def test_comment_is_read_however_it_is_written(line: str) -> None:
    (comment,) = read(f"Verdict: approve\n\n{line}\n").comments
    assert (comment.path, comment.first, comment.last) == ("a/b.py", 3, 3)
    assert (comment.severity, comment.text, comment.at) == (Severity.BLOCKING, "Two at once.", 3)


def test_range_and_further_lines_belong_to_the_comment() -> None:
    text = "Verdict: approve\na.py:3-5: nit: One\nand two\n  - and three\n\n  and four\n"
    (comment,) = read(text).comments
    assert (comment.first, comment.last) == (3, 5)
    assert comment.text == "One and two - and three and four"


def test_headings_and_hidden_text_are_left_out() -> None:
    text = "# Review\n<!-- a.py:1: blocking: Not this.\n-->\nVerdict: approve\n\n## a.py:1: x\n"
    assert read(text) == Review(Decision.APPROVE, ())
    assert read("# Review\n\nVerdict:\n<!-- more -->\n").is_untouched
    assert read("").is_untouched


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ("Verdict: perhaps\n", 1, "is not known"),
        ("Verdict: approve\nVerdict: approve\n", 2, "second verdict"),
        ("Verdict: approve\n\nGood work!\n", 3, "neither"),
        ("Verdict: approve\na.py: blocking: No line.\n", 2, "neither"),
        ("Verdict: approve\na.py:3: No severity.\n", 2, "neither"),
        ("Verdict: approve\na.py:3: major: Much.\n", 2, "severity 'major' is not known"),
        ("Verdict: approve\na.py:0: nit: None.\n", 2, "counted from 1"),
        ("Verdict: approve\na.py:5-3: nit: None.\n", 2, "counted from 1"),
        ("a.py:3: nit: No verdict.\n", 1, "no line `Verdict"),
        ("Verdict:\na.py:3: nit: No verdict.\n", 1, "has no verdict"),
        ("Verdict: approve\n<!-- open\n", 2, "no `-->` ends it"),
    ],
)
def test_line_that_cannot_be_read_is_named(text: str, line: int, problem: str) -> None:
    (found,) = mistakes_in(text)
    assert found[0] == line
    assert problem in found[1]


@pytest.mark.parametrize("text", ["- " * 200_000, ":" * 400_000, "a " * 200_000, "a:" * 200_000])
def test_long_line_that_is_no_comment_is_named(text: str) -> None:
    assert [line for line, _ in mistakes_in(f"Verdict: approve\n{text}\n")] == [2]
