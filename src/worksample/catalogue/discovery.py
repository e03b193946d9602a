"""Find challenges and read their `challenge.toml`."""

from __future__ import annotations

import difflib
import os
import tomllib
from pathlib import Path
from typing import Any

from worksample.catalogue.answers import PACKAGED
from worksample.catalogue.model import Challenge, Stage
from worksample.catalogue.profiles import read_profiles
from worksample.catalogue.services import ServiceNeeds
from worksample.errors import BrokenChallenge, CatalogueError
from worksample.messages import message

#: The environment variable that sets the folder of the challenges.
VARIABLE = "WORKSAMPLE_CHALLENGES"


def catalogue_folder() -> Path:
    """Return the folder that holds the challenges.

    It is the folder that `WORKSAMPLE_CHALLENGES` names, or else `challenges/` in a checkout, or
    else the one in the installed package.
    """
    named = os.environ.get(VARIABLE)
    if named:
        return Path(named)
    checkout = PACKAGED.parent.parent.parent / "challenges"
    return checkout if checkout.is_dir() else PACKAGED


def load_all() -> list[Challenge]:
    """Return all challenges, sorted by id; raise `CatalogueError` if one cannot be read."""
    folder = catalogue_folder()
    return [load_folder(path.parent) for path in sorted(folder.glob("*/challenge.toml"))]


def load(challenge_id: str) -> Challenge:
    """Return the challenge with this id; raise `CatalogueError` if there is none."""
    folder = catalogue_folder() / challenge_id
    if (folder / "challenge.toml").is_file() and "/" not in challenge_id:
        return load_folder(folder)
    names = sorted(path.parent.name for path in catalogue_folder().glob("*/challenge.toml"))
    close = difflib.get_close_matches(challenge_id, names, 1)
    raise CatalogueError(
        message("There is no challenge called {name}.", name=repr(challenge_id)),
        hint=message("Did you mean {name}?", name=repr(close[0]))
        if close
        else message("The challenges are: {names}.", names=", ".join(names)),
    )


def load_folder(folder: Path) -> Challenge:
    """Read the challenge in `folder`; raise `CatalogueError` if its `challenge.toml` is invalid."""
    path = folder / "challenge.toml"
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        return _challenge(folder, table)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise CatalogueError(message("{path}: {error}", path=path, error=error)) from None
    except (KeyError, TypeError, ValueError) as error:
        raise BrokenChallenge(
            message("{path}: {kind}: {error}", path=path, kind=type(error).__name__, error=error)
        ) from None


def _challenge(folder: Path, table: dict[str, Any]) -> Challenge:
    return Challenge(
        id=folder.name,
        title=table["title"],
        version=table["version"],
        summary=table["summary"],
        folder=folder,
        skills=tuple(table["skills"]),
        kinds={kind: float(entry["hours"]) for kind, entry in table["kinds"].items()},
        services=ServiceNeeds.read(table.get("services", [])),
        stages=tuple(Stage(entry["number"], entry["title"]) for entry in table.get("stages", ())),
        profiles=read_profiles(table.get("profiles", {})),
    )
