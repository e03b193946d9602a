"""Run the checks that fail on the defects of a task, and show how they fail."""

from __future__ import annotations

import sys

import click

from worksample.checks.formatting import printable
from worksample.cli._async_runner import run_interruptible
from worksample.errors import WorksampleError
from worksample.grading import RunRequest
from worksample.grading.kinds import Proving
from worksample.messages import message
from worksample.reports.progress import open_progress
from worksample.reports.text.page import page_for
from worksample.reports.text.proofs import show_proofs


def show_proofs_of(kind: Proving, request: RunRequest) -> None:
    """Run the checks of each defect of the task in the folder of `request`, and show the results.

    Where the server cannot be run, print why: the answers are worth something without a proof.
    """
    try:
        with open_progress(sys.stderr) as progress:
            proofs = run_interruptible(kind.prove(request, progress))
    except WorksampleError as error:
        reason = message("The checks could not be run: {reason}", reason=error.message)
        click.echo(printable(reason), err=True)
        if error.hint:
            click.echo(f"→ {printable(error.hint)}", err=True)
        return
    if proofs:
        page = page_for(None)
        page.heading("Proof", "checks on the server of the pull request")
        show_proofs(page, proofs)
