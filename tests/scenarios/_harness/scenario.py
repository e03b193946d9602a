"""Read scenarios and run them."""

from __future__ import annotations

import contextlib
import importlib.util
import json
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from tests.scenarios._harness import process_monitor
from tests.scenarios._harness.outcome import Outcome, read_reports
from tests.scenarios._harness.workdir import HERE, LABS, PROGRAM, Workdir

Around = Callable[[Workdir], contextlib.AbstractContextManager[None]]
COMMAND = ("check", "workspace", "--seed", "7")


@dataclass(frozen=True, slots=True)
class Scenario:
    """A scenario as its `scenario.toml` describes it, or one variant of it.

    title: what is special about the server or the run.
    command: replaces the arguments of `worksample`; `arguments` extends them.
    environment: additional environment variables.
    user: the user who runs `worksample` (requires root).
    times: the number of concurrent runs.
    signals: each is sent when stderr has a line that matches `when`, or a process with a command
        line that matches `process` exists.
    says, never_says: sentences that must (or must not) be in the output.
    labs: also run the checks of `_labs/`, which use a copy of the server behind the wire.
    needs_address: skip the scenario if this machine does not have the address.
    records: the parts of the report that are compared; empty for all. For scenarios in which the
        others vary.
    patience: seconds after which the runs are killed.
    """

    folder: Path
    title: str
    variant: str = ""
    command: tuple[str, ...] = COMMAND
    arguments: tuple[str, ...] = ()
    environment: dict[str, str] | None = None
    user: str = ""
    times: int = 1
    signals: tuple[dict[str, str], ...] = ()
    says: tuple[str, ...] = ()
    never_says: tuple[str, ...] = ()
    labs: bool = False
    needs_address: str = ""
    records: tuple[str, ...] = ()
    patience: float = 300.0

    @classmethod
    def read(cls, name: str) -> Scenario:
        """Read the scenario `name`: a folder's name or `folder:variant`."""
        folder, _, variant = name.partition(":")
        table = _table(HERE / folder)
        variants = table.pop("variants", {})
        table |= {"variant": variant, **variants[variant]} if variant else {}
        unknown = set(table) - {each.name for each in fields(cls)}
        if unknown:
            raise ValueError(f"{folder}/scenario.toml has unknown keys: {sorted(unknown)}")
        values: dict[str, Any] = {
            k: tuple(v) if isinstance(v, list) else v for k, v in table.items()
        }
        return cls(HERE / folder, **values)

    @property
    def expected(self) -> Path:
        """The file with the expected result."""
        return self.folder / ".".join(filter(None, ("expected", self.variant, "json")))

    def run(self, folder: Path, cache: Path) -> Outcome:
        """Run the scenario in the new `folder` and return its outcome."""
        workdir = Workdir(folder, cache, dict(self.environment or {}), [], self.user)
        workdir.prepare(self.folder)
        if self.labs:
            workdir.add_to_challenge(LABS.name, LABS.read_text())
        workdir.arguments = [*self.command, *self.arguments]
        with self._around()(workdir):
            before = len(read_reports(workdir.workspace)[0])
            found = self._run_monitored(workdir)
            kept, pages = read_reports(workdir.workspace)
        remaining = {*map(Path, found["places"]), *workdir.temporary.glob("*")}
        folders = sorted(str(each) for each in remaining if not _is_cache(each))
        outcome = Outcome(
            workdir, found["ended"], kept[before:], pages, found["left"], folders, found["memory"]
        )
        for each in folders:
            shutil.rmtree(each, ignore_errors=True)
        return outcome

    def _run_monitored(self, workdir: Workdir) -> dict[str, Any]:
        job = {
            "argv": [*workdir.user_prefix(), PROGRAM, *workdir.arguments],
            "cwd": str(workdir.folder),
            "env": workdir.environment,
            "times": self.times,
            "signals": self.signals,
            "patience": self.patience,
        }
        done = subprocess.run(
            [sys.executable, process_monitor.__file__],
            input=json.dumps(job),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"the process monitor of {self.folder.name} failed: {done.stderr}")
        result: dict[str, Any] = json.loads(done.stdout)
        return result

    def _around(self) -> Around:
        path = self.folder / "around.py"
        if not path.is_file():
            return lambda workdir: contextlib.nullcontext()
        spec = importlib.util.spec_from_file_location(f"around_{self.folder.name}", path)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        around: Around = module.around
        return around


def _is_cache(folder: Path) -> bool:
    return folder.name.startswith("worksample-cache-")


def scenarios() -> list[str]:
    """Return the names of all scenarios; `folder:variant` for those with variants."""
    found: list[str] = []
    for path in sorted(HERE.glob("*/scenario.toml")):
        folder = path.parent
        variants = _table(folder).get("variants", {})
        found += [f"{folder.name}:{each}" for each in variants] or [folder.name]
    return found


def _table(folder: Path) -> dict[str, Any]:
    return tomllib.loads((folder / "scenario.toml").read_text(encoding="utf-8"))
