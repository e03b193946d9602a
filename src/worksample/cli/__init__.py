"""The command line: one module per command, found by its name."""

from __future__ import annotations

import io
import os
import sys
from typing import Protocol, TextIO

import click

import worksample
from worksample import discovery
from worksample.cli._exit_codes import BROKEN_PIPE, INTERNAL, INTERRUPTED, code_of_error
from worksample.errors import WorksampleError
from worksample.messages import message


class CommandModule(Protocol):
    """A module of this package whose name does not begin with `_`."""

    command: click.Command


class Commands(click.Group):
    """The commands of this package; the module of a command is imported on its first use."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands."""
        return sorted(
            module.name.replace("_", "-")
            for module in discovery.modules(__name__)
            if not module.name.startswith("_")
        )

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command called `cmd_name`."""
        if cmd_name not in self.list_commands(ctx):
            return None
        name = cmd_name.replace("-", "_")
        loaded = discovery.load(__name__, name)
        module: CommandModule = discovery.completed(loaded, CommandModule, f"{__name__}.{name}")
        return module.command


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(worksample.__version__, prog_name="worksample")
def program() -> None:
    """Work on a backend challenge, and have your server checked.

    Start with `worksample work`, then `worksample start conduit`.
    """


def main() -> None:
    """Run the program; print every expected error as a message and exit with its code."""
    sys.stdout, sys.stderr = _robust_stream(sys.stdout), _robust_stream(sys.stderr)
    try:
        code = program(standalone_mode=False)
    except (click.exceptions.Abort, KeyboardInterrupt):
        # click turns a Ctrl-C inside a command into an Abort.
        click.echo("Interrupted; nothing was left running.", err=True)
        code = INTERRUPTED
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except WorksampleError as error:
        print_error(error)
        code = code_of_error(type(error))
    except BrokenPipeError:
        # The reader of the output has closed it; without this, Python reports it again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = BROKEN_PIPE
    except Exception as error:
        _print_internal_error(error)
        code = INTERNAL
    sys.exit(code if isinstance(code, int) else 0)


def _robust_stream(stream: TextIO) -> TextIO:
    """Return `stream` as one that writes any text completely.

    Characters that the locale cannot encode are escaped. With PYTHONUNBUFFERED, Python passes a
    text to write(2) once and ignores a short write, so a signal would cut off a long report; the
    returned stream is buffered and repeats the write.
    """
    if not isinstance(stream, io.TextIOWrapper):
        return stream
    if isinstance(stream.buffer, io.RawIOBase):
        buffered = io.BufferedWriter(stream.buffer)
        stream = io.TextIOWrapper(
            buffered, stream.encoding, line_buffering=True, write_through=True
        )
    stream.reconfigure(errors="backslashreplace")
    return stream


def print_error(error: WorksampleError) -> None:
    """Print the message and the hints of `error` to standard error."""
    from worksample.checks.formatting import printable
    from worksample.cli._hints import hints_of

    for line in error.message.splitlines():
        click.echo(printable(line.expandtabs()), err=True)
    for hint in hints_of(error):
        click.echo(f"→ {printable(hint)}", err=True)


def _print_internal_error(error: Exception) -> None:
    """Print that Worksample itself failed, and the file that holds the traceback."""
    import tempfile
    import traceback

    with tempfile.NamedTemporaryFile("w", prefix="worksample-", suffix=".txt", delete=False) as log:
        traceback.print_exception(error, file=log)
    click.echo(
        message(
            "Worksample itself failed: {kind}: {error}", kind=type(error).__name__, error=error
        ),
        err=True,
    )
    click.echo(
        message(
            "→ Please report it with the file {file}. Your files are unchanged.", file=log.name
        ),
        err=True,
    )
