"""The data model of a challenge."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from worksample.catalogue import loading
from worksample.catalogue.answers import (
    MUTANTS,
    SOLUTIONS,
    STARTERS_ON,
    Answers,
    answers_of,
    folders_in,
)
from worksample.catalogue.brief import clauses_of
from worksample.catalogue.costs import COSTS, CheckCost, read_costs
from worksample.catalogue.seal import TASKS
from worksample.catalogue.services import REQUIRED, ServiceNeeds, line_of, mistakes_in
from worksample.checks import BRIEF, STAYS_UP, Check, Contract, Profile, World
from worksample.errors import BrokenChallenge
from worksample.messages import message
from worksample.stacks.copying import digest_of, list_files
from worksample.suites.large_data import LargeData, finds_waste

#: What decides no verdict; of the folders, an installation may lack some.
_NOT_JUDGED_BY = (SOLUTIONS, MUTANTS, "starters", STARTERS_ON, "skeletons", TASKS, COSTS)


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage of a challenge; its checks need only operations of this stage and earlier ones."""

    number: int
    title: str


@dataclass(frozen=True)
class Challenge:
    """A product to work on, stored in a folder below `challenges/`.

    id: the name of the folder.
    skills: ids of the skill vocabulary.
    kinds: the kinds of work that the challenge offers, with the hours that each takes.
    services: the services that a submission needs or may choose.
    profiles: what a run can judge by, the brief first.

    Only title, version, summary, skills, kinds and the brief are always there; contract, world,
    checks, services, stages, answers and starters are where a kind of work needs them.
    """

    id: str
    title: str
    version: str
    summary: str
    folder: Path
    skills: tuple[str, ...]
    kinds: Mapping[str, float]
    services: ServiceNeeds
    stages: tuple[Stage, ...]
    profiles: tuple[Profile, ...] = (BRIEF,)

    @cached_property
    def brief(self) -> str:
        """The text of the brief, in Markdown."""
        return (self.folder / "brief.md").read_text(encoding="utf-8")

    @cached_property
    def clauses(self) -> Mapping[str, str]:
        """The text of each numbered rule of the brief, by id."""
        return clauses_of(self.brief)

    @cached_property
    def contract(self) -> Contract:
        """The OpenAPI document."""
        return Contract.read(self.folder / "openapi.yaml")

    @cached_property
    def checks(self) -> tuple[Check, ...]:
        """All checks, by stage, then by file; none if the challenge has no folder `checks`.

        The first one is the engine's own, which every run of checks answers: `STAYS_UP`.
        """
        if not (self.folder / "checks").is_dir():
            return ()
        declared = sorted(loading.checks_of(self.folder), key=lambda check: check.stage)
        return (STAYS_UP, *declared)

    @cached_property
    def costs(self) -> Mapping[str, CheckCost]:
        """What each check costs and finds, by id, as far as it was measured."""
        return read_costs(self.folder)

    @cached_property
    def world(self) -> type[World]:
        """The challenge's subclass of `World`."""
        return loading.world_of(self.folder)

    @cached_property
    def large_data(self) -> LargeData | None:
        """How the checks fill and read a large data set; None if the challenge does not say so."""
        return loading.large_data_of(self.folder)

    @cached_property
    def waste_checks(self) -> frozenset[str]:
        """The ids of the checks that find waste in the reads of a large data set."""
        return frozenset(each.id for each in self.checks if finds_waste(each))

    @cached_property
    def starters(self) -> Mapping[str, Path]:
        """The folder of each starter, by stack id."""
        return folders_in(self.folder / "starters")

    @cached_property
    def digest(self) -> str:
        """The digest of what verdicts depend on.

        That is all but solutions, mutants, starters, skeletons, tasks and the costs of checks.
        """
        found = list_files(self.folder)
        return digest_of(each for each in found if each.name.split("/")[0] not in _NOT_JUDGED_BY)

    def starter_changes(self, service: str) -> Mapping[str, Path]:
        """Return stack -> folder of the files that lie over its starter where it uses `service`."""
        return folders_in(self.folder / STARTERS_ON / service)

    @property
    def stacks(self) -> list[str]:
        """The ids of the stacks that have a starter."""
        return sorted(self.starters)

    @property
    def public_profile(self) -> Profile:
        """The profile for a server that was not written for the brief; the brief if none is."""
        return next((each for each in self.profiles if each.public), BRIEF)

    def require_services(self, known: Collection[str]) -> None:
        """Raise `BrokenChallenge`, with file and line, if a service is not among `known`."""
        path = self.folder / "challenge.toml"
        needs = {REQUIRED: list(self.services.names)}
        if mistakes := list(mistakes_in(needs, known)):
            text = path.read_text(encoding="utf-8")
            lines = (
                message(
                    "{path}:{line}: {mistake}", path=path, line=line_of(text, each), mistake=each
                )
                for each in mistakes
            )
            raise BrokenChallenge("\n".join(lines))

    def answers(self, needed_by: str) -> Answers:
        """Return the reference solutions and mutants; `needed_by` says what needs them.

        Raises `MissingAnswers` if they are not installed.
        """
        return answers_of(self.folder, needed_by)

    def describe(self) -> dict[str, Any]:
        """Return the entry of this challenge in a list of challenges, as JSON-compatible data."""
        return {
            "id": self.id,
            "title": self.title,
            "version": self.version,
            "summary": self.summary,
            "skills": list(self.skills),
            "stages": len(self.stages),
            "checks": len(self.checks),
            "profiles": [profile.id for profile in self.profiles],
        }
