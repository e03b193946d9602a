"""What `replay` does: find the finding, ask again, show then and now."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from worksample.catalogue import load
from worksample.cli._kept import kept_in
from worksample.cli._loop import run_to_the_end
from worksample.errors import UserError
from worksample.grading import Again, Order, Report, Workspace, ask_again, compare
from worksample.probes.http import as_curl, as_http_file
from worksample.reports.progress import follow
from worksample.reports.support.numbering import Numbered, findings_of
from worksample.reports.support.words import check_command


@dataclass(frozen=True, slots=True)
class Kept:
    """A finding of a kept run."""

    workspace: Workspace
    report: Report
    numbered: Numbered


def find(number: str, folder: Path | None, run: str) -> Kept:
    """Return the finding called `number`; raise `UserError` where there is none to ask again."""
    workspace, _ = kept_in("", folder)
    report = workspace.report(run)
    findings = findings_of(report)
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
    return Kept(workspace, report, numbered)


def require_replayable(kept: Kept) -> None:
    """Raise `UserError` where sending the requests again cannot show the finding."""
    if kept.numbered.replayable:
        return
    check = kept.numbered.result.check
    raise UserError(
        f"Sending the requests of finding {kept.numbered.number} again, one after the other, would "
        "not show it: it takes what the check does meanwhile (hold one, cut it off, count the "
        "work behind it).",
        hint=f"Ask the check itself: {check_command(kept.report, check)}",
    )


def printed(kept: Kept, url: str, as_http: bool) -> str:
    """Return the finding's requests as an .http file or as curl commands."""
    base_url = url.rstrip("/") or "http://127.0.0.1:8000"
    form = as_http_file if as_http else as_curl
    return form(kept.numbered.finding.exchanges, base_url)


def ask(kept: Kept, url: str, postgres: str) -> int:
    """Ask the finding again and show what came; return the exit code."""
    from worksample.reports.text.page import page_on
    from worksample.reports.text.replayed import show_replayed

    order = _order(kept, url, postgres)
    exchanges = kept.numbered.finding.exchanges
    with follow(sys.stderr) as progress:
        now = run_to_the_end(ask_again(order, exchanges, progress))
    again = compare(kept.numbered.finding, now)
    show_replayed(page_on(None), kept.report, kept.numbered, now, again)
    return 0 if again is Again.GONE else 1


def _order(kept: Kept, url: str, postgres: str) -> Order:
    if not url and not kept.report.stack and kept.report.base_url:
        raise UserError(
            f"Run {kept.report.run} asked a server that was running already.",
            hint=f"Say where it runs now: --url {kept.report.base_url}",
        )
    return Order(
        challenge=load(kept.report.challenge),
        folder=kept.workspace.folder,
        settings=kept.workspace.settings,
        seed=kept.report.seed,
        url=url,
        postgres=postgres,
    )
