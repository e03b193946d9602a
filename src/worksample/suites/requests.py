"""Adapters that supply valid requests, from which hostile and generated ones are made."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from worksample.checks import PreconditionFailed, World
from worksample.probes.exchange import Request

NamedRequest = tuple[str, Request]


@dataclass(frozen=True, slots=True)
class Fresh:
    """A value in a request that the server accepts only once, such as a user name.

    pattern: finds the generated value in the body; stem: what a new one begins with.
    """

    pattern: re.Pattern[bytes]
    stem: str


@dataclass(frozen=True, slots=True)
class Expensive:
    """A value in a request that costs a good server much, such as a password to hash.

    pattern: finds it in the body; refused: what to write instead, to be refused at no such cost.
    """

    pattern: re.Pattern[bytes]
    refused: bytes

    def left_out(self, request: Request) -> Request:
        """Return `request` with the value that is refused."""
        return replace(request, body=self.pattern.sub(self.refused, request.body))


#: A password that is hashed, and one that is too short for that.
PASSWORD = Expensive(re.compile(rb'(?<="password":")[^"]*'), b"x")


class ValidRequests(Protocol):
    """Data with which operations succeed, and one valid request for each of these operations."""

    @property
    def path_values(self) -> Sequence[str]:
        """The values in paths of `all` that strange path segments replace, as they appear."""

    def all(self) -> Iterator[NamedRequest]:
        """Yield (operation id, request) for each operation; those that delete come last."""

    def with_bodies(self) -> Iterator[NamedRequest]:
        """Yield (operation id, request) for each operation that takes a JSON body."""


class RequestCatalogue(Protocol):
    """Valid requests of a challenge, and what its operations are like.

    Requests may hold their fields in a wrapper object or not. `path_values` may be left empty.
    """

    @property
    def fresh(self) -> Mapping[str, Fresh]:
        """By operation id: the value that must be new in every request."""

    @property
    def expensive(self) -> Mapping[str, Expensive]:
        """By operation id: the value that makes a successful request expensive."""

    @property
    def token_changing(self) -> Collection[str]:
        """Operations whose success may make the token of the account invalid."""

    @property
    def without_required_fields(self) -> Collection[str]:
        """Operations for which a body without any field makes sense."""

    @property
    def with_ids(self) -> Sequence[str]:
        """Operations whose path ends with an id that the server made."""

    @property
    def lists(self) -> Mapping[str, tuple[str, ...]]:
        """By operation id of a paged list: its text filters."""

    @property
    def paths(self) -> Sequence[str]:
        """Paths below the base path, to which unusual methods are sent."""

    @property
    def generated(self) -> Sequence[str]:
        """Operations for which requests are generated from the contract."""

    async def prepare(self, stage: int) -> ValidRequests:
        """Create data for valid requests for the operations up to `stage` (0: all).

        Sends only requests for these operations. Raises `PreconditionFailed`.
        """

    async def authorize(self) -> tuple[str, str]:
        """Return the Authorization header of a new account."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """Valid requests for the operations that a server has.

    `lacking` is the precondition that failed for later stages; None if nothing is lacking.
    """

    valid: ValidRequests
    lacking: PreconditionFailed | None


async def prepare_what_is_there(world: World, catalogue: RequestCatalogue) -> Prepared:
    """Prepare for the stages that this run asks; without the last ones, if the server lacks them.

    Raises `PreconditionFailed` if not even the first stage with data can be prepared.
    """
    lacking: PreconditionFailed | None = None
    for stage in reversed(world.stages):
        try:
            return Prepared(await catalogue.prepare(stage), lacking)
        except PreconditionFailed as failure:
            lacking = failure
    assert lacking is not None
    raise lacking
