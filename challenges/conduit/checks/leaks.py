"""Leaks in responses: passwords and hashes, e-mail addresses, server internals (S3, S7)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

import orjson

from worksample.checks import Answer, Aspect, Finding, PassiveCheck, check, expect, passive_check
from worksample.probes.exchange import Exchange
from worksample.probes.hostile import with_body
from worksample.suites.leak_patterns import HASH, INTERNALS, SECRET_NAME, leaked_match

from .valid_requests import Fixture
from .world import Conduit

EXPOSURE = "OWASP API3:2023 Broken Object Property Level Authorization (CWE-200)"
ERRORS = "OWASP API8:2023 Security Misconfiguration (CWE-209)"
SKILLS = ("security-practices", "api-design")

# The operations on one's own account, with or without a trailing slash.
_OWN_ACCOUNT = re.compile(r"/users?(?:/login)?/*")
# The generated addresses and passwords of `Conduit`; no other text of a check matches these.
_ADDRESS = re.compile(rb"(?<![a-z0-9])[a-z][a-z0-9]{8}@example\.com", re.I)
_PASSWORD = re.compile(rb"Aa1!p[a-z0-9]{10}")


class _LeakScan(PassiveCheck):
    """Base of passive checks that search every response body."""

    def check_exchange(self, exchange: Exchange) -> Iterator[Finding]:
        if exchange.response is None or not exchange.response.body:
            return
        operation = self.context.contract.operation_for(exchange, self.context.dialect.prefix)
        for what, seen in self.scan(exchange):
            yield Finding(
                expected=f"a response without {what}",
                actual=seen[:120].decode("utf-8", "replace"),
                exchanges=(exchange,),
                culprit=0,
                cause=f"{operation.id if operation else exchange.request.target}: {what}",
            )

    def scan(self, exchange: Exchange) -> Iterable[tuple[str, bytes]]:
        """Yield (what was leaked, in words; the bytes that show it)."""
        raise NotImplementedError


@passive_check(
    title="No answer of the whole run shows a password or its hash",
    aspect=Aspect.SECURITY,
    stage=9,
    clause="S3",
    why="A hash in a response ends up in every proxy, log and browser on the way.",
    cites=EXPOSURE,
    skills=SKILLS,
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
        if found := _PASSWORD.search(exchange.response.body):
            yield "a password", found.group()


@passive_check(
    title="No answer of the whole run shows somebody else's e-mail address",
    aspect=Aspect.SECURITY,
    stage=9,
    clause="S3",
    why="Spammers and phishers collect addresses, and each leaked one is a breach of data "
    "protection law.",
    cites=EXPOSURE,
    skills=SKILLS,
)
class NoAnswerShowsAnAddress(_LeakScan):
    """Finds e-mail addresses in every response but those about one's own account."""

    def scan(self, exchange: Exchange) -> Iterable[tuple[str, bytes]]:
        """Yield addresses that the request did not contain."""
        path = exchange.request.target.partition("?")[0]
        about_oneself = _OWN_ACCOUNT.fullmatch(path.removeprefix(self.context.dialect.prefix))
        if not about_oneself and (seen := leaked_match(_ADDRESS, exchange)):
            yield "an e-mail address", seen


