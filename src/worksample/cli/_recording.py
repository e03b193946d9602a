"""Where `check --record [FILE]` puts the recording of a run."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import click

from worksample.cli._paths import display_path
from worksample.messages import message

#: What stands for a file beside the report.
BESIDE = Path()
NAME = "exchanges.jsonl.gz"


@dataclass(frozen=True, slots=True)
class PlannedRecording:
    """The file to record to; `path` is None if nothing is recorded.

    If it is `beside` the report, it is moved there when the run is saved.
    """

    path: Path | None
    beside: bool = False

    def keep(self, run_folder: Path | None) -> None:
        """Say where the recording is, after moving it to the folder of the run if it belongs there.

        Without a folder, because the run could not be saved, the recording is lost.
        """
        path = self.path
        if path is None or not path.exists():
            return
        if self.beside:
            if run_folder is None:
                click.echo("The recording was not kept: name a FILE for it.", err=True)
                return
            path = Path(shutil.move(path, run_folder / NAME))
        click.echo(message("Recording: {path}", path=display_path(path)), err=True)


def require_file(asked: Path | None) -> Path | None:
    """Return the file that `--record FILE` names; raise `UsageError` if it is a folder."""
    if asked is None or asked == BESIDE:
        return None
    if asked.is_dir():
        wrong = "--record {path}: this is a folder. Name the folder to check before --record."
        raise click.UsageError(message(wrong, path=asked))
    return asked


@contextmanager
def recorded(asked: Path | None) -> Iterator[PlannedRecording]:
    """Return where to record, for what `--record` asks (`BESIDE`, a file, or None)."""
    if asked != BESIDE:
        yield PlannedRecording(asked)
        return
    with tempfile.TemporaryDirectory(prefix="worksample-recording-") as folder:
        yield PlannedRecording(Path(folder) / NAME, beside=True)
