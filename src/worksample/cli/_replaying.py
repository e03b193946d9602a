"""What `replay` does: find the finding, ask again, show then and now."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from worksample.catalogue import load
from worksample.cli._async_runner import run_interruptible
from worksample.cli._saved_runs import find_workspace
from worksample.errors import UserError
from worksample.grading import ReplayResult, Report, RunRequest, Workspace, compare, replay_finding
from worksample.probes.http import as_curl, as_http_file
from worksample.reports.progress import open_progress
from worksample.reports.support.formatting import check_command
from worksample.reports.support.numbering import NumberedFinding, numbered_findings


@dataclass(frozen=True, slots=True)
class SavedFinding:
    """A finding of a kept run."""

    workspace: Workspace
    report: Report
    numbered: NumberedFinding


def load_finding(number: str, folder: Path | None, run: str) -> SavedFinding:
    """Return the finding called `number`; raise `UserError` where there is none to ask again."""
    workspace, _ = find_workspace("", folder)
    report = workspace.report(run)
    findings = numbered_findings(report)
    if not number.isdigit() or not 1 <= int(number) <= len(findings):
        there = f"1 to {len(findings)}" if findings else "none: nothing failed"
        raise UserError(
            f"Run {report.run} has no finding {number}; there is {there}.",
            hint="`worksample report` shows them with their numbers.",
        )
    numbered = findings[int(number) - 1]
    if not numbered.finding.exchanges:
        raise UserError(
            f"Finding {number} has no requests of its own to send again.",
            hint=f"Ask the check itself: {check_command(report, numbered.result.check)}",
        )
    return SavedFinding(workspace, report, numbered)


def require_replayable(saved: SavedFinding) -> None:
    """Raise `UserError` where sending the requests again cannot show the finding."""
    if saved.numbered.replayable:
        return
    check = saved.numbered.result.check
    raise UserError(
        f"Sending the requests of finding {saved.numbered.number} again, one after the other, would "
        "not show it: it takes what the check does meanwhile (hold one, cut it off, count the "
        "work behind it).",
        hint=f"Ask the check itself: {check_command(saved.report, check)}",
    )


def format_requests(saved: SavedFinding, url: str, as_http: bool) -> str:
    """Return the finding's requests as an .http file or as curl commands."""
    base_url = url.rstrip("/") or "http://127.0.0.1:8000"
    form = as_http_file if as_http else as_curl
    return form(saved.numbered.finding.exchanges, base_url)


def replay(saved: SavedFinding, url: str, postgres: str) -> int:
    """Ask the finding again and show what came; return the exit code."""
    from worksample.reports.text.page import page_for
    from worksample.reports.text.replay import show_replay

    request = _run_request(saved, url, postgres)
    exchanges = saved.numbered.finding.exchanges
    with open_progress(sys.stderr) as progress:
        now = run_interruptible(replay_finding(request, exchanges, progress))
    result = compare(saved.numbered.finding, now)
    show_replay(page_for(None), saved.report, saved.numbered, now, result)
    return 0 if result is ReplayResult.NOT_REPRODUCED else 1


def _run_request(saved: SavedFinding, url: str, postgres: str) -> RunRequest:
    if not url and not saved.report.stack and saved.report.base_url:
        raise UserError(
            f"Run {saved.report.run} asked a server that was running already.",
            hint=f"Say where it runs now: --url {saved.report.base_url}",
        )
    return RunRequest(
        challenge=load(saved.report.challenge),
        folder=saved.workspace.folder,
        settings=saved.workspace.settings,
        seed=saved.report.seed,
        url=url,
        postgres=postgres,
    )
