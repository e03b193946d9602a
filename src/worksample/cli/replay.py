"""`worksample replay`: send the requests of a finding again."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("replay")
@click.argument("number", required=False, default="1", metavar="[N]")
@click.argument("folder", required=False, metavar="[DIR|ARCHIVE]", type=click.Path(path_type=Path))
@click.option("--run", default="", metavar="ID", help="The run (default: the latest).")
@click.option("--curl", "as_curl", is_flag=True, help="Only print the requests as curl commands.")
@click.option("--http", "as_http", is_flag=True, help="Only print the requests as an .http file.")
@click.option(
    "--url", default="", metavar="URL", help="Send them to a server that is already running."
)
@click.option("--postgres", default="", metavar="URL", help="Use this PostgreSQL server.")
@click.option("--mysql", default="", metavar="URL", help="Use this MySQL or MariaDB server.")
def command(
    number: str,
    folder: Path | None,
    run: str,
    as_curl: bool,
    as_http: bool,
    url: str,
    postgres: str,
    mysql: str,
) -> None:
    """Build and start the server in DIR or ARCHIVE, and send the requests of finding N to it again.

    Shows the outcomes of the run and of the replay. Exits with 0 if the finding is not reproduced,
    and with 1 if it is, or if the requests alone cannot tell. A finding that takes more than its
    requests (a race, a killed server) is not replayed; the command that runs its check is shown
    instead.
    """
    from worksample.cli import _replaying

    if not number.isdigit() and folder is None:
        number, folder = "1", Path(number)
    saved = _replaying.load_finding(number, folder, run)
    if as_curl or as_http:
        click.echo(_replaying.format_requests(saved, url, as_http), nl=False)
        if not saved.numbered.replayable:
            click.echo(
                "Sending these requests one after the other does not reproduce the finding.",
                err=True,
            )
        return
    _replaying.require_replayable(saved)
    given = {"postgres": postgres, "mysql": mysql}
    service_urls = {name: address for name, address in given.items() if address}
    raise SystemExit(_replaying.replay(saved, url, service_urls))
