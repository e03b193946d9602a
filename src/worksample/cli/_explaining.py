"""What `explain` shows of a check."""

from __future__ import annotations

from pathlib import Path

from worksample.catalogue import Challenge
from worksample.catalogue.proofs import proof_of
from worksample.checks import STAYS_UP, Check
from worksample.cli._hints import hints_of
from worksample.cli._saved_runs import find_workspace
from worksample.errors import MissingAnswers, NoSavedRun, NotAWorkspace, WorkspaceError
from worksample.grading import Report
from worksample.messages import join_and, join_or, message, plural
from worksample.reports.support.numbering import numbered_findings
from worksample.reports.text.findings import show_short
from worksample.reports.text.page import Page
from worksample.skills import load as load_skills


def show_check(page: Page, challenge: Challenge, check: Check) -> None:
    """Write what the check asks and why, with its clause, stage, aspect, operations and skills."""
    stages = {stage.number: stage.title for stage in challenge.stages}
    clause = challenge.clauses.get(check.clause, "")
    page.line((check.title, "bold"))
    fields = (
        ("check", check.id),
        ("challenge", f"{challenge.title} ({challenge.id} {challenge.version})"),
        ("stage", f"{check.stage}  {stages.get(check.stage, '')}"),
        ("aspect", check.aspect.value),
        ("requirement", f"{check.clause}  {clause}".strip() or "every server needs it"),
        ("judged", _judged(challenge, check)),
        ("asked", _how_asked(check)),
        ("operations", _operations(challenge, check)),
        ("why it matters", check.why),
        ("hint", check.hint),
        ("see", check.cites),
        ("skills", _skills(check)),
        ("since", message("version {version} of the challenge", version=check.since)),
    )
    for label, text in fields:
        if text:
            page.field(label, text, indent=2)


def show_proof(page: Page, challenge: Challenge, check: Check) -> None:
    """Write how many mutants the check must kill, and which kinds of defects these have."""
    if check.id == STAYS_UP.id:
        page.field("proven", "by the tests of Worksample itself", indent=2)
        return
    try:
        proof = proof_of(challenge, check.id)
    except MissingAnswers as error:
        page.field("proven", " ".join([error.message, *hints_of(error)]), indent=2)
        return
    counted = [
        message("{count} on {solution}", count=count, solution=solution)
        for solution, count in proof.mutants.items()
        if count
    ]
    if not counted:
        page.field("proven", "not at all: no mutant of the challenge names it", indent=2)
        return
    page.field(
        "proven",
        plural(
            sum(proof.mutants.values()),
            "{count} mutant (a server with one planted defect) must fail it: {counted}",
            "{count} mutants (servers with one planted defect each) must fail it: {counted}",
            counted=join_and(counted),
        ),
        indent=2,
    )
    page.field("defects", ", ".join(proof.defects), indent=2)


def show_failure(page: Page, challenge: Challenge, check: Check, folder: Path) -> None:
    """Write how the check failed in the latest run of the workspace, or which verdict it got.

    Nothing if there is no such run, or if the run did not ask the check.
    """
    try:
        report = find_workspace("", folder)[0].report()
    except (NotAWorkspace, NoSavedRun):
        return
    except WorkspaceError as error:
        page.blank_line()
        page.line(error.message)
        return
    verdicts = {result.check.id: result.verdict for result in report.results}
    if report.challenge != challenge.id or check.id not in verdicts:
        return
    page.heading(message("Run {run}: {verdict}", run=report.run, verdict=verdicts[check.id]))
    _show_finding(page, report, check)


def _show_finding(page: Page, report: Report, check: Check) -> None:
    found = [each for each in numbered_findings(report) if each.result.check.id == check.id]
    for numbered in found[:1]:
        show_short(page, numbered)
        if numbered.replayable:
            again = message("`worksample replay {number}`", number=numbered.number)
            page.field("see it again", again)


def _how_asked(check: Check) -> str:
    if check.id == STAYS_UP.id or check.passive_check is not None:
        return "of every request and response of the run; it sends none of its own"
    if check.lab:
        return "on a copy of your server behind a proxy to its database, which can hold and cut"
    if check.alone:
        return "alone, after the other checks, because it measures or disturbs the server"
    return "by requests, beside other checks"


def _judged(challenge: Challenge, check: Check) -> str:
    """Return by which profiles a rule of the check does not count; empty if all always do."""
    left_out = [each for each in challenge.profiles if each.remarks & set(check.clauses)]
    if not left_out:
        return ""
    named = join_or(f"--spec {each.id}" for each in left_out)
    if all(check.clause in each.remarks for each in left_out):
        return message("a remark, not a failure, with {profiles}", profiles=named)
    rules = {rule for each in left_out for rule in each.remarks & set(check.clauses)}
    return message(
        "what breaks {rules} is a remark, not a failure, with {profiles}",
        rules=join_and(sorted(rules)),
        profiles=named,
    )


def _operations(challenge: Challenge, check: Check) -> str:
    known = {each.id: each for each in challenge.contract.operations} if check.operations else {}
    named = (known[name] for name in check.operations if name in known)
    return ", ".join(f"{each.method} {each.path}" for each in named)


def _skills(check: Check) -> str:
    known = load_skills()
    return ", ".join(known[name].name if name in known else name for name in check.skills)
