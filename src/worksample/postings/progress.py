"""Compare a saved plan with the reports in the learner's workspaces."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

State = Literal["evidenced", "in work", "open"]

_RUNS = Path(".worksample") / "runs"
_SKIPPED_FOLDERS = frozenset(
    ("node_modules", "venv", "__pycache__", "target", "build", "dist", "site-packages")
)
_MAX_DEPTH = 4
_MAX_FOLDERS = 5000


@dataclass(frozen=True, slots=True)
class Run:
    """The summary of one report: `when` is ISO 8601; `passed` of `checks` checks passed."""

    workspace: Path
    challenge: str
    kind: str
    stack: str
    verdict: str
    when: str
    passed: int
    checks: int


@dataclass(frozen=True, slots=True)
class Progress:
    """A step of the plan with its state and its runs, the latest first."""

    step: Mapping[str, Any]
    state: State
    runs: tuple[Run, ...]


def plan_progress(plan: Mapping[str, Any], runs: Sequence[Run]) -> list[Progress]:
    """Return the state of each step of the plan.

    A step is "evidenced" if a run of all checks was accepted, "in work" if there is any run, and
    "open" otherwise.
    """
    found = []
    for step in plan.get("steps", ()):
        own = [r for r in runs if (r.challenge, r.kind) == (step["challenge"], step["kind"])]
        own.sort(key=lambda run: run.when, reverse=True)
        accepted = any(run.verdict == "accepted" for run in own)
        state: State = "evidenced" if accepted else "in work" if own else "open"
        found.append(Progress(step, state, tuple(own)))
    return found


def find_runs(folder: Path) -> tuple[list[Run], list[str]]:
    """Return (the runs of all workspaces in and below `folder`, a message per broken report)."""
    runs, broken = [], []
    for workspace in _workspaces(folder):
        for path in sorted((workspace / _RUNS).glob("*/report.json")):
            try:
                runs.append(_run(workspace, json.loads(path.read_bytes())))
            except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
                broken.append(
                    f"{path} was skipped: invalid report: {type(error).__name__}: {error}"
                )
    return [run for run in runs if run is not None], broken


def _run(workspace: Path, data: Mapping[str, Any]) -> Run | None:
    if data.get("selection"):
        return None  # a run of selected checks is not evidence for the whole step
    verdicts = [check["verdict"] for check in data["checks"]]
    return Run(
        workspace=workspace,
        challenge=str(data["challenge"]["id"]),
        kind=str(data.get("kind", "build")),
        stack=str(data["stack"]),
        verdict=str(data["verdict"]),
        when=str(data.get("finished") or data.get("started") or ""),
        passed=verdicts.count("pass"),
        checks=len(verdicts),
    )


def _workspaces(folder: Path) -> Iterator[Path]:
    root = folder.resolve()
    for number, (place, folders, _) in enumerate(os.walk(root)):
        if number > _MAX_FOLDERS:
            return
        path = Path(place)
        if (path / _RUNS).is_dir():
            yield path
        deep = len(path.parts) - len(root.parts) >= _MAX_DEPTH
        folders[:] = (
            []
            if deep
            else sorted(f for f in folders if not f.startswith(".") and f not in _SKIPPED_FOLDERS)
        )
