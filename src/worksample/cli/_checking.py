"""What `check` does: grade a submission, save the report and show it."""

from __future__ import annotations

import os
import secrets
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from worksample.catalogue import load
from worksample.cli._async_runner import run_interruptible
from worksample.cli._chosen_challenges import require_stage
from worksample.cli._paths import display_path
from worksample.cli._recording import recorded
from worksample.cli._report_outputs import ReportOutput, file_beside
from worksample.cli._saved_runs import run_before
from worksample.errors import UserError
from worksample.grading import Report, RunRequest, Selection, Workspace, grade, profile_of
from worksample.grading.archive import opened
from worksample.grading.kinds import kind_of
from worksample.messages import message
from worksample.reports.progress import open_progress

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class CheckOptions:
    """The options that say what to grade; an empty value means the default."""

    folder: Path
    challenge: str = ""
    stage: int = 0
    budget: float = 0.0
    spec: str = ""
    only: str = ""
    seed: int = 0
    shuffle: int | None = None
    url: str = ""
    postgres: str = ""
    mysql: str = ""
    recording: Path | None = None
    of_class: bool = False

    @property
    def is_selection(self) -> bool:
        """Whether a part of the checks was asked for, or a server that Worksample did not start."""
        return bool(self.stage or self.budget or self.only or self.url)

    @property
    def selection(self) -> Selection:
        """Which checks are asked."""
        return Selection(self.stage, self.only_names, self.budget)

    @property
    def only_names(self) -> tuple[str, ...]:
        """The aspects and checks that `only` names."""
        return tuple(filter(None, (name.strip() for name in self.only.split(","))))

    @property
    def service_urls(self) -> dict[str, str]:
        """The addresses of services that run already, by their names."""
        given = {"postgres": self.postgres, "mysql": self.mysql}
        return {name: url for name, url in given.items() if url}

    @property
    def archive(self) -> Path | None:
        """`folder`, if it is an archive, as `worksample archive` writes it."""
        return self.folder if self.folder.is_file() else None

    def request(self, folder: Path) -> tuple[Workspace, RunRequest]:
        """Return the workspace and the run request, read from `folder` as it is now.

        `folder` is the one of these options, or what their archive contains.

        Raises `UserError` if the folder is not a workspace, or if there is no such challenge, or no
        such stage or profile of it.
        """
        workspace = Workspace.open(folder, self.challenge, archive=self.archive)
        challenge = load(workspace.challenge)
        require_stage([challenge], self.stage)
        request = RunRequest(
            challenge=challenge,
            kind=kind_of(challenge, workspace.settings).id,
            folder=workspace.folder,
            settings=workspace.settings,
            selection=self.selection,
            seed=self.seed,
            shuffle=self.shuffle,
            url=self.url,
            profile=profile_of(challenge, workspace.settings, self.spec),
            spec=self.spec,
            service_urls=self.service_urls,
            handed_in=self.of_class or self.archive is not None,
        )
        return workspace, request


@dataclass(frozen=True, slots=True)
class OutputOptions:
    """The options that say where to write the report, and how to show it."""

    reports: tuple[ReportOutput, ...] = ()
    no_html: bool = False
    full: bool = False

    @property
    def is_printed(self) -> bool:
        """Whether one of the reports is printed, in place of the one for people."""
        return any(each.path is None for each in self.reports)

    def require_writable_paths(self, *further: Path | None) -> None:
        """Raise `UserError` before the run for a file that could not be written after it.

        `further` are files beside the reports, None for one that is not asked for.
        """
        for path in filter(None, (*(each.path for each in self.reports), *further)):
            if not os.access(path.parent, os.W_OK | os.X_OK):
                raise UserError(
                    message(
                        "{path} cannot be written: {folder} is not a folder, or not writable.",
                        path=path,
                        folder=path.parent,
                    ),
                    hint="Name a file in an existing folder.",
                )


def new_seed() -> int:
    """Return a random seed."""
    return secrets.randbelow(1_000_000)


def check_once(options: CheckOptions, output: OutputOptions) -> Report:
    """Grade once; save the report (an archive's beside it), show it, and return it."""
    workspace, report, run_folder = grade_and_save(options)
    paths = write_reports(report, run_folder, output)
    for each in output.reports:
        if each.path is None:
            each.write(report)
    if not output.is_printed:
        from worksample.reports import terminal

        terminal.show(report, before=run_before(workspace, report.run), full=output.full)
    if run_folder is None:
        click.echo(_not_saved(workspace), err=True)
    elif options.archive is not None:
        click.echo(_saved_beside(options.archive, run_folder), err=True)
    _print_paths(paths)
    return report


def grade_and_save(options: CheckOptions) -> tuple[Workspace, Report, Path | None]:
    """Grade once; return the workspace, the report, and the folder where the run was saved.

    That is None if it could not be saved. Raises `WorksampleError` if there is nothing to grade,
    or if this machine lacks what the run needs.
    """
    with opened(options.folder) as folder, recorded(options.recording) as recording:
        workspace, request = options.request(folder)
        request = replace(request, recording=recording.path)
        with open_progress(sys.stderr) as progress:
            report = run_interruptible(grade(request, progress))
        run_folder = workspace.save(report)
        recording.keep(run_folder)
        return workspace, report, run_folder


def _not_saved(workspace: Workspace) -> str:
    folder = workspace.archive.parent if workspace.archive else workspace.folder
    return message("{folder} is not writable: this run was not saved.", folder=folder)


def _saved_beside(archive: Path, run_folder: Path) -> str:
    return message(
        "The run is saved in {folder}; `worksample report {archive}` shows it again.",
        folder=display_path(run_folder),
        archive=display_path(archive),
    )


def write_reports(
    report: Report, run_folder: Path | None, output: OutputOptions
) -> list[tuple[str, Path]]:
    """Write the requested files; return the title of the form and the path of each."""
    page = [file_beside(run_folder, "html")] if run_folder and not output.no_html else []
    files = [*page, *(each for each in output.reports if each.path is not None)]
    return [(each.title, path) for each in files if (path := each.write(report))]


def _print_paths(paths: Sequence[tuple[str, Path]]) -> None:
    for title, path in paths:
        line = message("{form} report: {path}", form=title, path=display_path(path))
        click.echo(line, err=True)
