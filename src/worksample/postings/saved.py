"""Save a plan in the learner's folder, and load it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from worksample.errors import SavedPlanError, UserError
from worksample.messages import message
from worksample.whole_files import write_whole

PLAN_PATH = Path(".worksample") / "plan.json"
FORMAT = 1


@dataclass(frozen=True, slots=True)
class SavedPlan:
    """A saved plan; `data` is the "plan" entry of the JSON output."""

    path: Path
    saved: str
    title: str
    data: Mapping[str, Any]


def save(folder: Path, title: str, plan: Mapping[str, Any]) -> Path:
    """Save a plan in `folder`, replace an earlier one, and return the path.

    Raises UserError if the folder is not writable.
    """
    import orjson

    path = folder / PLAN_PATH
    saved = datetime.now(UTC).isoformat(timespec="seconds")
    data = {"format": FORMAT, "saved": saved, "title": title, "plan": plan}
    try:
        path.parent.mkdir(exist_ok=True)
        write_whole(path, orjson.dumps(data, option=orjson.OPT_INDENT_2))
    except OSError as error:
        raise UserError(
            message(
                "The plan cannot be saved in {folder}: {reason}.",
                folder=folder,
                reason=error.strerror,
            ),
            hint="Run the command in a folder that you may write to.",
        ) from error
    return path


def find(folder: Path) -> SavedPlan:
    """Load the plan saved in `folder` or its nearest parent.

    Raises SavedPlanError if there is none.
    """
    start = folder.resolve()
    for place in (start, *start.parents):
        if (place / PLAN_PATH).is_file():
            return _read(place / PLAN_PATH)
    raise SavedPlanError(
        message("There is no saved plan in {folder} or its parent folders.", folder=folder)
    )


def _read(path: Path) -> SavedPlan:
    import orjson

    try:
        data = orjson.loads(path.read_bytes())
        if data["format"] != FORMAT:
            raise SavedPlanError(
                message("{path} was saved by another version of Worksample.", path=path)
            )
        return SavedPlan(path, data["saved"], data["title"], data["plan"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SavedPlanError(
            message("The saved plan {path} cannot be read: {error}.", path=path, error=error)
        ) from error
