"""The decorators that declare checks: `@check` and `@passive_check`."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Any, TypeVar

from worksample.checks.model import Aspect, Check, InvalidCheck

Function = TypeVar("Function", bound=Callable[..., Awaitable[None]])
PassiveCheckClass = TypeVar("PassiveCheckClass", bound=type)

_MARK = "__worksample_check__"


@dataclass(frozen=True, slots=True)
class _Attributes:
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
    rules: tuple[tuple[str, str], ...] = ()


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
    rules: Mapping[str, str] | None = None,
) -> Callable[[Function], Function]:
    """Declare an async function as a check; its one argument is the challenge's world.

    The check's id is the function's name with hyphens. `Check` documents the arguments.
    """
    named = tuple((rules or {}).items())
    attributes = _Attributes(
        title, aspect, stage, clause, why, skills, cites, hint, since, alone, lab, named
    )

    def mark(function: Function) -> Function:
        declare_as(function, _make(function, attributes, function=function))
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
) -> Callable[[PassiveCheckClass], PassiveCheckClass]:
    """Declare a subclass of `PassiveCheck` as a check that inspects every exchange of the run.

    The check's id is the class name in lower case, with hyphens between its words.
    """
    attributes = _Attributes(title, aspect, stage, clause, why, skills, cites, hint, since)

    def mark(cls: PassiveCheckClass) -> PassiveCheckClass:
        declare_as(cls, _make(cls, attributes, passive_check=cls))
        return cls

    return mark


def checks_in(module: ModuleType) -> list[Check | InvalidCheck]:
    """Return the checks that `module` declares itself (not those it imports), in source order.

    These are its decorated functions and classes, and what is in its list `CHECKS` (see `Suite`).
    """
    found: list[Check | InvalidCheck] = [
        getattr(value, _MARK)
        for value in vars(module).values()
        if hasattr(value, _MARK) and value.__module__ == module.__name__
    ]
    found += getattr(module, "CHECKS", ())
    return sorted(found, key=lambda declared: int(declared.source.rpartition(":")[2]))


def declare_as(declared: Any, check: Check | InvalidCheck) -> None:
    """Let `checks_in` find `check` in the module of the function or class `declared`."""
    setattr(declared, _MARK, check)


def source_of(declared: Any) -> str:
    """Return file and line of a function or class."""
    line = inspect.getsourcelines(declared)[1]
    return f"{inspect.getsourcefile(declared) or ''}:{line}"


def _make(
    declared: Any,
    attributes: _Attributes,
    *,
    function: Any | None = None,
    passive_check: Any | None = None,
) -> Check:
    return Check(
        id=id_of(declared.__name__),
        title=attributes.title,
        aspect=attributes.aspect,
        stage=attributes.stage,
        clause=attributes.clause,
        why=attributes.why,
        function=function,
        passive_check=passive_check,
        skills=attributes.skills,
        cites=attributes.cites,
        hint=attributes.hint,
        since=attributes.since,
        alone=attributes.alone,
        lab=attributes.lab,
        rules=attributes.rules,
        source=source_of(declared),
    )


def id_of(name: str) -> str:
    """Return the check id for the name of a function or class: lower case, with hyphens."""
    spaced = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)
    return spaced.strip("_").replace("_", "-")
