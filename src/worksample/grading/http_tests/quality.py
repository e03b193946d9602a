"""What runs of the same tests on correct and on defective servers say about the tests."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from worksample.messages import message
from worksample.stacks.testing import Outcome
from worksample.targets.own_tests import OwnTestRun

_RANK = (Outcome.FAILED, Outcome.ERROR, Outcome.PASSED, Outcome.SKIPPED)
_FINE = (Outcome.PASSED, Outcome.SKIPPED)


class Fault(StrEnum):
    """Why a test cannot be relied on."""

    WRONG = "wrong"
    FLAKY = "flaky"
    ORDER = "order"
    STACK = "stack"


@dataclass(frozen=True, slots=True)
class Unreliable:
    """A test that cannot be relied on, why, and how that showed."""

    name: str
    fault: Fault
    says: str


@dataclass(frozen=True, slots=True)
class CorrectRuns:
    """The runs on one correct server: in the usual order, any number of times, and in another."""

    server: str
    usual: Sequence[OwnTestRun]
    other: Sequence[OwnTestRun] = ()

    @property
    def all(self) -> tuple[OwnTestRun, ...]:
        """All runs."""
        return (*self.usual, *self.other)


def outcomes(run: OwnTestRun) -> dict[str, Outcome]:
    """Return what came of each test; of several tests with one name, the worst."""
    found: dict[str, Outcome] = {}
    for each in run.results:
        worst = min(found.get(each.name, each.outcome), each.outcome, key=_RANK.index)
        found[each.name] = worst
    return found


def unreliable(servers: Sequence[CorrectRuns]) -> list[Unreliable]:
    """Return the tests that do not pass in every run on every correct server, and why not."""
    tables = [_Table(each) for each in servers]
    names = dict.fromkeys(name for each in tables for name in each.names)
    return [each for name in names if (each := _judged(name, tables))]


def relied_on(servers: Sequence[CorrectRuns]) -> frozenset[str]:
    """Return the names of the tests that passed in every run on every correct server."""
    tables = [outcomes(run) for server in servers for run in server.all]
    names = {name for table in tables for name in table}
    return frozenset(
        name for name in names if all(table.get(name) is Outcome.PASSED for table in tables)
    )


def finds(run: OwnTestRun, tests: Iterable[str]) -> bool:
    """Return whether the `run` on a server with a defect shows it.

    One of `tests`, which pass on every correct server, fails there or cannot run: what a test needs
    may be what the defect breaks. A run that breaks off shows it too.
    """
    table = outcomes(run)
    return bool(run.problem) or any(table.get(name) not in _FINE for name in tests)


class _Table:
    """What came of each test in the runs on one correct server."""

    def __init__(self, runs: CorrectRuns) -> None:
        self.server = runs.server
        self.usual = [outcomes(run) for run in runs.usual]
        self.other = [outcomes(run) for run in runs.other]
        self._results = [result for run in runs.all for result in run.results]

    @property
    def names(self) -> list[str]:
        """The names of all tests, in the order in which they ran."""
        return [each.name for each in self._results]

    def fine(self, name: str) -> list[bool]:
        """Return whether the test was fine in each run in the usual order."""
        return [each.get(name) in _FINE for each in self.usual]

    def fine_in_other_order(self, name: str) -> bool:
        """Return whether the test was fine in the other order, if there was such a run."""
        return all(each.get(name) in _FINE for each in self.other)

    def skips(self, name: str) -> bool:
        """Return whether the test was skipped."""
        return self.usual[0].get(name) is Outcome.SKIPPED

    def why(self, name: str) -> str:
        """Return the first line of what the test says where it is not fine."""
        for each in self._results:
            if each.name == name and each.outcome not in _FINE:
                return each.reason
        return "it is not run each time"


def _judged(name: str, tables: Sequence[_Table]) -> Unreliable | None:
    """Return why a test cannot be relied on; None if it can."""
    for each in tables:
        if len(set(each.fine(name))) > 1:
            template = "passes and fails on {server}: {why}"
            return Unreliable(name, Fault.FLAKY, _says(template, each, name))
    wrong = [each for each in tables if not all(each.fine(name))]
    if wrong:
        right = _servers(each for each in tables if each not in wrong)
        template = (
            "passes on {right}, fails on {servers}: {why}" if right else "fails on {servers}: {why}"
        )
        says = message(template, right=right, servers=_servers(wrong), why=wrong[0].why(name))
        return Unreliable(name, Fault.STACK if right else Fault.WRONG, says)
    for each in tables:
        if not each.fine_in_other_order(name):
            template = "fails in another order on {server}: {why}"
            return Unreliable(name, Fault.ORDER, _says(template, each, name))
    skipped = [each for each in tables if each.skips(name)]
    if skipped and len(skipped) < len(tables):
        says = message("is skipped on {servers} only", servers=_servers(skipped))
        return Unreliable(name, Fault.STACK, says)
    return None


def _says(template: str, table: _Table, name: str) -> str:
    return message(template, server=table.server, why=table.why(name))


def _servers(tables: Iterable[_Table]) -> str:
    return " and on ".join(each.server for each in tables)


def is_reversed(servers: Sequence[CorrectRuns]) -> bool:
    """Return whether the runs in another order ran the tests in reverse."""
    return any(
        len(run.results) > 1 and _order(run) == _order(each.usual[0])[::-1]
        for each in servers
        for run in each.other
    )


def _order(run: OwnTestRun) -> list[str]:
    return [each.name for each in run.results]
