"""The decorators by which a challenge's modules declare their checks."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

from worksample.checks.model import Aspect, Check

Function = TypeVar("Function", bound=Callable[..., Awaitable[None]])
WatchClass = TypeVar("WatchClass", bound=type)

_MARK = "__worksample_check__"


@dataclass(frozen=True, slots=True)
class _Words:
    title: str
    aspect: Aspect
    stage: int
    clause: str
    why: str
    skills: tuple[str, ...]
    cites: str
    hint: str
    since: str
    alone: bool = False
    lab: bool = False


def check(
    *,
    title: str,
    aspect: Aspect,
    stage: int,
    clause: str,
    why: str,
    skills: tuple[str, ...] = (),
    cites: str = "",
    hint: str = "",
    since: str = "1.0",
    alone: bool = False,
    lab: bool = False,
) -> Callable[[Function], Function]:
    """Declare an async function of one argument, the challenge's world, to be a check.

    Its id is its name with hyphens; see `Check` for what the arguments mean.
    """
    words = _Words(title, aspect, stage, clause, why, skills, cites, hint, since, alone, lab)

    def mark(function: Function) -> Function:
        setattr(function, _MARK, _make(function, words, function=function))
        return function

    return mark


def passive_check(
    *,
    title: str,
    aspect: Aspect,
    stage: int,
    clause: str,
    why: str,
    skills: tuple[str, ...] = (),
    cites: str = "",
    hint: str = "",
    since: str = "1.0",
) -> Callable[[WatchClass], WatchClass]:
    """Declare a `PassiveCheck` class to be a check that judges every exchange of the run.

    Its id is the class name in snake case, with hyphens.
    """
    words = _Words(title, aspect, stage, clause, why, skills, cites, hint, since)

    def mark(made: WatchClass) -> WatchClass:
        setattr(made, _MARK, _make(made, words, passive_check=made))
        return made

    return mark


def checks_in(module: ModuleType) -> list[Check]:
    """Return the checks that `module` itself declares, in the order of their lines."""
    found = [
        getattr(value, _MARK)
        for value in vars(module).values()
        if hasattr(value, _MARK) and value.__module__ == module.__name__
    ]
    return sorted(found, key=lambda declared: int(declared.source.rpartition(":")[2]))


def _make(
    thing: Any, words: _Words, *, function: Any | None = None, passive_check: Any | None = None
) -> Check:
    line = inspect.getsourcelines(thing)[1]
    source = f"{Path(inspect.getsourcefile(thing) or '').name}:{line}"
    return Check(
        id=_id_of(thing.__name__),
        title=words.title,
        aspect=words.aspect,
        stage=words.stage,
        clause=words.clause,
        why=words.why,
        function=function,
        passive_check=passive_check,
        skills=words.skills,
        cites=words.cites,
        hint=words.hint,
        since=words.since,
        alone=words.alone,
        lab=words.lab,
        source=source,
    )


def _id_of(name: str) -> str:
    spaced = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)
    return spaced.strip("_").replace("_", "-")
