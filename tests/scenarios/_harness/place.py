"""Where a scenario is played: a workspace, a home, and a place for what is temporary."""

from __future__ import annotations

import os
import pwd
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
SERVICE = HERE / "_service" / "counters.py"
NOT_THE_LEARNERS = ("scenario.toml", "expected*.json", "around.py", "__pycache__")
SETTINGS = 'challenge = "counter"\n\n[run]\ncommand = ["@PYTHON@", "server.py"]\n'


@dataclass(slots=True)
class Place:
    """One scenario's own folder, and how `worksample` is called there.

    A scenario's `around.py` may change `environment` and `arguments` before it is called.
    """

    folder: Path
    cache: Path
    environment: dict[str, str] = field(default_factory=dict)
    arguments: list[str] = field(default_factory=list)
    user: str = ""

    @property
    def workspace(self) -> Path:
        """The learner's folder."""
        return self.folder / "workspace"

    @property
    def home(self) -> Path:
        """The home folder of who runs it."""
        return self.folder / "home"

    @property
    def temporary(self) -> Path:
        """The folder for what is temporary; it must be empty afterwards."""
        return self.folder / "tmp"

    def prepare(self, scenario: Path) -> None:
        """Lay out the workspace of `scenario` with the correct server beside it."""
        for each in (self.folder, self.home, self.temporary):
            each.mkdir(exist_ok=True)
            each.chmod(0o755)
        ignore = shutil.ignore_patterns(*NOT_THE_LEARNERS)
        shutil.copytree(scenario, self.workspace, ignore=ignore)
        if (self.workspace / "server.py").is_file():
            shutil.copyfile(SERVICE, self.workspace / "counters.py")
            self._write_settings()
        self._give_away()
        self.environment = {
            "PATH": f"{Path(sys.executable).parent}:{os.defpath}",
            "HOME": str(self.home),
            "TMPDIR": str(self.temporary),
            "WORKSAMPLE_CACHE": str(self.cache),
            "WORKSAMPLE_CHALLENGES": str(HERE / "_catalogue"),
            "LANG": "C.UTF-8",
            **self.environment,
        }

    def _write_settings(self) -> None:
        path = self.workspace / "worksample.toml"
        text = path.read_text() if path.exists() else SETTINGS
        if not (self.workspace / "Procfile").exists() or path.exists():
            path.write_text(text.replace("@PYTHON@", sys.executable))

    def _give_away(self) -> None:
        if ids := self.ids():
            own: Callable[[Path], None] = lambda path: os.chown(path, *ids)  # noqa: E731
            for each in (self.folder, *self.folder.rglob("*")):
                own(each)

    def ids(self) -> tuple[int, int] | None:
        """Return uid and gid of the user who runs it, None for ourselves."""
        if not self.user:
            return None
        entry = pwd.getpwnam(self.user)
        return entry.pw_uid, entry.pw_gid
