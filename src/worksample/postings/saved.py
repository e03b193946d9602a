"""Keep a plan in the learner's folder, and find it again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from worksample.errors import SavedPlanError, UserError

PLAN_PATH = Path(".worksample") / "plan.json"
FORMAT = 1


@dataclass(frozen=True, slots=True)
class SavedPlan:
    """A plan as it was saved: `data` is the plan of the published JSON."""

    path: Path
    saved: str
    title: str
    data: Mapping[str, Any]


def save(folder: Path, title: str, plan: Mapping[str, Any]) -> Path:
    """Keep this plan in `folder`, in place of the one before; returns where.

    Raises UserError when the folder cannot be written.
    """
    import orjson

    path = folder / PLAN_PATH
    saved = datetime.now(UTC).isoformat(timespec="seconds")
    data = {"format": FORMAT, "saved": saved, "title": title, "plan": plan}
    try:
        path.parent.mkdir(exist_ok=True)
        temporary = path.with_suffix(".new")
        temporary.write_bytes(orjson.dumps(data, option=orjson.OPT_INDENT_2))
        temporary.replace(path)
    except OSError as error:
        raise UserError(f"The plan cannot be kept in {folder}: {error.strerror}.") from error
    return path


def find(folder: Path) -> SavedPlan:
    """The plan kept in `folder` or the nearest folder above.

    Raises SavedPlanError if there is none.
    """
    start = folder.resolve()
    for place in (start, *start.parents):
        if (place / PLAN_PATH).is_file():
            return _read(place / PLAN_PATH)
    raise SavedPlanError(f"No plan is kept in {folder} or above.")


def _read(path: Path) -> SavedPlan:
    import orjson

    try:
        data = orjson.loads(path.read_bytes())
        if data["format"] != FORMAT:
            raise SavedPlanError(f"{path} was kept by another version of Worksample.")
        return SavedPlan(path, data["saved"], data["title"], data["plan"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SavedPlanError(f"The plan {path} cannot be read: {error}.") from error
