"""`CheckContext`: the target of one run and everything a check may use on it."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any
from weakref import WeakKeyDictionary

from worksample.checks.contract import Contract
from worksample.checks.dialect import Dialect
from worksample.checks.error_log import ErrorLog
from worksample.checks.pace import Pace
from worksample.checks.profile import BRIEF, Profile
from worksample.probes.exchange import Exchange
from worksample.probes.http import HttpClient, Session
from worksample.probes.http.session import IsPointless
from worksample.services import CopyableDatabase, Database
from worksample.targets import ExternalTarget, Lab, LabFactory, Target

Recorder = Callable[[str, int, Exchange], None]


@dataclass(slots=True)
class CheckContext:
    """The target of one run, the HTTP client for it, and the state that its checks share.

    seed, salt: every random choice of the run derives from both. `salt` differs between runs of
        a target that keeps its data (`--url`), so that generated names stay unique there.
    target: an `ExternalTarget` if Worksample does not control the process (`--url`).
    database: the target's database; None if Worksample has no access to it.
    profile: which rules of the brief count, and which are only remarked on.
    stage: the last stage whose operations are asked; 0 for all.
    pace: how fast the server answers when nothing disturbs it.
    unanswered: the plain reads before all checks, if the server answered none of them in time.
    declared, base_path: the `[dialect]` table and the base path of `worksample.toml`.
    notes: sentences about the run for the report.
    rate_limit_giveups: number of requests that were still answered 429 after all retries.
    alone: no other check runs at the same time, and this one sends its requests one by one.
    labs: opens a lab; None if the run has none. `lab` is set in the context of a lab.
    clashing: held while a check writes what clashes with the same of another check (see
        `removed_on_failure`).
    shared: results of `World.once_per_run` by name.
    waits_for_shared: whether a check waits for such a result that another one is just making; else
        it ends, and is run again once there is a result.
    server_state: what checks keep of this server until the run ends, by name; `lab_states` holds
        that of each lab.
    extra_clients: further clients that `close` closes too.
    recorder: called with the id of a check (empty while the dialect is detected), the number of its
        attempt, and each of its exchanges; None if nothing is recorded.
    errors: the log of the target, and which part of it belongs to which failed request.
    """

    client: HttpClient
    target: Target | ExternalTarget
    contract: Contract
    seed: int
    profile: Profile = BRIEF
    stage: int = 0
    dialect: Dialect = field(default_factory=Dialect)
    database: Database | None = None
    pace: Pace = field(default_factory=Pace)
    unanswered: tuple[Exchange, ...] = ()
    declared: Mapping[str, Any] = field(default_factory=dict)
    base_path: str = ""
    salt: str = ""
    notes: list[str] = field(default_factory=list)
    rate_limit_giveups: int = 0
    alone: bool = False
    labs: LabFactory | None = None
    lab: Lab | None = None
    clashing: asyncio.Lock = field(default_factory=asyncio.Lock)
    shared: dict[str, asyncio.Future[Any]] = field(default_factory=dict)
    waits_for_shared: bool = True
    server_state: dict[str, Any] = field(default_factory=dict)
    lab_states: WeakKeyDictionary[Lab, dict[str, Any]] = field(default_factory=WeakKeyDictionary)
    extra_clients: list[HttpClient] = field(default_factory=list)
    recorder: Recorder | None = None
    errors: ErrorLog = field(init=False)

    def __post_init__(self) -> None:
        self.errors = ErrorLog(self.target)

    @property
    def copyable(self) -> CopyableDatabase | None:
        """The database, if its engine can copy it, and nothing else stores what the server keeps.

        None if Worksample did not start the server, or gave it other services, too.
        """
        alone = len(self.target.resources) == 1
        return self.database if alone and isinstance(self.database, CopyableDatabase) else None

    def for_lab(self, lab: Lab) -> CheckContext:
        """Return a context whose target is the server in `lab`; the caller closes it."""
        return replace(
            self,
            client=HttpClient(
                lab.target.base_url, limits=self.client.limits, agent=self.client.agent
            ),
            target=lab.target,
            database=lab.database,
            alone=True,
            lab=lab,
            server_state=self.lab_states.setdefault(lab, {}),
            extra_clients=[],
        )

    async def close(self) -> None:
        """Close all clients."""
        for client in (self.client, *self.extra_clients):
            await client.aclose()

    def session(
        self,
        check_id: str = "",
        attempt: int = 0,
        is_pointless: IsPointless = lambda request: False,
    ) -> Session:
        """Return a new session for a check; without one, for what is asked beside the checks.

        Requests that are pointless are not sent (see `Session`).
        """
        observer = partial(self.recorder, check_id, attempt) if self.recorder else None
        return Session(self.client, observer, is_pointless)

    def rng(self, name: str, attempt: int = 0) -> random.Random:
        """Return the random generator of `name` in this run; `attempt` selects another one."""
        return random.Random(f"{self.seed}/{self.salt}/{name}/{attempt}")  # noqa: S311

    def note(self, sentence: str) -> None:
        """Add `sentence` to the report's notes unless it is there already."""
        if sentence not in self.notes:
            self.notes.append(sentence)
