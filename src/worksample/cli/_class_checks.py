"""`check DIR... --csv FILE`: judge many folders one after the other, for a teacher with a class."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO

import click

from worksample.catalogue import load
from worksample.checks.formatting import printable
from worksample.cli._checking import CheckOptions, OutputOptions, grade_and_save, write_reports
from worksample.cli._chosen_challenges import require_stage
from worksample.cli._paths import display_path
from worksample.errors import UserError, WorksampleError
from worksample.grading import RunVerdict, profile_called
from worksample.messages import message
from worksample.reports.support.standing import Standing, standing_of
from worksample.reports.text.page import Page, page_for

NOT_CHECKED = "not checked"
_COLUMNS = (
    "folder",
    "verdict",
    "highest stage done",
    "passed",
    "failed",
    "blocked",
    "first cause",
    "report",
)
#: How a spreadsheet recognises a formula: cells hold text of the learners and their servers.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Row:
    """A folder with its standing, and the file of its report (empty if none was written)."""

    folder: str
    standing: Standing
    report: str = ""

    @property
    def accepted(self) -> bool:
        """Whether the submission is accepted, or a budget did not suffice to find anything."""
        return self.standing.verdict in (RunVerdict.ACCEPTED, RunVerdict.NOTHING_FOUND)

    def cells(self) -> list[str]:
        """Return the texts of the columns."""
        found = self.standing
        counts = (found.stage, found.passed, found.failed, found.blocked)
        numbers = [""] * 4 if found.verdict == NOT_CHECKED else list(map(str, counts))
        return [self.folder, found.verdict, *numbers, found.first_cause, self.report]


def check_folders(
    folders: Sequence[Path], options: CheckOptions, output: OutputOptions, file: Path | None
) -> bool:
    """Check `folders` with these options; print a table; return whether all are accepted.

    Each run is saved in its folder. With `file`, a row is added to it as soon as a folder is
    judged. Raises `UserError` if `file` cannot be written, or if the challenge, the stage or the
    checks that the options name do not exist.
    """
    if options.challenge:
        challenge = load(options.challenge)
        require_stage([challenge], options.stage)
        options.selection.choose(challenge.checks)
        if options.spec:
            profile_called(challenge, options.spec)
    rows = []
    with _table_file(file) as add:
        for number, folder in enumerate(folders, start=1):
            click.echo(_heading(folder, number, len(folders)), err=True)
            rows.append(_check(replace(options, folder=folder, of_class=True), output))
            add(rows[-1])
    _show(page_for(None), rows)
    return all(row.accepted for row in rows)


def _heading(folder: Path, number: int, count: int) -> str:
    return message(
        "{folder} ({number} of {count})",
        folder=printable(display_path(folder)),
        number=number,
        count=count,
    )


def _check(options: CheckOptions, output: OutputOptions) -> Row:
    """Check one folder; return its row, which says why if the folder cannot be checked."""
    shown = display_path(options.folder)
    try:
        _, report, run_folder = grade_and_save(options)
        files = [path for _, path in write_reports(report, run_folder, output)]
    except (WorksampleError, OSError) as error:
        reason = error.message if isinstance(error, WorksampleError) else str(error)
        return Row(shown, Standing(NOT_CHECKED, 0, 0, 0, 0, reason))
    if run_folder is not None:
        files.append(run_folder / "report.json")
    return Row(shown, standing_of(report), display_path(files[0]) if files else "")


@contextmanager
def _table_file(path: Path | None) -> Iterator[Callable[[Row], None]]:
    """Return what adds a row to the CSV file `path`, after writing its head; None: to nothing."""
    if path is None:
        yield lambda row: None
        return
    try:
        file = path.open("w", encoding="utf-8", newline="")
    except OSError as error:
        raise UserError(
            message("{path} cannot be written: {reason}.", path=path, reason=error.strerror),
            hint="Name a file in a folder that you can write to.",
        ) from error
    with file:
        _write(file, _COLUMNS)
        yield lambda row: _write(file, row.cells())
    click.echo(message("Table: {path}", path=display_path(path)), err=True)


def _write(file: IO[str], cells: Sequence[str]) -> None:
    """Write a row at once, so that an interrupted command leaves what is known."""
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow(map(_safe, cells))
    file.write(line.getvalue())
    file.flush()


def _safe(cell: str) -> str:
    """Return untrusted text as one line that no spreadsheet takes for a formula."""
    text = printable(cell.encode("utf-8", "backslashreplace").decode()).strip()
    return f"'{text}" if text.startswith(_FORMULA) else text


def _show(page: Page, rows: Sequence[Row]) -> None:
    """Write the table, then the first cause of each folder that is not accepted."""
    head = ["folder", "verdict", "stage done", "passed", "failed", "blocked"]
    table = [row.cells()[: len(head)] for row in rows]
    if not page.table([head, *table], indent=0):
        for cells in table:
            page.line("  ".join(filter(None, cells)), hang=2)
    open_rows = [row for row in rows if not row.accepted]
    if open_rows:
        page.heading("To fix first")
    for row in open_rows:
        page.line((row.folder, "bold"), f": {row.standing.first_cause}", indent=2, hang=2)
