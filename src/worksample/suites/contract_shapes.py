"""Responses validated against the OpenAPI document."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any, Protocol

from worksample.checks import (
    Answer,
    Aspect,
    CheckContext,
    CheckFailed,
    Finding,
    NoAdapter,
    PassiveCheck,
    Suite,
    World,
)
from worksample.checks.contract import Violation
from worksample.checks.judging import clause_called, fail
from worksample.messages import message
from worksample.probes.exchange import Exchange
from worksample.suites.private_members import shows_private

SKILLS = ("openapi", "api-design", "rest")
WHY = (
    "Clients are generated from the contract. A missing field crashes an app, and an extra one is "
    "often a secret."
)
Answers = AsyncIterator[tuple[str, Answer]]


class Shapes(Protocol):
    """The answers of one check."""

    def answers(self) -> Answers:
        """Send requests; yield (operation id, answer) for each."""


class Script:
    """An adapter made of an asynchronous generator function, by `script`."""

    def __init__(self, function: Callable[[Any], Answers], world: Any) -> None:
        self._function = function
        self._world = world

    def answers(self) -> Answers:
        """Return what the function yields."""
        return self._function(self._world)


def script(function: Callable[[Any], Answers]) -> Callable[[Any], Script]:
    """Return the adapter for a function that yields (operation id, answer)."""
    return partial(Script, function)


SUITE = Suite[Shapes]("contract-shapes", Shapes, aspect=Aspect.CONTRACT, skills=SKILLS)
PASSIVE = Suite[NoAdapter](
    "contract-in-any-answer", NoAdapter, aspect=Aspect.CONTRACT, skills=SKILLS
)


def expect_schema(world: World, operation_id: str, *answers: Answer) -> None:
    """Expect every answer to match the contract's schema for its operation and status."""
    contract = world.context.contract
    operation = contract.operation(operation_id)
    for answer in answers:
        violations = contract.violations(operation, answer.response)
        if violations:
            fail(CheckFailed(*_findings(operation_id, answer.exchange, violations)))


def _findings(operation: str, exchange: Exchange, violations: Iterable[Violation]) -> list[Finding]:
    """Return a finding for each way in which an answer violates the schema of its operation.

    Its rule is called `private` for members that hold something private, and `extra` for other
    members that the contract does not name; all else breaks the rule of the check itself.
    """
    found: dict[tuple[str, str], Finding] = {}
    for each in violations:
        clause, cause = _clause(each), _without_location(each.text)
        finding = Finding(
            expected=message(
                "a response that matches the schema of {operation}", operation=operation
            ),
            actual=each.text,
            exchanges=(exchange,),
            culprit=0,
            cause=cause,
            clause=clause,
        )
        found.setdefault((clause, cause), finding)
    return list(found.values())


def _clause(violation: Violation) -> str:
    if not violation.unexpected:
        return ""
    return clause_called("private" if shows_private(violation) else "extra")


def _without_location(violation: str) -> str:
    """Return the violation with only the last name of its path, as a key that groups findings.

    One wrong object appears in many answers: `users.0.owner: …` and `entries.3.owner: …` are the
    same defect.
    """
    place, _, wrong = violation.partition(": ")
    names = [part for part in place.split(".") if not part.isdigit()]
    return f"{names[-1] if names else ''}: {wrong}"


@SUITE.check(title="Answers have the shape of the contract", why=WHY)
async def answers_have_their_shape(world: World, shapes: Shapes) -> None:
    async for operation_id, answer in shapes.answers():
        expect_schema(world, operation_id, answer)


class _OperationWatch(PassiveCheck):
    """Base of passive checks that need to know the operation of an exchange."""

    def __init__(self, context: CheckContext, _: NoAdapter) -> None:
        super().__init__(context)

    def check_exchange(self, exchange: Exchange) -> Iterator[Finding]:
        contract = self.context.contract
        operation = contract.operation_for(exchange.request, self.context.dialect.prefix)
        name = operation.id if operation else exchange.request.method
        yield from self.inspect(name, exchange)

    def inspect(self, operation: str, exchange: Exchange) -> Iterable[Finding]:
        """Yield findings about an exchange of `operation` (its id, or the method if unknown)."""
        raise NotImplementedError


@PASSIVE.passive_check(
    title="No successful answer of the whole run breaks the contract",
    why=WHY,
)
class NoAnswerBreaksTheContract(_OperationWatch):
    """Validates every successful response against its schema."""

    def inspect(self, operation: str, exchange: Exchange) -> Iterable[Finding]:
        """Yield a finding for each way in which a response violates its schema."""
        contract, response = self.context.contract, exchange.response
        found = contract.operation_for(exchange.request, self.context.dialect.prefix)
        if found is None or response is None or not 200 <= response.status < 300:
            return
        for finding in _findings(operation, exchange, contract.violations(found, response)):
            yield replace(finding, cause=f"{operation} {finding.cause}")


@PASSIVE.passive_check(
    title="No request of the whole run makes the server fail",
    why="Each 5xx loses somebody's work and wakes whoever is on call.",
    skills=("debugging", "api-design"),
)
class NoRequestMakesTheServerFail(_OperationWatch):
    """Finds every 5xx except 501, which refuses an unknown method (RFC 9110 15.6.2)."""

    def inspect(self, operation: str, exchange: Exchange) -> Iterable[Finding]:
        """Yield a finding for a 5xx, with operation and status as its cause."""
        if exchange.status >= 500 and exchange.status != 501:
            yield Finding(
                expected="any status below 500",
                actual=message("{status}: {label}", status=exchange.status, label=exchange.label),
                exchanges=(exchange,),
                culprit=0,
                cause=f"{operation} {exchange.status}",
            )
