"""The report that fits a screen of 40 lines, and all about one check."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest

from tests.support import reports
from tests.unit.reports.test_terminal import in_order
from worksample.checks import Aspect, CheckResult, Timeline, TimelineStep, Verdict
from worksample.grading import Problem, Report, RunVerdict
from worksample.reports import terminal

LONG = "a title that goes on for as long as a line of the terminal lasts, and then still further"
LINES = 38
ERROR = "/x/worksample-run-1a/app/main.py:27: KeyError: 'tagList'"
TRACEBACK = (
    "Traceback (most recent call last):\n"
    '  File "/x/worksample-run-1a/app/main.py", line 27, in create\n'
    "    tags = article['tagList']\n"
    '  File "/x/venv/lib/python3.11/site-packages/psycopg/rows.py", line 9, in get\n'
    "KeyError: 'tagList'\n"
)


def screen(report: Report, *, width: int = 100, before: Report | None = None) -> str:
    buffer = io.StringIO()
    terminal.show(report, buffer, width=width, before=before)
    return buffer.getvalue()


def one_failure() -> Report:
    passed = CheckResult(reports.check("one"), Verdict.PASS)
    found = reports.finding(log=TRACEBACK, error=ERROR)
    failed = reports.failed(reports.check("two", clause="G4"), found)
    return reports.report([passed, failed])


def failures(number: int, **words: object) -> Report:
    """Return a report with everything long: `number` failures, blocks, notes, a hint."""
    found = [
        reports.failed(
            reports.check(f"check-{n}", stage=2 + n % 2, title=f"{n} {LONG}", hint=LONG * 9),
            reports.finding(expected=LONG * 9, actual=LONG * 9, log=TRACEBACK,
                            error=f"main.py:{n}: {LONG}", **words),
        )
        for n in range(number)
    ]  # fmt: skip
    blocked = [
        CheckResult(reports.check(f"blocked-{n}"), Verdict.BLOCKED, blocked_by="check-0")
        for n in range(9)
    ]
    error = CheckResult(reports.check("ours"), Verdict.ERROR, reason=LONG * 9)
    notes = tuple(f"{n} {LONG * 9}" for n in range(9))
    clauses = {"A1": LONG * 9}
    return reports.report([*found, *blocked, error], notes=notes, clauses=clauses)


def problem(verdict: RunVerdict) -> Report:
    found = Problem(LONG * 3, LONG * 9, LONG * 9, {"PORT": LONG * 9}, f"{LONG * 9}\n" * 99)
    return reports.report(verdict=verdict, problem=found)


ILLUSTRATED = {
    "culprit": None,
    "figures": (reports.timeline(beats=tuple(TimelineStep(n % 2, LONG, LONG) for n in range(40))),),
}
RUNS = {
    "accepted": reports.accepted(),
    "accepted with notes": reports.report(
        [CheckResult(reports.check("one"), Verdict.PASS)],
        verdict=RunVerdict.ACCEPTED,
        notes=tuple(f"{n} {LONG * 9}" for n in range(40)),
    ),
    "1 failure": one_failure(),
    "1 long failure": failures(1),
    "130 failures": failures(130),
    "130 races": failures(130, **ILLUSTRATED),
    "build error": problem(RunVerdict.BUILD_FAILED),
    "start error": problem(RunVerdict.START_FAILED),
    **reports.every_kind(),
}


@pytest.mark.parametrize("width", [80, 100])
@pytest.mark.parametrize("name", RUNS)
def test_every_run_fits_a_screen(name: str, width: int) -> None:
    text = screen(RUNS[name], width=width, before=reports.accepted())
    assert len(text.splitlines()) <= LINES, text
    assert "`worksample report --all`" in text.splitlines()[-1]


def test_shows_first_cause_with_request_and_place_in_code() -> None:
    assert in_order(
        screen(one_failure()),
        "NOT YET  1 of 2 checks failed",
        "Stages: open 2; not run 1, 3, 9",
        "Fix this first  stage 2, Accounts",
        "  1  POST /api/articles answers 500: KeyError: 'tagList'  [behaviour, stage 2]",
        "found by        Two",
        "requirement     G4  Nothing that a client sends",
        "expected        201 Created",
        "actual          500",
        "in your code    main.py:27: KeyError: 'tagList'",
        "request         Ada publishes an article: POST /api/articles → 500",
        'sent            {"article"',
        "reproduce       worksample replay 1",
        "--seed 42",
    )


def test_kind_of_work_without_stages_is_rejected_and_names_none() -> None:
    failed = [reports.failed(reports.check("words", stage=0))]
    text = screen(reports.report(failed, stages={}))
    assert text.startswith("REJECTED")
    assert "Stages" not in text
    assert "Fix this first\n" in text


def test_names_five_further_causes_in_a_line_each() -> None:
    text = screen(failures(130))
    assert "129 further causes  and 124 more in the full report" in text
    named = [line for line in text.splitlines() if "POST /api/articles → 500" in line]
    assert len(named) == 1 + 5
    words = " ".join(text.split())
    assert "they need fails or is missing: 9 checks (9 for “POST /api/articles" in words


def test_says_what_changed_since_the_run_before() -> None:
    now = one_failure()
    passed, failed = now.results
    before = replace(now, results=(replace(failed, check=passed.check), replace(
        passed, check=failed.check)))  # fmt: skip
    assert "Since the last run: 1 mended, 1 new." in screen(now, before=before)
    assert "Since the last run: nothing mended, nothing new." in screen(now, before=now)
    fewer = replace(now, results=(passed,))
    assert "nothing mended, nothing new in 1 check that both runs asked." in " ".join(
        screen(now, before=fewer).split()
    )
    assert "Since the last run" not in screen(now)
    assert "Since the last run" not in screen(now, before=replace(now, challenge="other"))


def test_build_error_begins_with_place_in_code_and_ends_with_log() -> None:
    found = Problem("it ended", "define it", "python main.py", {"PORT": "1"}, TRACEBACK)
    text = screen(reports.report(verdict=RunVerdict.START_FAILED, problem=found))
    assert in_order(text, "START FAILED", "main.py:27: KeyError", "define it", "│ KeyError")


def test_failed_build_says_what_was_detected_and_what_is_missing() -> None:
    found = Problem("installing failed", "", "npm install", {}, "npm error")
    notes = ("packages from package.json", "there is no lock file")
    text = screen(reports.report(verdict=RunVerdict.BUILD_FAILED, problem=found, notes=notes))
    assert in_order(
        text, "BUILD FAILED", "installing failed", "npm install", "there is no lock file"
    )


def test_race_shows_its_figure_around_the_mark() -> None:
    race = reports.drawn()
    assert in_order(screen(race), "what happened", "▶ UPDATE articles SET favorites_count")
    figure = race.results[0].findings[0].figures[0]
    assert isinstance(figure, Timeline)


def test_says_what_could_not_be_asked() -> None:
    text = screen(reports.rejected())
    assert in_order(
        text,
        "is missing: 2 checks (",
        "Could not run here: 1 check (this server stores nothing",
        "Undecided: 1 check, “Close to call”: 1.49 of 2.",
        "Our own error, not the server's: 1 check, “A check of ours”: KeyError: 'x'.",
    )


def test_begins_with_what_could_not_be_asked_of_most_servers_that_run_already() -> None:
    excused = [
        CheckResult(
            reports.check(f"crash-{number}", aspect=Aspect.RESILIENCE),
            Verdict.BLOCKED,
            reason="needs a copy of the server, which Worksample did not start",
            excused=True,
        )
        for number in range(4)
    ]
    passed = CheckResult(reports.check("reads", aspect=Aspect.BEHAVIOUR), Verdict.PASS)
    text = screen(reports.report([passed, *excused]))
    head = " ".join(text.split())[:400]
    assert "Could not be asked: 4 checks (4 of 4 resilience): needs a copy of the server" in head
    assert "Could not run here" not in text


def check(report: Report, name: str) -> str:
    buffer = io.StringIO()
    terminal.show_check(report, name, buffer, width=100)
    return buffer.getvalue()


def test_shows_all_findings_of_one_check() -> None:
    found = [reports.finding(cause=str(n), actual=f"{n} is wrong") for n in range(3)]
    made = reports.check("nul", aspect=Aspect.CONTRACT)
    text = check(reports.report([reports.failed(made, *found)]), "nul")
    assert in_order(text, "Nul", "fail; nul, contract, stage 2", "0 is", "1 is", "2 is wrong")
    assert text.count("why it matters") == 3


def test_shows_why_a_check_has_no_finding() -> None:
    assert "blocked by      an-article-can-be-published" in check(
        reports.rejected(), "the-author-can-edit"
    )
    assert "reason          KeyError: 'x'" in check(reports.rejected(), "a-check-of-ours")
    assert "pass; anyone-can-register" in check(reports.rejected(), "anyone-can-register")
