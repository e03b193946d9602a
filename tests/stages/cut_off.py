"""Copies of a reference solution that lack the operations after a stage."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from worksample.catalogue import Answers, Challenge
from worksample.catalogue.mutants import Mutant
from worksample.catalogue.solutions import stack_of
from worksample.checks import Operation
from worksample.stacks import Settings, load_settings

HOOKS = Path(__file__).parent / "hooks"
#: By the beginning of a stack's id: how its servers load a hook from the folder `cut-off`.
LOADED_BY: Mapping[str, Mapping[str, str]] = {
    "python": {"PYTHONPATH": "cut-off"},
    "node": {"NODE_OPTIONS": "--require ./cut-off/cut_off.cjs"},
}


@dataclass(frozen=True, slots=True)
class CompiledIn:
    """A hook that is compiled into the server, beside each program of this name that uses it."""

    hook: Path
    program: str
    before: re.Pattern[str]
    after: str


COMPILED_IN: Mapping[str, CompiledIn] = {
    "go": CompiledIn(
        HOOKS / "cut_off.go",
        "main.go",
        re.compile(r"\b(\w+)\.ListenAndServe\(\)"),
        r"cutOff(\1).ListenAndServe()",
    ),
    "csharp": CompiledIn(
        HOOKS / "CutOff.cs",
        "Program.cs",
        re.compile(r"\bvar app = (\w+)\.Build\(\);"),
        r"var app = CutOff.From(\1.Build());",
    ),
}
#: Spring finds it by itself beside the application, in whose package it must be.
JAVA_HOOK = HOOKS / "CutOff.java"
_PACKAGE = re.compile(r"^package [\w.]+;", re.MULTILINE)


def cut_off_copy(
    challenge: Challenge,
    answers: Answers,
    solution: str,
    stage: int,
    to: Path,
    mutant: Mutant | None = None,
) -> Settings:
    """Copy a reference to the new folder `to`, without the operations after `stage`.

    Returns the settings with which it runs.
    """
    answers.copy(solution, to, mutant)
    language = stack_of(answers.solutions[solution]).partition("-")[0]
    if language in COMPILED_IN:
        _compile_in(to, COMPILED_IN[language])
    elif language == "java":
        _compile_into_java(to)
    else:
        compiled = [JAVA_HOOK.name, *(each.hook.name for each in COMPILED_IN.values())]
        shutil.copytree(HOOKS, to / "cut-off", ignore=shutil.ignore_patterns(*compiled))
    settings = load_settings(to)
    loaded_by = LOADED_BY.get(language, {})
    env = {**settings.env, **loaded_by, **_operations_after(challenge, stage)}
    return replace(settings, env=env)


def _compile_in(folder: Path, it: CompiledIn) -> None:
    """Put the hook beside each program that starts a server, and let it change the server first."""
    for path in folder.rglob(it.program):
        text, found = it.before.subn(it.after, path.read_text("utf-8"))
        if found:
            path.write_text(text, "utf-8")
            shutil.copy(it.hook, path.with_name(it.hook.name))


def _compile_into_java(folder: Path) -> None:
    """Put the hook in Java beside each application of Spring Boot, which finds it there."""
    hook = JAVA_HOOK.read_text("utf-8")
    for path in folder.glob("src/main/java/**/*.java"):
        text = path.read_text("utf-8")
        if "@SpringBootApplication" in text and (package := _PACKAGE.search(text)):
            path.with_name(JAVA_HOOK.name).write_text(_PACKAGE.sub(package[0], hook), "utf-8")


def _operations_after(challenge: Challenge, stage: int) -> dict[str, str]:
    """Return the environment of the hooks: what they cut off, and the paths that remain."""
    by_id = {each.id: each for each in challenge.contract.operations}
    base = challenge.contract.document["servers"][0]["url"].rstrip("/")
    pattern = _pattern_below(base)
    cut = [by_id[each.id] for each in challenge.world.operations if each.stage > stage]
    kept = [by_id[each.id] for each in challenge.world.operations if each.stage <= stage]
    return {
        "CUT_OFF": json.dumps([(each.method, pattern(each)) for each in cut]),
        "CUT_OFF_KNOWN": json.dumps([pattern(each) for each in kept]),
    }


def _pattern_below(base: str) -> Callable[[Operation], str]:
    def pattern(operation: Operation) -> str:
        parts = re.split(r"\{[^}]*\}", base + operation.path)
        return "[^/]+".join(parts)

    return pattern
