"""`worksample up`: run what is in a workspace, to try things by hand."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("up")
@click.argument("folder", required=False, metavar="[DIR]", type=click.Path(path_type=Path))
@click.option(
    "--challenge", default="", metavar="ID", help="The challenge, if worksample.toml names none."
)
def command(folder: Path | None, challenge: str) -> None:
    """Run the server in DIR (default: here) with its database, until Ctrl-C.

    Prints the addresses of both, and then what the server logs. It is built as for `check`, the
    database holds what its migrations put there and the data of the task, if it has some, and
    nothing is left afterwards. Where DIR has tests and no server (`--kind test`), it is a correct
    server, to try the tests on.
    """
    from worksample.catalogue import load
    from worksample.cli._async_runner import run_interruptible
    from worksample.cli._running_server import run_brought, run_until_stopped
    from worksample.grading import RunRequest, Workspace
    from worksample.grading.kinds import Filling, Serving, kind_of

    workspace = Workspace.open(folder or Path(), challenge)
    found = load(workspace.challenge)
    kind = kind_of(found, workspace.settings)
    request = RunRequest(found, workspace.folder, workspace.settings, kind=kind.id)
    filling = kind if isinstance(kind, Filling) else None
    try:
        if isinstance(kind, Serving):
            run_interruptible(run_brought(kind, request))
        else:
            run_interruptible(run_until_stopped(request, filling))
    except KeyboardInterrupt:
        click.echo("Stopped; nothing was left running.", err=True)
