"""A toy command: `worksample untested-clauses CHALLENGE`."""

from __future__ import annotations

import click


@click.command("untested-clauses")
@click.argument("challenge")
def command(challenge: str) -> None:
    """List the clauses of CHALLENGE that no check tests; exit with 1 if there are any."""
    from worksample.catalogue import load

    found = load(challenge)
    untested = sorted(set(found.clauses) - {check.clause for check in found.checks})
    click.echo("\n".join(untested) or "Every clause has a check.")
    raise SystemExit(1 if untested else 0)
