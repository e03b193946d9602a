"""Leaks in responses: passwords and hashes, e-mail addresses, server internals."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any, Protocol

import orjson

from worksample.checks import (
    Answer,
    Aspect,
    CheckContext,
    Finding,
    PassiveCheck,
    Suite,
    World,
    expect,
    shorten,
)
from worksample.messages import message
from worksample.probes.exchange import Exchange
from worksample.probes.hostile import with_body
from worksample.suites.accounts import Accounts
from worksample.suites.hostile_client import endpoint
from worksample.suites.leak_patterns import HASH, INTERNALS, SECRET_NAME, leaked_match
from worksample.suites.requests import RequestCatalogue, prepare_what_is_there

EXPOSURE = "OWASP API3:2023 Broken Object Property Level Authorization (CWE-200)"
ERRORS = "OWASP API8:2023 Security Misconfiguration (CWE-209)"
SKILLS = ("security-practices", "api-design")
WHY_HASH = "A hash in a response ends up in every proxy, log and browser on the way."
WHY_INSIDES = "Stack traces, SQL and file paths tell an attacker how the server is built."
_INVALID_IDS = ("x", "99999999999999999999")


class LeakPatterns(Protocol):
    """What the data that the challenge generates look like; nothing else may match."""

    @property
    def own_account(self) -> re.Pattern[str]:
        """Matches the paths below the base path that may show the sender's own address."""

    @property
    def address(self) -> re.Pattern[bytes]:
        """Matches generated e-mail addresses."""

    @property
    def password(self) -> re.Pattern[bytes]:
        """Matches generated passwords."""


class Disclosures(Protocol):
    """Requests whose answers must not disclose anything."""

    @property
    def accounts(self) -> Accounts:
        """Makes accounts."""

    @property
    def catalogue(self) -> RequestCatalogue:
        """Makes valid requests, which are then spoilt."""

    @property
    def invalid_paths(self) -> Sequence[str]:
        """Paths below the base path that are refused without a token."""

    async def public_answers(self) -> tuple[str, list[Answer]]:
        """Return the address of an account, and answers to others that mention the account."""

    async def account_answers(self) -> list[tuple[str, Answer]]:
        """Return (password of the account, answer) for each operation on the own account."""

    async def database_refusals(self) -> list[Answer]:
        """Return answers to requests that a constraint or type of the database may refuse."""


PASSIVE = Suite[LeakPatterns](
    "leaks-in-any-answer", LeakPatterns, aspect=Aspect.SECURITY, skills=SKILLS, cites=EXPOSURE
)
SUITE = Suite[Disclosures](
    "leaks", Disclosures, aspect=Aspect.SECURITY, skills=SKILLS, cites=ERRORS
)


class _LeakScan(PassiveCheck):
    """Base of passive checks that search every response body."""

    def __init__(self, context: CheckContext, patterns: LeakPatterns) -> None:
        super().__init__(context)
        self.patterns = patterns

    def check_exchange(self, exchange: Exchange) -> Iterator[Finding]:
        if exchange.response is None or not exchange.response.body:
            return
        contract, prefix = self.context.contract, self.context.dialect.prefix
        operation = contract.operation_for(exchange.request, prefix)
        for what, seen in self.scan(exchange):
            yield Finding(
                expected=message("a response without {what}", what=what),
                actual=seen[:120].decode("utf-8", "replace"),
                exchanges=(exchange,),
                culprit=0,
                cause=f"{operation.id if operation else exchange.request.target}: {what}",
            )

    def scan(self, exchange: Exchange) -> Iterable[tuple[str, bytes]]:
        """Yield (what was leaked, in words; the bytes that show it)."""
        raise NotImplementedError


@PASSIVE.passive_check(
    title="No answer of the whole run shows a password or its hash",
    why="A hash in a response ends up in every proxy, log and browser on the way.",
)
class NoAnswerShowsAPassword(_LeakScan):
    """Finds hashes, fields with the names of secrets, and generated passwords."""

    def scan(self, exchange: Exchange) -> Iterable[tuple[str, bytes]]:
        """Yield hashes, secret fields and passwords, also if another request sent them."""
        assert exchange.response is not None
        if seen := leaked_match(HASH, exchange):
            yield "the hash of a password", seen
        if 200 <= exchange.status < 300 and (seen := leaked_match(SECRET_NAME, exchange)):
            yield "a secret", seen
        if found := self.patterns.password.search(exchange.response.body):
            yield "a password", found.group()


@PASSIVE.passive_check(
    title="No answer of the whole run shows somebody else's e-mail address",
    why="Spammers and phishers collect addresses, and each leaked one is a breach of data "
    "protection law.",
)
class NoAnswerShowsAnAddress(_LeakScan):
    """Finds e-mail addresses in every response but those about one's own account."""

    def scan(self, exchange: Exchange) -> Iterable[tuple[str, bytes]]:
        """Yield addresses that the request did not contain."""
        path = exchange.request.target.partition("?")[0]
        about_oneself = self.patterns.own_account.fullmatch(
            path.removeprefix(self.context.dialect.prefix)
        )
        if not about_oneself and (seen := leaked_match(self.patterns.address, exchange)):
            yield "an e-mail address", seen


