"""The parts of the report in a terminal before and after the findings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import groupby

from worksample.checks import CheckResult, Verdict
from worksample.grading import Problem, Report, RunVerdict
from worksample.grading.priority import root_blockers
from worksample.messages import message
from worksample.reports.support.formatting import (
    code_place,
    duration,
    lines_of,
    pluralize,
    step_label,
    truncate,
)
from worksample.reports.support.limits import large_limit
from worksample.reports.support.notes import notes_of
from worksample.reports.support.remarks import judged_by
from worksample.reports.support.tally import (
    VERDICT_LABELS,
    VERDICT_ORDER,
    StageState,
    StageTally,
    Tally,
    by_aspect,
    by_stage,
    headline,
    next_stage,
    state_of,
    verdict_title,
)
from worksample.reports.text.page import Page, Part
from worksample.reports.text.stage_line import STAGE_MARKS

STYLES = {
    RunVerdict.ACCEPTED: "bold green",
    RunVerdict.NOTHING_FOUND: "bold green",
    RunVerdict.REJECTED: "bold red",
    RunVerdict.BUILD_FAILED: "bold red",
    RunVerdict.START_FAILED: "bold red",
    RunVerdict.ERROR: "bold yellow",
}
_COLOURS = {Verdict.PASS: "green", Verdict.FAIL: "red", Verdict.ERROR: "yellow"}
_LOG_LINES = 1000
_LIMIT_LINES = 3


def show_verdict(page: Page, report: Report) -> None:
    """Write the verdict in one line."""
    chosen = "" if report.selection.is_everything else f" ({report.selection})"
    page.line(
        (verdict_title(report).upper(), STYLES[report.verdict]),
        f"  {headline(report)}{chosen}",
        hang=2,
    )
    if report.score is not None and report.results:
        page.line((str(report.score), "bold"))
    run = message("{title}, run {run}", title=report.challenge_title, run=report.run)
    page.line((", ".join(filter(None, [run, judged_by(report)])), "dim"))


def show_limit(page: Page, report: Report) -> None:
    """Write what could not be asked of this server, if that is much."""
    if limit := large_limit(report):
        with page.at_most(_LIMIT_LINES):
            page.line(("Could not be asked: ", "bold"), limit, hang=2)


def show_problem(page: Page, problem: Problem) -> None:
    """Write why the server could not be built or started."""
    page.blank_line()
    if place := code_place(problem.log):
        page.field("in your code", (place, "bold red"), indent=2)
    if problem.hint:
        page.field("likely cause", (problem.hint, "bold"), indent=2)
    if problem.command:
        page.field("what was run", problem.command, indent=2)
    for index, (name, value) in enumerate(sorted(problem.environment.items())):
        page.field("" if index else "environment", f"{name}={truncate(value, 200)}", indent=2)
    if problem.log.strip():
        page.field("last output", ("(its last lines)", "dim"), indent=2)
        page.verbatim(lines_of(problem.log, _LOG_LINES), indent=2)
    else:
        page.field("last output", "it printed nothing", indent=2)


def show_blocked(page: Page, report: Report) -> None:
    """Write the blocked checks, grouped by what blocks them."""
    blocked = report.with_verdict(Verdict.BLOCKED)
    if not blocked:
        return
    roots = root_blockers(report.results)
    page.heading(message("Blocked ({count})", count=len(blocked)))
    by_reason: dict[str, list[CheckResult]] = defaultdict(list)
    for result in blocked:
        by_reason[_blocked_reason(result, roots)].append(result)
    for why, results in by_reason.items():
        names = [result.check.title for result in results]
        page.line((f"{why}: ", "bold"), "; ".join(names), indent=2, hang=2)


def show_internal_errors(page: Page, report: Report) -> None:
    """Write the checks with an internal error, and those that stayed undecided."""
    for verdict, title in (
        (
            Verdict.ERROR,
            "Internal errors (they do not count against the server; please report them)",
        ),
        (Verdict.UNDECIDED, "Undecided (too close to call)"),
    ):
        results = report.with_verdict(verdict)
        if results:
            page.heading(title)
        for result in results:
            page.line(
                (result.check.title, "bold"), f": {truncate(result.reason, 400)}", indent=2, hang=2
            )


def show_notes(page: Page, report: Report) -> None:
    """Write the notes: how the server was detected, and how it differs from the contract."""
    notes = notes_of(report)
    if notes:
        page.heading("Notes")
    for note in notes:
        page.line("· ", note, indent=2, hang=2)


def show_counts(page: Page, report: Report) -> None:
    """Write the counts by aspect and by stage, and the next step."""
    if not report.results:
        return
    aspects = by_aspect(report)
    shown = [v for v in VERDICT_ORDER if any(tally.counts[v] for tally in aspects.values())]
    page.heading("By aspect")
    head: list[Part] = ["", *((VERDICT_LABELS[verdict], "dim") for verdict in shown)]
    rows = [[str(name), *_cells(tally, shown)] for name, tally in aspects.items()]
    if not page.table([head, *rows]):
        for name, tally in aspects.items():
            page.line(f"{name}: {tally}", indent=2, hang=2)
    if report.stages:
        page.heading("By stage")
    for stages in _group_unchecked(by_stage(report)):
        page.line(*_stage_line(stages), indent=2, hang=5)
    upcoming = next_stage(report)
    if upcoming is not None:
        page.line(
            message(
                "Next step: stage {number}, {title}.", number=upcoming.number, title=upcoming.title
            ),
            indent=2,
        )


def show_run(page: Page, report: Report) -> None:
    """Write the duration of the run, and how to repeat it."""
    page.blank_line()
    page.line((_duration_text(report), "dim"))
    if report.results:
        page.line(
            (
                message(
                    "Seed {seed}: `{options}` repeats the run.",
                    seed=report.seed,
                    options=report.repeating,
                ),
                "dim",
            )
        )


def _duration_text(report: Report) -> str:
    seconds = duration(report.seconds)
    parts = ", ".join(
        f"{step_label(step)} {duration(spent)}" for step, spent in report.timings.items()
    )
    took = message("{seconds} ({parts})", seconds=seconds, parts=parts) if parts else seconds
    if not report.requests:
        return message("Took {took}.", took=took)
    return message(
        "Took {took}; {requests}.", took=took, requests=pluralize(report.requests, "request")
    )


def _cells(tally: Tally, shown: list[Verdict]) -> list[Part]:
    numbers = [(verdict, tally.counts[verdict]) for verdict in shown]
    return [(str(n), _COLOURS.get(verdict, "") if n else "dim") for verdict, n in numbers]


def _group_unchecked(stages: Sequence[StageTally]) -> list[list[StageTally]]:
    """Return the stages one by one, but adjacent stages without checks as one group."""
    groups = groupby(enumerate(stages), lambda one: one[0] if one[1].tally.total else -1)
    return [[stage for _, stage in members] for _, members in groups]


def _stage_line(stages: Sequence[StageTally]) -> tuple[Part, ...]:
    stage = stages[0]
    if len(stages) > 1:
        return (
            ("· ", "dim"),
            (
                message("{number} to {last}: not run", number=stage.number, last=stages[-1].number),
                "dim",
            ),
        )
    name = f"{stage.number}  {stage.title}"
    if not stage.tally.total:
        return (("· ", "dim"), (message("{name}: not run", name=name), "dim"))
    counted = message("{passed} of {total}", passed=stage.tally.passed, total=stage.tally.total)
    state = state_of(stage)
    if state is StageState.DONE and not stage.tally.all_passed:
        template = "{name}: {counted}, the others could not run here"
        return (("· ", "dim"), message(template, name=name, counted=counted))
    mark, colour = STAGE_MARKS[state]
    return ((f"{mark} ", colour or "dim"), f"{name}: {counted}")


def _blocked_reason(result: CheckResult, roots: Mapping[str, CheckResult]) -> str:
    root = roots.get(result.check.id)
    if root is not None:
        return message("Blocked by “{title}”", title=root.check.title)
    return truncate(result.reason, 200) or message(
        "Blocked by {blocked_by}", blocked_by=result.blocked_by
    )
