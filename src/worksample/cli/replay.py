"""`worksample replay`: see a finding again."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("replay")
@click.argument("number", required=False, default="1", metavar="[N]")
@click.argument("folder", required=False, metavar="[DIR]", type=click.Path(path_type=Path))
@click.option("--run", default="", metavar="ID", help="Of this run (default: the latest).")
@click.option("--curl", "as_curl", is_flag=True, help="Only print the requests as curl commands.")
@click.option("--http", "as_http", is_flag=True, help="Only print them as an .http file.")
@click.option("--url", default="", metavar="URL", help="Ask a server that runs already.")
@click.option("--postgres", default="", metavar="URL", help="Use this PostgreSQL server.")
def command(
    number: str,
    folder: Path | None,
    run: str,
    as_curl: bool,
    as_http: bool,
    url: str,
    postgres: str,
) -> None:
    """Send the requests of finding N again, to the server in DIR, built and started afresh.

    Shows what came then and what comes now. Exits with 0 when the finding no longer shows and
    with 1 when it still does, or when these requests alone cannot tell. What needs more than its
    requests (two held against each other, a server killed in between) is not sent again; the
    check that shows it is named instead.
    """
    from worksample.cli import _replaying

    if not number.isdigit() and folder is None:
        number, folder = "1", Path(number)
    saved = _replaying.load_finding(number, folder, run)
    if as_curl or as_http:
        click.echo(_replaying.format_requests(saved, url, as_http), nl=False)
        if not saved.numbered.replayable:
            click.echo("Sent one after the other, these requests do not show it.", err=True)
        return
    _replaying.require_replayable(saved)
    raise SystemExit(_replaying.replay(saved, url, postgres))
