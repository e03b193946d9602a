"""`worksample archive`: pack a workspace into one file."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("archive")
@click.argument("folder", required=False, metavar="[DIR]", type=click.Path(path_type=Path))
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where to write it (default: in `.worksample`).",
)
def command(folder: Path | None, out: Path | None) -> None:
    """Pack the workspace in DIR (default: here) into one file, as `worksample check` takes it.

    The same files give the same archive, and an archive has the digest of its folder. What a build
    would not copy (runs, version control, installed packages) is left out.
    """
    from worksample.cli._paths import display_path
    from worksample.cli._saved_runs import write
    from worksample.errors import UserError
    from worksample.grading import Workspace
    from worksample.grading.archive import SUFFIX, pack
    from worksample.messages import message
    from worksample.stacks.copying import digest_of_folder

    workspace = Workspace.open(folder or Path())
    if out is not None and out.resolve().is_relative_to(workspace.folder):
        raise UserError(
            message("{out} lies in the workspace: the next archive would contain it.", out=out),
            hint="Name a file outside of it.",
        )
    digest = digest_of_folder(workspace.folder)
    packed = pack(workspace.folder)
    try:
        path = out or workspace.state_folder() / f"{workspace.folder.name}{SUFFIX}"
    except OSError as error:
        raise UserError(
            message(
                "{folder} cannot be written to: {reason}.",
                folder=workspace.folder,
                reason=error.strerror,
            ),
            hint="Name a file outside of it: `--out FILE`.",
        ) from None
    write(packed, path)
    click.echo(
        message(
            "{path}: {size} bytes, {digest}",
            path=display_path(path),
            size=len(packed),
            digest=digest,
        )
    )
