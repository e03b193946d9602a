"""A workspace: the learner's folder, and the runs that are kept in its `.worksample/`."""

from __future__ import annotations

import secrets
import shutil
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from worksample.errors import WorkspaceError
from worksample.grading import codec
from worksample.grading.report import Report
from worksample.stacks import Settings, load_settings

STATE_FOLDER = ".worksample"
_MAX_RUNS = 50


@dataclass(frozen=True, slots=True)
class Workspace:
    """A folder with its settings; `challenge` is the id of what is worked on there."""

    folder: Path
    settings: Settings
    challenge: str

    @classmethod
    def open(cls, folder: Path, challenge: str = "") -> Workspace:
        """Open `folder`, or the nearest folder above it that has a worksample.toml.

        `challenge` stands in for a worksample.toml that names none. Raises `WorkspaceError` when
        the folder is missing, or when nothing says which challenge it answers.
        """
        if not folder.is_dir():
            raise WorkspaceError(
                f"There is no folder {folder}.",
                hint="`worksample start conduit DIR` makes a workspace.",
            )
        root = _root(folder.resolve()) or folder.resolve()
        settings = load_settings(root)
        named = challenge or settings.challenge
        if not named:
            raise WorkspaceError(
                f"{folder} is not a workspace: no worksample.toml says which challenge it answers.",
                hint="Say `worksample check --challenge conduit`, or write "
                '`challenge = "conduit"` into worksample.toml. To begin anew: `worksample start`.',
            )
        return cls(root, settings, named)

    @property
    def runs_folder(self) -> Path:
        """Where runs are kept."""
        return self.folder / STATE_FOLDER / "runs"

    def runs(self) -> list[str]:
        """Return the ids of the kept runs, oldest first."""
        found = self.runs_folder.glob("*/report.json")
        return sorted(path.parent.name for path in found)

    def save(self, report: Report) -> Path | None:
        """Store `report`; return its folder, or None where nothing may be written.

        The oldest runs go when there are more than fifty.
        """
        try:
            folder = _store(self.runs_folder, report)
        except OSError:
            return None
        for old in self.runs()[:-_MAX_RUNS]:
            shutil.rmtree(self.runs_folder / old, ignore_errors=True)
        return folder

    def report(self, run: str = "") -> Report:
        """Return the kept report of `run` (a whole id or its beginning), or the latest.

        Raises `WorkspaceError` when there is none, or when it cannot be read.
        """
        runs = self.runs()
        if not runs:
            raise WorkspaceError(
                f"There is no run in {self.folder} yet.", hint="Run `worksample check` first."
            )
        matching = [name for name in runs if name.startswith(run)]
        if run and len(matching) != 1:
            problem = "is not a run" if not matching else "could be several runs"
            raise WorkspaceError(
                f"{run!r} {problem} of {self.folder}.",
                hint="There are: " + ", ".join(runs[-8:]) + ".",
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


def _store(runs: Path, report: Report) -> Path:
    """Write the report beside its place and move it there, so that it is whole or not there."""
    runs.mkdir(parents=True, exist_ok=True)
    ignore = runs.parent / ".gitignore"
    if not ignore.exists():
        ignore.write_text("*\n", encoding="utf-8")
    with tempfile.TemporaryDirectory(dir=runs.parent, prefix="writing-") as place:
        made = Path(place) / report.run
        made.mkdir()
        (made / "report.json").write_bytes(codec.encode(report))
        made.replace(runs / report.run)
    return runs / report.run
