"""A workspace: the learner's folder or an archive of it, and its saved runs."""

from __future__ import annotations

import secrets
import shutil
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from worksample.errors import NoSavedRun, NotAWorkspace, WorkspaceError
from worksample.grading import codec
from worksample.grading.archive import SUFFIX
from worksample.grading.report import Report
from worksample.messages import message
from worksample.stacks import Settings, load_settings

STATE_FOLDER = ".worksample"
_MAX_RUNS = 50


@dataclass(frozen=True, slots=True)
class Workspace:
    """A folder with its settings; `challenge` is the id of the challenge that it answers.

    If `archive` is set, it was unpacked to the folder, and runs are saved beside it.
    """

    folder: Path
    settings: Settings
    challenge: str
    archive: Path | None = None

    @classmethod
    def open(cls, folder: Path, challenge: str = "", *, archive: Path | None = None) -> Workspace:
        """Open `folder`, or the nearest one above it that has a worksample.toml.

        With `archive`, only what it was unpacked to is looked at: `folder` itself.
        `challenge` replaces the one in worksample.toml. Raises `NotAWorkspace` if the folder does
        not exist, or if nothing says which challenge it answers.
        """
        if not folder.is_dir():
            raise NotAWorkspace(message("There is no folder {folder}.", folder=folder))
        above = None if archive else _root(folder.resolve())
        root = above or folder.resolve()
        settings = load_settings(root)
        named = challenge or settings.challenge
        if not named:
            raise NotAWorkspace(
                message(
                    "{folder} is not a workspace: no worksample.toml says which challenge it "
                    "answers.",
                    folder=folder,
                ),
                hint='Write `challenge = "conduit"` into worksample.toml.',
            )
        return cls(root, settings, named, archive)

    @classmethod
    def of_archive(cls, archive: Path) -> Workspace:
        """Return the workspace of an archive that is not unpacked, to look at its saved runs."""
        return cls(archive.parent, Settings(), "", archive)

    @property
    def place(self) -> Path:
        """What was checked: the archive, or the folder."""
        return self.archive or self.folder

    @property
    def runs_folder(self) -> Path:
        """The folder of the saved runs: `mine.runs` beside an archive `mine.tar.gz`."""
        if self.archive is not None:
            return self.archive.with_name(f"{self.archive.name.removesuffix(SUFFIX)}.runs")
        return self.folder / STATE_FOLDER / "runs"

    def state_folder(self) -> Path:
        """Return the folder of what Worksample keeps here, after making it; git ignores it.

        Raises OSError if the workspace is read-only.
        """
        return _state_folder(self.folder)

    def runs(self) -> list[str]:
        """Return the ids of the saved runs, oldest first."""
        found = self.runs_folder.glob("*/report.json")
        return sorted(path.parent.name for path in found)

    def save(self, report: Report) -> Path | None:
        """Save `report`; return its folder, or None if it cannot be written.

        Deletes the oldest runs when there are more than fifty.
        """
        try:
            if self.archive is None:
                self.state_folder()
            folder = _store(self.runs_folder, report)
        except OSError:
            return None
        for old in self.runs()[:-_MAX_RUNS]:
            shutil.rmtree(self.runs_folder / old, ignore_errors=True)
        return folder

    def report(self, run: str = "") -> Report:
        """Return the saved report of `run` (an id or its beginning), or the latest one.

        Raises `WorkspaceError` if there is none, or if it cannot be read.
        """
        runs = self.runs()
        if not runs:
            raise NoSavedRun(message("There is no run in {folder} yet.", folder=self.place))
        matching = [name for name in runs if name.startswith(run)]
        if run and len(matching) != 1:
            problem = (
                "{run} matches several runs of {folder}."
                if matching
                else "{run} is not a run of {folder}."
            )
            raise WorkspaceError(
                message(problem, run=repr(run), folder=self.place),
                hint=message("The latest runs are: {runs}.", runs=", ".join(runs[-8:])),
            )
        return codec.read(self.runs_folder / matching[-1] / "report.json")


def new_run_id(now: datetime | None = None) -> str:
    """Return an id that sorts by time: `20261123-184212-3fa9`."""
    moment = now or datetime.now(UTC)
    return f"{moment:%Y%m%d-%H%M%S}-{secrets.token_hex(2)}"


def _root(folder: Path) -> Path | None:
    for candidate in (folder, *folder.parents):
        if (candidate / "worksample.toml").is_file():
            return candidate
    return None


def _state_folder(workspace: Path) -> Path:
    folder = workspace / STATE_FOLDER
    folder.mkdir(exist_ok=True)
    ignore = folder / ".gitignore"
    if not ignore.exists():
        ignore.write_text("*\n", encoding="utf-8")
    return folder


def _store(runs: Path, report: Report) -> Path:
    """Write the report to a temporary folder and rename it, so that a run is never half saved."""
    runs.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=runs, prefix="writing-") as place:
        made = Path(place) / report.run
        made.mkdir()
        (made / "report.json").write_bytes(codec.encode(report))
        made.replace(runs / report.run)
    return runs / report.run
