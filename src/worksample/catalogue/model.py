"""What a challenge is made of, as the other rooms see it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from worksample.catalogue import loading
from worksample.catalogue.brief import clauses_of
from worksample.catalogue.mutants import Mutant, mutants_in
from worksample.checks import Check, Contract, World


@dataclass(frozen=True, slots=True)
class Stage:
    """A step on the way: everything up to it can be checked on its own."""

    number: int
    title: str


@dataclass(frozen=True)
class Challenge:
    """A product to work on: a folder below `challenges/`.

    `kinds` says which kinds of work it offers now, with the hours each takes; `skills` are ids of
    the vocabulary; `ready` is the path (below the base path) that a running server answers.
    """

    id: str
    title: str
    version: str
    summary: str
    folder: Path
    skills: tuple[str, ...]
    kinds: Mapping[str, float]
    services: tuple[str, ...]
    stages: tuple[Stage, ...]

    @cached_property
    def brief(self) -> str:
        """The customer's text, in Markdown."""
        return (self.folder / "brief.md").read_text(encoding="utf-8")

    @cached_property
    def clauses(self) -> Mapping[str, str]:
        """The numbered rules of the brief: id to text."""
        return clauses_of(self.brief)

    @cached_property
    def contract(self) -> Contract:
        """The OpenAPI document."""
        return Contract.read(self.folder / "openapi.yaml")

    @cached_property
    def checks(self) -> tuple[Check, ...]:
        """Every check, in the order of stages and of their files."""
        return tuple(sorted(loading.checks_of(self.folder), key=lambda check: check.stage))

    @cached_property
    def world(self) -> type[World]:
        """The challenge's own client."""
        return loading.world_of(self.folder)

    @cached_property
    def solutions(self) -> Mapping[str, Path]:
        """The reference solutions: stack id to folder."""
        return _folders(self.folder / "solutions")

    @cached_property
    def starters(self) -> Mapping[str, Path]:
        """The starters: stack id to folder."""
        return _folders(self.folder / "starters")

    @property
    def stacks(self) -> list[str]:
        """The stacks that there is a starter for."""
        return sorted(self.starters)

    def mutants(self, stack: str) -> list[Mutant]:
        """Return the mutants of the reference solution in `stack`, by name."""
        return mutants_in(self.folder / "mutants" / stack)

    def describe(self) -> dict[str, Any]:
        """Return what a list of challenges shows, as plain data."""
        return {
            "id": self.id,
            "title": self.title,
            "version": self.version,
            "summary": self.summary,
            "skills": list(self.skills),
            "kinds": dict(self.kinds),
            "stacks": self.stacks,
            "stages": len(self.stages),
            "checks": len(self.checks),
        }


def _folders(parent: Path) -> dict[str, Path]:
    if not parent.is_dir():
        return {}
    return {child.name: child for child in sorted(parent.iterdir()) if child.is_dir()}
