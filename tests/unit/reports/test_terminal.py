"""The whole report in a terminal: content, order, escaping and width."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from rich.cells import cell_len

from tests.support import reports
from worksample.grading import Report
from worksample.reports import terminal


def shown(report: Report, *, width: int = 100, full: bool = True) -> str:
    """Return the report as text of that width, without a terminal."""
    buffer = io.StringIO()
    terminal.show(report, buffer, full=full, width=width)
    return buffer.getvalue()


def in_order(text: str, *parts: str) -> bool:
    """Return whether `text` contains `parts` in this order."""
    at = -1
    for part in parts:
        at = text.find(part, at + 1)
        if at < 0:
            return False
    return True


def test_starts_with_verdict_and_issue_to_fix_first() -> None:
    text = shown(reports.rejected())
    assert text.startswith("NOT YET  4 of 11 checks failed")
    weight = "it blocks 2 checks and causes 1 other finding"
    assert in_order(
        text,
        "Fix this first",
        weight,
        "  1  POST /api/articles answers 500",
        "found by        An article can be published",
        "It also causes:",
        "  2  Tags come back whole: 500",
        "Other issues (2)",
    )


def test_finding_fields_are_in_order() -> None:
    text = shown(reports.rejected())
    assert in_order(
        text,
        "requirement     G4  Nothing that a client sends",
        "expected        201 Created",
        "actual          500",
        "why it matters",
        "reproduce       worksample replay 1",
        "what happened",
        "Ada registers: POST /api/users → 201",
        "▶ 2  Ada publishes an article: POST /api/articles → 500",
        "sent  {",
        "got   500, application/json",
        "server log",
        "KeyError: 'tagList'",
    )


def test_every_cause_is_shown_in_full() -> None:
    full = shown(reports.rejected())
    assert full.count("why it matters") == 3
    assert "Compare the author of the row" in full
    for number in (1, 3, 4):
        assert f"worksample replay {number}" in full


def test_handed_in_submission_is_rejected() -> None:
    buffer = io.StringIO()
    terminal.show(replace(reports.rejected(), handed_in=True), buffer, full=True)
    assert buffer.getvalue().startswith("REJECTED  ")
    assert terminal.render(reports.rejected()).startswith(b"NOT YET  ")


def test_shows_blocked_checks_and_internal_errors() -> None:
    text = shown(reports.rejected())
    assert "Blocked by “An article can be published”: The author can edit; Edits keep the" in text
    assert in_order(text, "Internal errors", "A check of ours: KeyError: 'x'", "Undecided")


def test_ends_with_counts_stages_and_seed() -> None:
    text = shown(reports.rejected())
    assert in_order(
        text, "By aspect", "By stage", "✓ 1  It starts and answers: 1 of 1", "--seed 42"
    )
    assert "Next step: stage 2, Accounts." in text


def test_failed_build_shows_cause_command_environment_and_output() -> None:
    text = shown(reports.build_failed())
    assert in_order(
        text,
        "BUILD FAILED  installing the packages failed",
        "likely cause",
        "djagno",
        "pip install -r requirements.txt",
        "PORT=41234",
        "│ ERROR: No matching distribution",
    )
    assert "--seed" not in text


def test_start_failure_without_output_says_so() -> None:
    assert "it printed nothing" in shown(reports.start_failed())


@pytest.mark.parametrize("width", [24, 40, 60, 100, 200])
@pytest.mark.parametrize("name", sorted(reports.every_kind()))
@pytest.mark.parametrize("full", [False, True])
def test_no_line_is_wider_than_the_terminal_or_ends_in_spaces(
    name: str, width: int, full: bool
) -> None:
    text = shown(reports.every_kind()[name], width=width, full=full)
    lines = text.splitlines()
    assert max(cell_len(line) for line in lines) <= width
    assert not [line for line in lines if line != line.rstrip()]


@pytest.mark.parametrize("full", [False, True])
def test_escapes_control_characters_of_target(full: bool) -> None:
    text = shown(reports.hostile(), full=full)
    bad = {char for char in text if not char.isprintable() and char != "\n"}
    assert not bad
    assert "\\u001b[2J" in text
    assert "[bold]x[/bold]" in text


def test_wide_characters_count_two_cells() -> None:
    check = reports.check("wide", title="記事" * 60)
    text = shown(reports.report([reports.failed(check)]), width=60)
    assert max(cell_len(line) for line in text.splitlines()) <= 60


def test_uses_colours_only_on_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    assert "\x1b" not in shown(reports.rejected())
    buffer = Screen()
    terminal.show(reports.rejected(), buffer, width=80)
    assert "\x1b[1;31mNOT YET" in buffer.getvalue()
    monkeypatch.setenv("NO_COLOR", "1")
    buffer = Screen()
    terminal.show(reports.rejected(), buffer, width=80)
    assert "\x1b[31m" not in buffer.getvalue()
    assert ";31m" not in buffer.getvalue()


class Screen(io.StringIO):
    """A file that claims to be a terminal."""

    def isatty(self) -> bool:
        return True


def test_timeline_has_one_column_per_actor() -> None:
    text = shown(reports.drawn())
    assert in_order(
        text,
        "A ann marks a favourite                        B bob marks a favourite",
        "       │ BEGIN\n",
        "       ┆                                              │ BEGIN\n",
        "       ▶ UPDATE articles SET favorites_count = $1\n       │ WHERE id = $2\n",
        "       │ (held here until B has ended)\n",
        "       │ COMMIT\n",
    )


def test_timeline_on_narrow_page_is_staggered() -> None:
    text = shown(reports.drawn(), width=60)
    assert in_order(
        text, "  A │ BEGIN\n", "     B │ BEGIN\n", "  A ▶ UPDATE", "    │ (held here", "  A │ → 200"
    )


def test_growth_is_table_with_factors() -> None:
    text = shown(reports.drawn(), full=True)
    assert "entries on the page  1   4  16  ×16\n" in text
    assert "GET /api/articles    5  14  50  ×10\n" in text
    narrow = shown(reports.drawn(), full=True, width=30)
    assert "GET /api/articles: 5" in narrow
    assert "(×10)" in narrow


def test_unreplayable_finding_names_check_command() -> None:
    text = shown(reports.drawn(), full=True)
    assert "worksample replay" not in text
    assert "worksample check --only favourites-of-two-both-count --seed 42" in text
