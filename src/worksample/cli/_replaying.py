"""What `replay` does: load a finding, send its requests again, compare the responses."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from worksample.catalogue import load
from worksample.cli._async_runner import run_interruptible
from worksample.cli._saved_runs import find_workspace
from worksample.errors import UserError
from worksample.grading import ReplayResult, Report, RunRequest, Workspace, compare, replay_finding
from worksample.grading.archive import opened
from worksample.messages import message
from worksample.probes.http import as_curl, as_http_file
from worksample.reports.progress import open_progress
from worksample.reports.support.formatting import check_command
from worksample.reports.support.numbering import NumberedFinding, numbered_findings
from worksample.stacks import load_settings


@dataclass(frozen=True, slots=True)
class SavedFinding:
    """A finding of a saved run."""

    workspace: Workspace
    report: Report
    numbered: NumberedFinding


def load_finding(number: str, folder: Path | None, run: str) -> SavedFinding:
    """Return finding `number`; raise `UserError` if it does not exist or lacks its requests."""
    workspace, _ = find_workspace("", folder)
    report = workspace.report(run)
    findings = numbered_findings(report)
    if not number.isdigit() or not 1 <= int(number) <= len(findings):
        problem = (
            "Run {run} has no finding {number}; it has 1 to {last}."
            if findings
            else "Run {run} has no finding {number}; nothing failed."
        )
        raise UserError(
            message(problem, run=report.run, number=number, last=len(findings)),
            hint="`worksample report` shows the findings with their numbers.",
        )
    numbered = findings[int(number) - 1]
    if reason := _lacks_requests(numbered):
        command = check_command(report, numbered.result.check)
        raise UserError(
            message(reason, number=number),
            hint=message("Run the check again: {command}", command=command),
        )
    return SavedFinding(workspace, report, numbered)


def _lacks_requests(numbered: NumberedFinding) -> str:
    """Return why the requests of a finding cannot be sent again, as a template; "" if they can."""
    if not numbered.finding.exchanges:
        return "Finding {number} has no requests to send again."
    if numbered.finding.omitted_exchanges:
        return "The report of this run had no room for all requests of finding {number}."
    return ""


def require_replayable(saved: SavedFinding) -> None:
    """Raise `UserError` if sending the requests again cannot reproduce the finding."""
    if saved.numbered.replayable:
        return
    check = saved.numbered.result.check
    raise UserError(
        message(
            "Replaying the requests of finding {number} one after the other "
            "cannot reproduce it: the check also holds a request, cuts a connection "
            "or counts the work.",
            number=saved.numbered.number,
        ),
        hint=message("Run the check again: {command}", command=check_command(saved.report, check)),
    )


def format_requests(saved: SavedFinding, url: str, as_http: bool) -> str:
    """Return the requests of the finding as an .http file or as curl commands."""
    base_url = url.rstrip("/") or "http://127.0.0.1:8000"
    form = as_http_file if as_http else as_curl
    return form(saved.numbered.finding.exchanges, base_url)


def replay(saved: SavedFinding, url: str, service_urls: Mapping[str, str]) -> int:
    """Replay the finding and show both outcomes; return the exit code."""
    from worksample.reports.text.page import page_for
    from worksample.reports.text.replay import show_replay

    exchanges = saved.numbered.finding.exchanges
    with opened(saved.workspace.place) as folder, open_progress(sys.stderr) as progress:
        request = _run_request(saved, folder, url, service_urls)
        now = run_interruptible(replay_finding(request, exchanges, progress))
    result = compare(saved.numbered.finding, now)
    show_replay(page_for(None), saved.report, saved.numbered, now, result)
    return 0 if result is ReplayResult.NOT_REPRODUCED else 1


def _run_request(
    saved: SavedFinding, folder: Path, url: str, service_urls: Mapping[str, str]
) -> RunRequest:
    if not url and not saved.report.stack and saved.report.base_url:
        raise UserError(
            message("Run {run} checked a server that was already running.", run=saved.report.run),
            hint=message("Name its address: --url {base_url}", base_url=saved.report.base_url),
        )
    return RunRequest(
        challenge=load(saved.report.challenge),
        kind=saved.report.kind,
        folder=folder,
        settings=load_settings(folder),
        seed=saved.report.seed,
        url=url,
        service_urls=service_urls,
    )
