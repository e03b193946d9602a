"""`worksample explain`: what a check asks, why, and how it is proven."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("explain")
@click.argument("check", metavar="CHECK")
@click.argument(
    "folder", required=False, default=".", metavar="[DIR]", type=click.Path(path_type=Path)
)
@click.option("--challenge", default="", metavar="ID", help="The challenge that has the check.")
def command(check: str, folder: Path, challenge: str) -> None:
    """Explain the check with the id CHECK: its clause, what is asked and why, how it is proven.

    If it failed in the latest run of the workspace DIR (default: here), its failure is shown too.
    """
    from worksample.cli._chosen_challenges import chosen_challenges, find_check
    from worksample.cli._explaining import show_check, show_failure, show_proof
    from worksample.reports.text.page import page_for

    found, asked = find_check(check, chosen_challenges(challenge, folder))
    page = page_for(None)
    show_check(page, found, asked)
    show_proof(page, found, asked)
    show_failure(page, found, asked, folder)
