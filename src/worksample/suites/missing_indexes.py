"""Frequent lookups use an index: a missing one is proven by creating it for a moment."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from worksample.checks import (
    Answer,
    Aspect,
    CheckFailed,
    Finding,
    Meaning,
    PreconditionFailed,
    Skipped,
    World,
    precondition_success,
    shorten,
)
from worksample.checks.suite import Suite
from worksample.messages import message
from worksample.probes.indexes import MissingIndex, PlanCollector
from worksample.services import PlansUnavailable


@dataclass(frozen=True, slots=True)
class Lookup:
    """A request that finds few rows of many; `needs` is the check that tests its answer.

    `unprepared` says why there is nothing to find, if that is so.
    """

    send: Callable[[], Awaitable[Answer]]
    needs: str
    unprepared: PreconditionFailed | None = None


@dataclass(slots=True)
class Searched:
    """By name of each lookup: the indexes that it misses, or why that could not be found out."""

    missing: dict[str, list[MissingIndex]] = field(default_factory=dict)
    failures: dict[str, PreconditionFailed] = field(default_factory=dict)

    def of(self, name: str) -> list[MissingIndex]:
        """Return the indexes that a lookup misses; raise `PreconditionFailed` if it failed."""
        if failure := self.failures.get(name):
            raise PreconditionFailed(failure.needs, failure.finding, exact=False)
        return self.missing[name]


class Lookups(Protocol):
    """The frequent lookups of a product, by name, and the one that a check judges.

    judged: its name.
    baseline: the lookup that is part of most others; what it misses is reported there only.
    """

    @property
    def judged(self) -> str: ...

    @property
    def baseline(self) -> str: ...

    async def prepare(self) -> Mapping[str, Lookup]:
        """Create a data set and return all lookups. Raises `PreconditionFailed`."""


SUITE = Suite[Lookups](
    "missing-indexes",
    Lookups,
    aspect=Aspect.PERFORMANCE,
    skills=("sql", "relational-databases", "performance-scalability"),
)


@SUITE.check(
    title="A frequent lookup uses an index",
    why="Without an index the database reads every row to find one. With a hundred rows no one "
    "notices; with a million everyone waits.",
    lab=True,
)
async def a_lookup_uses_an_index(world: World, lookups: Lookups) -> None:
    found, judged = await _search(world, lookups), lookups.judged
    elsewhere = found.of(lookups.baseline) if judged != lookups.baseline else []
    known = {each.candidate for each in elsewhere}
    missing = [each for each in found.of(judged) if each.candidate not in known]
    if missing:
        raise CheckFailed(_finding(judged, missing))


async def _search(world: World, lookups: Lookups) -> Searched:
    """Return the indexes that each lookup misses; computed once per run."""
    return await world.once_per_run("missing indexes", lambda: _find_missing(world, lookups))


async def _find_missing(world: World, lookups: Lookups) -> Searched:
    views = await lookups.prepare()
    try:
        async with PlanCollector.begin(world.lab) as collector:
            result = Searched()
            for name, lookup in views.items():
                try:
                    await _require_answer(world, lookup)
                except PreconditionFailed as failure:
                    result.failures[name] = failure
                else:
                    result.missing[name] = await collector.missing(name, lookup.send)
            return result
    except PlansUnavailable as reason:
        raise Skipped(str(reason)) from None


async def _require_answer(world: World, lookup: Lookup) -> None:
    if lookup.unprepared is not None:
        raise lookup.unprepared
    precondition_success(world, await lookup.send(), Meaning.OK, needs=lookup.needs)


def _finding(view: str, missing: list[MissingIndex]) -> Finding:
    first = missing[0]
    wanted = [each.candidate for each in missing]
    statements = [f"CREATE INDEX ON {each.table} ({each.key});" for each in wanted]
    return Finding(
        expected=message(
            "{view}: the lookup in {table} uses an index, so that rows read do not "
            "grow with the table",
            view=view,
            table=first.candidate.table,
        ),
        actual=message(
            "{before} of {rows} rows read; with {index}: {after}",
            before=first.before,
            rows=first.table_rows,
            index=first.candidate,
            after=first.after,
        ),
        details=(*statements, shorten(first.statement, 400)),
        hint=message(
            "Add {index}. Worksample created it for a moment, and the database used it.",
            index=first.candidate,
        ),
    )