@passive_check(
    title="No answer of the whole run shows the insides of the server",
    aspect=Aspect.SECURITY,
    stage=9,
    clause="S7",
    why="Stack traces, SQL and file paths tell an attacker how the server is built.",
    cites=ERRORS,
    skills=SKILLS,
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


@check(
    title="Profiles, articles and comments never hold an e-mail address",
    aspect=Aspect.SECURITY,
    stage=4,
    clause="S3",
    why="An author object that holds the whole account row leaks every address.",
    hint="Use a separate type for profiles, instead of the account with fields removed.",
    cites=EXPOSURE,
    skills=SKILLS,
)
async def profiles_hold_no_address(world: Conduit) -> None:
    author, reader = await world.sign_up(), await world.sign_up()
    article = await author.publish(tagList=[world.unique_name("tag")])
    await author.add_comment(article)
    await reader.starts_following(author)
    for answer in (
        await reader.view_profile(author.username),
        await reader.read(article),
        await reader.list(author=author.username),
        await reader.feed(),
        await reader.comments(article),
        await reader.favorite(article),
    ):
        body = answer.response.body.decode("utf-8", "replace")
        expect(body, f"the response when {answer.exchange.label}").lacks(author.email)


@check(
    title="No answer about an account holds the password or a hash of it",
    aspect=Aspect.SECURITY,
    stage=2,
    clause="S3",
    why="A hash in a response ends up in every proxy, log and browser on the way.",
    cites=EXPOSURE,
    skills=SKILLS,
)
async def accounts_hold_no_password(world: Conduit) -> None:
    account = world.new_account()
    registered = await world.register(account)
    person = await world.sign_up()
    for answer, password in (
        (registered, account["password"]),
        (await world.log_in(person.email, person.password), person.password),
        (await person.me(), person.password),
        (await person.change(bio="b"), person.password),
    ):
        body = answer.response.body.decode("utf-8", "replace")
        what = f"the response when {answer.exchange.label}"
        expect(body, what).lacks(password)
        expect(body.lower(), what).lacks('"password')
        expect(HASH.search(body.encode()), f"a hash in {what}").equals(None)


@check(
    title="Refusals show nothing of the server's insides",
    aspect=Aspect.SECURITY,
    stage=9,
    clause="S7",
    why="Stack traces, SQL and file paths tell an attacker how the server is built.",
    hint="Log the details and answer with a short message. Switch off the framework's debug mode.",
    cites=ERRORS,
    skills=SKILLS,
)
async def refusals_show_no_insides(world: Conduit) -> None:
    fixture = await Fixture.prepare(world)
    for operation, request in fixture.with_bodies():
        for body in (b"{", b'{"user":7,"article":7,"comment":7}', b'{"a":"\\u0000"}', b"[1]"):
            label = f"{operation} with {body.decode()}"
            expect_no_internals(await world.send_raw(with_body(request, body), label=label))
    for path in ("/articles?limit=x", "/articles?offset=99999999999999999999", "/nowhere", "/user"):
        expect_no_internals(await world.visitor().ask("GET", path, f"asks for {path}"))
    for comment_id in ("x", "99999999999999999999"):
        expect_no_internals(await fixture.owner.delete_comment(fixture.article, comment_id))


@check(
    title="What the database refuses is said in plain words, not in its own",
    aspect=Aspect.SECURITY,
    stage=9,
    clause="S7",
    why="The names of tables, columns and constraints tell an attacker how the database is built.",
    hint="Catch the driver's errors where they are raised, and answer with a message of your own.",
    cites=ERRORS,
    skills=SKILLS,
)
async def the_database_does_not_speak(world: Conduit) -> None:
    fixture = await Fixture.prepare(world)
    owner, other, article = fixture.owner, fixture.other, fixture.article
    for answer in (
        await world.register(world.new_account(username=owner.username)),
        await world.register(world.new_account(email=owner.email)),
        await other.change(username=owner.username),
        await other.change(bio="nul \0 inside"),
        await owner.post(world.article(title="nul \0 inside")),
        await owner.post(world.article(title="long " * 1000)),
        await owner.edit(article, title=None, body=None),
        await owner.comment(article, "nul \0 inside"),
        await other.follow(other.username),
    ):
        expect_no_internals(answer)


def expect_no_internals(answer: Answer) -> None:
    """Expect that a 4xx or 5xx response matches no pattern of `INTERNALS`."""
    if answer.response.status >= 400:
        for what, pattern in INTERNALS.items():
            if seen := leaked_match(pattern, answer.exchange):
                shown = seen[:120].decode("utf-8", "replace")
                raise answer.failure(f"a response without {what}", shown)


@check(
    title="A login does not tell whether an address has an account",
    aspect=Aspect.SECURITY,
    stage=9,
    clause="A4",
    why="A list of members is worth money, and is the first half of a break-in.",
    cites="OWASP API2:2023 (CWE-204)",
    skills=("security-practices", "oauth-jwt"),
)
async def a_login_does_not_tell_who_is_a_member(world: Conduit) -> None:
    person = await world.sign_up()
    nobody = world.new_email()
    for password in (world.password(), "short"):
        known, again = [await world.log_in(person.email, password) for _ in range(2)]
        unknown = await world.log_in(nobody, password)
        expect(known).refused(because="the password is wrong")
        expect(unknown).refused(because="there is no such account")
        expect(unknown.status, "the status for an unknown address").equals(known.status)
        same = _stable_part(_body_without(known, person.email), _body_without(again, person.email))
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