@PASSIVE.passive_check(
    title="No answer of the whole run shows the insides of the server",
    why="Stack traces, SQL and file paths tell an attacker how the server is built.",
    cites=ERRORS,
)
class NoAnswerShowsInsides(_LeakScan):
    """Finds stack traces, SQL, database errors and file paths in 4xx and 5xx responses."""

    def scan(self, exchange: Exchange) -> Iterable[tuple[str, bytes]]:
        """Yield whatever matches a pattern of `INTERNALS`."""
        if exchange.status < 400:
            return
        for what, pattern in INTERNALS.items():
            if seen := leaked_match(pattern, exchange):
                yield what, seen


@SUITE.check(
    title="What others see of an account never holds its e-mail address",
    why="An object that holds the whole account row leaks every address.",
    hint="Use a separate type for what others see, instead of the account with fields removed.",
    cites=EXPOSURE,
)
async def others_see_no_address(world: World, disclosures: Disclosures) -> None:
    address, answers = await disclosures.public_answers()
    for answer in answers:
        if address.encode() in answer.response.body:
            raise answer.failure(
                message("a response without {address}", address=address), shorten(answer.json())
            )


@SUITE.check(
    title="No answer about an account holds the password or a hash of it",
    why=WHY_HASH,
    cites=EXPOSURE,
)
async def accounts_hold_no_password(world: World, disclosures: Disclosures) -> None:
    for password, answer in await disclosures.account_answers():
        body = answer.response.body.decode("utf-8", "replace")
        what = message("the response when {label}", label=answer.exchange.label)
        expect(body, what).lacks(password)
        expect(body.lower(), what).lacks('"password')
        expect(HASH.search(body.encode()), message("a hash in {what}", what=what)).equals(None)


@SUITE.check(
    title="Refusals show nothing of the server's insides",
    why=WHY_INSIDES,
    hint="Log the details and answer with a short message. Switch off the framework's debug mode.",
)
async def refusals_show_no_insides(world: World, disclosures: Disclosures) -> None:
    catalogue = disclosures.catalogue
    prepared = await prepare_what_is_there(world, catalogue)
    for operation, request in prepared.valid.with_bodies():
        outermost = next(iter(orjson.loads(request.body)))
        for body in (b"{", orjson.dumps({outermost: 7}), b'{"a":"\\u0000"}', b"[1]"):
            label = message(
                "{endpoint} with {body}", endpoint=endpoint(world, operation), body=body.decode()
            )
            expect_no_internals(await world.send_raw(with_body(request, body), label=label))
    for path in disclosures.invalid_paths:
        expect_no_internals(
            await world.send("GET", path, label=message("a visitor asks for {path}", path=path))
        )
    for operation, request in prepared.valid.all():
        for name in _INVALID_IDS if operation in catalogue.with_ids else ():
            spoilt = replace(request, target=f"{request.target.rpartition('/')[0]}/{name}")
            label = message(
                "{endpoint} with the id {name}", endpoint=endpoint(world, operation), name=name
            )
            expect_no_internals(await world.send_raw(spoilt, label=label))
    if prepared.lacking:
        raise prepared.lacking


@SUITE.check(
    title="What the database refuses is said in plain words, not in its own",
    why="The names of tables, columns and constraints tell an attacker how the database is built.",
    hint="Catch the driver's errors where they are raised, and answer with a message of your own.",
)
async def the_database_does_not_speak(world: World, disclosures: Disclosures) -> None:
    for answer in await disclosures.database_refusals():
        expect_no_internals(answer)


def expect_no_internals(answer: Answer) -> None:
    """Expect that a 4xx or 5xx response matches no pattern of `INTERNALS`."""
    if answer.response.status >= 400:
        for what, pattern in INTERNALS.items():
            if seen := leaked_match(pattern, answer.exchange):
                shown = seen[:120].decode("utf-8", "replace")
                raise answer.failure(message("a response without {what}", what=what), shown)


@SUITE.check(
    title="A login does not tell whether an address has an account",
    why="A list of members is worth money, and is the first half of a break-in.",
    cites="OWASP API2:2023 (CWE-204)",
    skills=("security-practices", "oauth-jwt"),
)
async def a_login_does_not_tell_who_is_a_member(world: World, disclosures: Disclosures) -> None:
    accounts = disclosures.accounts
    account = await accounts.own_account()
    nobody = accounts.new_login()
    for password in (accounts.new_password(), "short"):
        known, again = [await accounts.log_in(account.login, password) for _ in range(2)]
        unknown = await accounts.log_in(nobody, password)
        expect(known).refused(because="the password is wrong")
        expect(unknown).refused(because="there is no such account")
        expect(unknown.status, "the status for an unknown address").equals(known.status)
        same = _stable_part(
            _body_without(known, account.login), _body_without(again, account.login)
        )
        expect(
            _stable_part(_body_without(unknown, nobody), same), "the body for an unknown address"
        ).equals(same, because="it must equal the body for a wrong password")


def _body_without(answer: Answer, address: str) -> Any:
    """Return the body as JSON (or as text if it is not JSON), without the address that was sent."""
    body = answer.response.body.replace(address.encode(), b"")
    try:
        return orjson.loads(body)
    except ValueError:
        return body.decode("utf-8", "replace")


def _stable_part(said: Any, again: Any) -> Any:
    """Return `said` with values that differ in `again` (request ids, times) replaced by None."""
    if isinstance(said, dict) and isinstance(again, dict):
        return {key: _stable_part(said[key], again.get(key)) for key in said}
    return said if said == again else None
