"""Where checks meet the target: everything that a world may draw on in one run."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from worksample.checks.contract import Contract
from worksample.checks.dialect import Dialect
from worksample.probes.http import HttpClient
from worksample.services.base import Database
from worksample.targets import ExternalTarget, Lab, LabFactory, Target


@dataclass(slots=True)
class CheckContext:
    """One run's target and means.

    `seed` makes every choice repeatable; `salt` is mixed into names where the target keeps its
    data between runs (a `--url`). `target` may be one that we cannot control, and `database` is
    None when it is not ours to look into. `declared` is the `[dialect]` table of
    worksample.toml and `base_path` its base path, if it names one. `rate_limit_giveups` counts the
    requests that the server's limiter (429) never let through. `alone` says that no other check
    is being asked now, and that this one should send one request after the other. `labs` opens
    a lab (None where there can be none); the arena of a lab has it as `lab`. `shared` holds what
    several checks of a run draw on (`World.once_per_run`), `extra_clients` further clients, to be closed.
    """

    client: HttpClient
    target: Target | ExternalTarget
    contract: Contract
    seed: int
    dialect: Dialect = field(default_factory=Dialect)
    database: Database | None = None
    declared: Mapping[str, Any] = field(default_factory=dict)
    base_path: str = ""
    salt: str = ""
    notes: list[str] = field(default_factory=list)
    rate_limit_giveups: int = 0
    alone: bool = False
    labs: LabFactory | None = None
    lab: Lab | None = None
    shared: dict[str, asyncio.Future[Any]] = field(default_factory=dict)
    extra_clients: list[HttpClient] = field(default_factory=list)

    def for_lab(self, lab: Lab) -> CheckContext:
        """Return the arena of `lab`: the same questions, asked of the server in there."""
        return replace(
            self,
            client=HttpClient(lab.target.base_url),
            target=lab.target,
            database=lab.database,
            alone=True,
            lab=lab,
            extra_clients=[],
        )

    async def close(self) -> None:
        """Close all clients."""
        for client in (self.client, *self.extra_clients):
            await client.aclose()

    def rng(self, name: str, attempt: int = 0) -> random.Random:
        """Return the generator that belongs to `name` in this run."""
        return random.Random(f"{self.seed}/{self.salt}/{name}/{attempt}")  # noqa: S311

    def note(self, sentence: str) -> None:
        """Remember something that the report should say, once."""
        if sentence not in self.notes:
            self.notes.append(sentence)
