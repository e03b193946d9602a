"""The folders in which a scenario runs: workspace, home and temporary files."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from worksample.sandbox.cache import accessible_to_other_users
from worksample.sandbox.ports import free_port

HERE = Path(__file__).resolve().parent.parent
PROGRAM = str(Path(sys.executable).with_name("worksample"))
SERVICE = HERE / "_service"
LABS = HERE / "_labs" / "experiments.py"
HARNESS_FILES = ("scenario.toml", "expected*.json", "around.py", "__pycache__")
SETTINGS = 'challenge = "counter"\n\n[run]\ncommand = ["@PYTHON@", "server.py"]\n'


@dataclass(slots=True)
class Workdir:
    """The folder of one scenario run, and how `worksample` is called in it.

    A scenario's `around.py` may change `environment` and `arguments` before the call. `user` is
    the user who runs `worksample`; empty for the current one.
    """

    folder: Path
    cache: Path
    environment: dict[str, str] = field(default_factory=dict)
    arguments: list[str] = field(default_factory=list)
    user: str = ""

    @property
    def workspace(self) -> Path:
        """The workspace with the scenario's server."""
        return self.folder / "workspace"

    @property
    def home(self) -> Path:
        """The user's home folder."""
        return self.folder / "home"

    @property
    def temporary(self) -> Path:
        """The folder for temporary files, which must be empty after the run."""
        return self.folder / "tmp"

    def prepare(self, scenario: Path) -> None:
        """Copy the folder of `scenario` into the workspace, with the correct server as a module."""
        for each in (self.folder, self.home, self.temporary):
            each.mkdir(exist_ok=True)
            each.chmod(0o755)
        ignore = shutil.ignore_patterns(*HARNESS_FILES)
        shutil.copytree(scenario, self.workspace, ignore=ignore)
        if (self.workspace / "server.py").is_file():
            for each in SERVICE.glob("*.py"):
                shutil.copyfile(each, self.workspace / each.name)
            self._write_settings()
        self._change_owner()
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

    def _change_owner(self) -> None:
        if ids := self.ids():
            for each in (self.folder, *self.folder.rglob("*")):
                os.chown(each, *ids)

    def user_prefix(self) -> list[str]:
        """Return the words to put before a command so that `user` runs it.

        If Python is installed in folders that only root can read, the user gets the capability to
        read them, and no other.
        """
        if not (ids := self.ids()):
            return []
        argv = [f"--reuid={ids[0]}", f"--regid={ids[1]}", "--clear-groups"]
        if not accessible_to_other_users(Path(sys.executable).resolve()):
            argv += ["--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search"]
        return ["setpriv", *argv]

    def own_cache(self) -> None:
        """Use a cache for this run only instead of the shared one."""
        self.cache = self.folder / "cache"
        self.cache.mkdir(mode=0o755)
        self.environment["WORKSAMPLE_CACHE"] = str(self.cache)

    def add_to_challenge(self, name: str, text: str) -> None:
        """Use a copy of the catalogue whose challenge has a further module of checks."""
        catalogue = self.folder / "catalogue"
        shutil.copytree(HERE / "_catalogue", catalogue)
        (catalogue / "counter" / "checks" / name).write_text(text)
        self.environment["WORKSAMPLE_CHALLENGES"] = str(catalogue)

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run `worksample` in this folder and wait for it."""
        return subprocess.run(
            [PROGRAM, *arguments],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )

    @contextmanager
    def serving(self) -> Iterator[str]:
        """Run the server of the workspace outside of `worksample`; yield its URL."""
        port = free_port()
        environment = {**os.environ, "HOST": "127.0.0.1", "PORT": str(port)}
        argv = [sys.executable, "server.py"]
        with subprocess.Popen(argv, cwd=self.workspace, env=environment) as process:
            try:
                while process.poll() is None and not _is_listening(port):
                    time.sleep(0.02)
                yield f"http://127.0.0.1:{port}"
            finally:
                process.kill()

    def ids(self) -> tuple[int, int] | None:
        """Return uid and gid of `user`; None for the current user."""
        if not self.user:
            return None
        entry = pwd.getpwnam(self.user)
        return entry.pw_uid, entry.pw_gid


def _is_listening(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port)).close()
    except OSError:
        return False
    return True
