"""What changed between two runs, in a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from worksample.checks import Verdict
from worksample.grading import Report
from worksample.messages import message
from worksample.reports.support.changes import Change, ChangeKind, Changes, changes
from worksample.reports.support.formatting import pluralize, stage_label
from worksample.reports.support.remarks import judged_by, same_profile
from worksample.reports.support.tally import verdict_title
from worksample.reports.text.page import Page

_STYLES = {ChangeKind.MENDED: "green", ChangeKind.NEW: "red", ChangeKind.STILL_FAILING: "red"}
_ONCE = (ChangeKind.ONLY_BEFORE, ChangeKind.ONLY_AFTER)


def show_changed_verdicts(page: Page, before: Report, after: Report) -> None:
    """Write the counts, and a line for each check whose verdict is not that of the run before.

    Nothing if the runs have no check in common, or are of two challenges.
    """
    if before.challenge != after.challenge:
        return
    found = changes(before, after)
    if found.differing:
        page.line(_heading(found))
        for change in found.differing:
            page.line(_verdicts(change), indent=2, hang=2)
    elif len(found.only_after) < len(after.results):
        page.line("No verdict changed.")


def show_diff(page: Page, before: Report, after: Report) -> None:
    """Write both runs, the counts, and the checks by how they changed, with stage and title.

    Raises `UserError` if the runs are not of the same challenge.
    """
    found = changes(before, after)
    for report in (before, after):
        page.line(_run(report))
    if before.challenge_version != after.challenge_version:
        page.line("The challenge has another version: the same check may ask something else.")
    if not same_profile(before, after):
        page.line(
            message(
                "The first run was {first}, the second {second}: a remark is no failure.",
                first=judged_by(before),
                second=judged_by(after),
            ),
            hang=2,
        )
    page.line((_counts(found), "bold"))
    for kind, listed in found.by_kind().items():
        if listed and kind in _ONCE:
            _show_asked_once(page, kind, listed)
        elif listed:
            _show_kind(page, kind, listed)


def _heading(found: Changes) -> str:
    count = len(found.differing)
    if not found.summary:
        return message("Changed since the last run ({count}):", count=count)
    return message(
        "Changed since the last run ({count}: {summary}):", count=count, summary=found.summary
    )


def _verdicts(change: Change) -> str:
    """Return "fail → pass: Anyone can register"."""
    return f"{change.before} → {change.after}: {change.check.title}"


def _run(report: Report) -> str:
    selection = str(report.selection) or "all checks"
    return message(
        "{run}  {verdict}, {selection}",
        run=report.run,
        verdict=verdict_title(report).lower(),
        selection=selection if report.results else "no checks were run",
    )


def _counts(found: Changes) -> str:
    counted = message(
        "{mended} mended, {new} new, {failing} still failing",
        mended=len(found.mended),
        new=len(found.new),
        failing=len(found.still_failing),
    )
    if not found.other:
        return counted
    return message("{counted}, {other} otherwise changed", counted=counted, other=len(found.other))


def _show_kind(page: Page, kind: ChangeKind, listed: Sequence[Change]) -> None:
    page.heading(message("{kind} ({count})", kind=kind.capitalize(), count=len(listed)))
    for change in listed:
        words = _verdicts(change) if kind is ChangeKind.OTHER else change.check.title
        _show_check(page, change, words, _STYLES.get(kind, ""))


def _show_asked_once(page: Page, kind: ChangeKind, listed: Sequence[Change]) -> None:
    """Write how many checks only one of the runs asked, and those of them that failed."""
    page.heading(message("{kind} ({count})", kind=kind.capitalize(), count=len(listed)))
    failed = [each for each in listed if Verdict.FAIL in (each.before, each.after)]
    page.line(message("{failed} failed", failed=pluralize(len(failed), "check")), indent=2)
    for change in failed:
        _show_check(page, change, change.check.title, "red")


def _show_check(page: Page, change: Change, words: str, style: str) -> None:
    check = change.check
    label = stage_label(check.stage)
    where = message("  [{aspect}, {id}]", aspect=check.aspect, id=check.id)
    page.field(label, (words, style), (where, "dim"), indent=2, column=10)
