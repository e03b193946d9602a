"""The command line: one file a command, found here by its name."""

from __future__ import annotations

import importlib
import io
import os
import pkgutil
import sys
from pathlib import Path
from typing import TextIO

import click

import worksample
from worksample.errors import WorksampleError


class Commands(click.Group):
    """The commands of this folder; a module is only imported when its command is used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands."""
        return sorted(
            module.name.replace("_", "-")
            for module in pkgutil.iter_modules([str(Path(__file__).parent)])
            if not module.name.startswith("_")
        )

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command called `cmd_name`."""
        if cmd_name not in self.list_commands(ctx):
            return None
        module = importlib.import_module(f"worksample.cli.{cmd_name.replace('-', '_')}")
        command: click.Command = module.command
        return command


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(worksample.__version__, prog_name="worksample")
def program() -> None:
    """Do a backend job before you have it, and prove it.

    Begin with `worksample challenges`, then `worksample start conduit`.
    """


def main() -> None:
    """Run the program; every error that we know ends in a message and its exit code."""
    sys.stdout, sys.stderr = _robust_stream(sys.stdout), _robust_stream(sys.stderr)
    try:
        code = program(standalone_mode=False)
    except (click.exceptions.Abort, KeyboardInterrupt):
        # click turns a Ctrl-C inside of a command into an Abort.
        click.echo("Interrupted; nothing was left running.", err=True)
        code = 130
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except WorksampleError as error:
        print_error(error)
        code = error.exit_code
    except BrokenPipeError:
        # Whoever read our output has seen enough; Python would complain once more at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 141
    except Exception as error:
        _print_internal_error(error)
        code = 4
    sys.exit(code if isinstance(code, int) else 0)


def _robust_stream(stream: TextIO) -> TextIO:
    """Return `stream` as one that writes everything, whatever it is given.

    A sign that the locale cannot write is escaped: it must not hide what is said with it. And
    with PYTHONUNBUFFERED Python hands everything to the system once and never looks how much of
    it was taken: a signal in the middle of a long report would cut it off.
    """
    if not isinstance(stream, io.TextIOWrapper):
        return stream
    if isinstance(stream.buffer, io.RawIOBase):
        whole = io.BufferedWriter(stream.buffer)
        stream = io.TextIOWrapper(whole, stream.encoding, line_buffering=True, write_through=True)
    stream.reconfigure(errors="backslashreplace")
    return stream


def print_error(error: WorksampleError) -> None:
    """Print what an error says, and its hint, to standard error."""
    from worksample.checks.formatting import printable

    for line in error.message.splitlines():
        click.echo(printable(line.expandtabs()), err=True)
    if error.hint:
        click.echo(f"→ {printable(error.hint)}", err=True)


def _print_internal_error(error: Exception) -> None:
    """Say that it is our fault, and where the traceback lies."""
    import tempfile
    import traceback

    with tempfile.NamedTemporaryFile(
        "w", prefix="worksample-", suffix=".txt", delete=False
    ) as kept:
        traceback.print_exception(error, file=kept)
    click.echo(f"This is a fault of Worksample itself: {type(error).__name__}: {error}", err=True)
    click.echo(f"→ Please report it with the file {kept.name}. Your work is untouched.", err=True)
