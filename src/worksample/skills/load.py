"""Load the vocabulary from its data files."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from worksample.errors import UnknownSkill
from worksample.messages import message
from worksample.skills.model import LANGUAGES, Skill

LIST_FIELDS = (
    "exact",
    "weak",
    "near",
    "hints",
    "not_before",
    "not_after",
    "umbrella_of",
    "shown_by",
    "touched_by",
)


def data_files() -> Iterator[Traversable]:
    """Yield the TOML files that define skills, by name (all but `not-skills.toml`)."""
    folder = files("worksample.skills") / "data"
    for entry in sorted(folder.iterdir(), key=lambda e: e.name):
        if entry.name.endswith(".toml") and entry.name != "not-skills.toml":
            yield entry


@cache
def load() -> Mapping[str, Skill]:
    """Return all skills by id, in the order of the files."""
    skills: dict[str, Skill] = {}
    for entry in data_files():
        for skill_id, table in tomllib.loads(entry.read_text("utf-8")).items():
            skills[skill_id] = parse_skill(skill_id, table)
    return skills


@cache
def not_skills() -> tuple[str, ...]:
    """Return the phrases that contain a skill's name but mean something else ("Spring Health")."""
    entry = files("worksample.skills") / "data" / "not-skills.toml"
    phrases: list[str] = tomllib.loads(entry.read_text("utf-8"))["phrases"]
    return tuple(phrases)


def parse_skill(skill_id: str, table: Mapping[str, Any]) -> Skill:
    """Create a skill from its TOML table, which the validator has checked."""
    forms = {"en": tuple(table.get("forms", ()))}
    forms |= {code: tuple(table[code]) for code in LANGUAGES if code in table}
    return Skill(
        id=skill_id,
        name=table["name"],
        kind=table["kind"],
        junior=table["junior"],
        forms=forms,
        mid_sentence=table.get("mid_sentence", False),
        needs_list=table.get("needs_list", False),
        same_as=table.get("same_as", {}),
        **{name: tuple(table.get(name, ())) for name in LIST_FIELDS},
    )


def get(skill_id: str) -> Skill:
    """Return the skill with this id or name, ignoring case.

    Raises UnknownSkill with the most similar ids if there is none.
    """
    wanted = skill_id.strip().lower()
    for skill in load().values():
        if wanted in (skill.id, skill.name.lower()):
            return skill
    raise UnknownSkill(
        message("The vocabulary has no skill {skill}.", skill=repr(skill_id)), hint=_nearest(wanted)
    )


def _nearest(wanted: str) -> str:
    from difflib import get_close_matches

    close = get_close_matches(wanted, load(), n=3, cutoff=0.5)
    return message("Did you mean {names}?", names=", ".join(close)) if close else ""
