"""What answers must never show: secrets, other people's addresses, the server's insides."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import orjson

from worksample.checks import Aspect, Finding, Watch, check, expect, watch
from worksample.probes.exchange import Exchange, Request
from worksample.probes.hostile import with_body

from .valid import Setting
from .world import Conduit

EXPOSURE = "OWASP API3:2023 Broken Object Property Level Authorization (CWE-200)"
ERRORS = "OWASP API8:2023 Security Misconfiguration (CWE-209)"
SKILLS = ("security-practices", "api-design")

_OWN_ACCOUNT = ("register", "login", "currentUser", "updateUser")
_ADDRESS = re.compile(rb"[a-z0-9]{3,}@example\.com", re.I)
_HASH = re.compile(
    rb"\$2[abxy]\$\d\d\$|\$argon2|\$scrypt\$|\$pbkdf2|pbkdf2[_:]sha|pbkdf2:|scrypt:\d+:|\$7\$|\$y\$"
)
_SECRET_NAME = re.compile(
    rb'"(?:[a-z]+_?)?(?:password|passwd|pwd|hash|salt|secret)(?:_?[a-z]+)?"\s*:\s*"', re.I
)
_INSIDES = {
    "a Python stack trace": rb"Traceback \(most recent call last\)|File \\?\"[^\"]+\.py\\?\", line",
    "a JavaScript stack trace": rb"\bat [\w.<>$ ]*\(?(?:file://|node:|/)[^)\s]+:\d+:\d+",
    "a Java stack trace": rb"\bat [\w.$]+\([\w]+\.java:\d+\)|java\.lang\.\w+Exception",
    "a .NET stack trace": rb"\bat [\w.`]+\(.*\) in .+:line \d+|System\.\w+Exception",
    "a Go stack trace": rb"goroutine \d+ \[|panic: ",
    "an error of the database": rb"(?i)syntax error at or near|violates (?:unique|foreign key|"
    rb"not-null|check) constraint|relation \\?\"|SQLSTATE|psycopg|asyncpg|invalid input syntax|"
    rb"invalid byte sequence|current transaction is aborted|unterminated quoted|"
    rb"value too long for type|out of range for type|QueryFailedError|PG::|Npgsql|PSQLException",
    "an SQL statement": rb"\bSELECT .{1,80} FROM \W?\w|\bINSERT INTO \W?\w+|\bUPDATE \W?\w+\W? SET|"
    rb"\bDELETE FROM \W?\w|\bselect (?:\*|\w+\.\w+|\\?\"\w+).{0,80} from \W?\w|"
    rb"\binsert into \W?\w+\W? \(",
    "a path on the server": rb"/(?:usr|home|root|app|opt|srv|var|tmp)/[\w.-]+/[\w./-]+"
    rb"|site-packages|node_modules",
}
_COMPILED = {name: re.compile(pattern) for name, pattern in _INSIDES.items()}


def shown_and_not_sent(pattern: re.Pattern[bytes], exchange: Exchange) -> bytes:
    """Return what of the answer matches `pattern`, unless the request said it first."""
    assert exchange.response is not None
    for found in pattern.finditer(exchange.response.body):
        if found.group() not in _sent(exchange.request):
            return found.group()
    return b""


def _sent(request: Request) -> bytes:
    return request.target.encode("latin-1", "replace") + b"\n" + request.body


class _Scan(Watch):
    """A watch over the bodies of all answers."""

    def see(self, exchange: Exchange) -> Iterator[Finding]:
        if exchange.response is None or not exchange.response.body:
            return
        operation = self.arena.contract.of(exchange, self.arena.dialect.prefix)
        for what, seen in self.scan(operation.id if operation else "", exchange):
            yield Finding(
                expected=f"nothing that shows {what}",
                actual=seen[:120].decode("utf-8", "replace"),
                exchanges=(exchange,),
                culprit=0,
                cause=f"{operation.id if operation else exchange.request.target}: {what}",
            )

    def scan(self, operation: str, exchange: Exchange) -> Iterable[tuple[str, bytes]]:
        """Yield what the answer shows that it should not: in words, and as it stands there."""
        raise NotImplementedError


@watch(
    title="No answer of the whole run shows a password or its hash",
    aspect=Aspect.SECURITY,
    stage=9,
    clause="S3",
    why="A hash in an answer is a hash in every proxy, log and browser on the way.",
    cites=EXPOSURE,
    skills=SKILLS,
)
class NoAnswerShowsAPassword(_Scan):
    """Looks for hashes, for fields named like secrets, and for the password just sent."""

    def scan(self, operation: str, exchange: Exchange) -> Iterable[tuple[str, bytes]]:
        """Yield hashes, secret fields and echoed passwords."""
        assert exchange.response is not None
        if seen := shown_and_not_sent(_HASH, exchange):
            yield "the hash of a password", seen
        if 200 <= exchange.status < 300 and (seen := shown_and_not_sent(_SECRET_NAME, exchange)):
            yield "a secret", seen
        password = _password(exchange.request)
        if password and password in exchange.response.body:
            yield "the password that was sent", password


@watch(
    title="No answer of the whole run shows somebody else's e-mail address",
    aspect=Aspect.SECURITY,
    stage=9,
    clause="S3",
    why="Addresses are what spammers and phishers come for, and the law counts each one.",
    cites=EXPOSURE,
    skills=SKILLS,
)
class NoAnswerShowsAnAddress(_Scan):
    """Looks for addresses in every answer but those about the asker's own account."""

    def scan(self, operation: str, exchange: Exchange) -> Iterable[tuple[str, bytes]]:
        """Yield addresses that the request itself did not hold."""
        if operation not in _OWN_ACCOUNT and (seen := shown_and_not_sent(_ADDRESS, exchange)):
            yield "an e-mail address", seen


@watch(
    title="No answer of the whole run shows the insides of the server",
    aspect=Aspect.SECURITY,
    stage=9,
    clause="S7",
    why="Stack traces, SQL and paths are the map that an attacker would otherwise have to draw.",
    cites=ERRORS,
    skills=SKILLS,
)
class NoAnswerShowsInsides(_Scan):
    """Looks for stack traces, SQL, database errors and paths in refusals and failures."""

    def scan(self, operation: str, exchange: Exchange) -> Iterable[tuple[str, bytes]]:
        """Yield what looks like the server's insides."""
        if exchange.status < 400:
            return
        for what, pattern in _COMPILED.items():
            if seen := shown_and_not_sent(pattern, exchange):
                yield what, seen


def _password(request: Request) -> bytes:
    if b'"password"' not in request.body or len(request.body) > 10_000:
        return b""
    try:
        found = orjson.loads(request.body)["user"]["password"]
    except (ValueError, KeyError, TypeError):
        return b""
    return found.encode() if isinstance(found, str) and len(found) >= 8 else b""


@check(
    title="Profiles, articles and comments never hold an e-mail address",
    aspect=Aspect.SECURITY,
    stage=4,
    clause="S3",
    why="An author object that is the whole row of the account gives every address away.",
    hint="Answer with a type of its own for profiles, instead of the account with fields removed.",
    cites=EXPOSURE,
    skills=SKILLS,
)
async def profiles_hold_no_address(world: Conduit) -> None:
    author, reader = await world.sign_up(), await world.sign_up()
    article = await author.publish(tagList=[world.word("tag")])
    await author.say(article)
    await reader.starts_following(author)
    for answer in (
        await reader.look_at(author.username),
        await reader.read(article),
        await reader.list(author=author.username),
        await reader.feed(),
        await reader.comments(article),
        await reader.favorite(article),
    ):
        body = answer.response.body.decode("utf-8", "replace")
        expect(body, f"what is answered when {answer.exchange.label}").lacks(author.email)


@check(
    title="No answer about an account holds the password or a hash of it",
    aspect=Aspect.SECURITY,
    stage=2,
    clause="S3",
    why="A hash in an answer is a hash in every proxy, log and browser on the way.",
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
        what = f"what is answered when {answer.exchange.label}"
        expect(body, what).lacks(password)
        expect(body.lower(), what).lacks('"password')
        expect(_HASH.search(body.encode()), f"a hash in {what}").equals(None)


@check(
    title="Refusals show nothing of the server's insides",
    aspect=Aspect.SECURITY,
    stage=9,
    clause="S7",
    why="Stack traces, SQL and paths are the map that an attacker would otherwise have to draw.",
    hint="Log the details, answer with a sentence. Switch the framework's debug mode off.",
    cites=ERRORS,
    skills=SKILLS,
)
async def refusals_show_no_insides(world: Conduit) -> None:
    setting = await Setting.prepare(world)
    for operation, request in setting.with_bodies():
        for body in (b"{", b'{"user":7,"article":7,"comment":7}', b'{"a":"\\u0000"}', b"[1]"):
            label = f"{operation} with {body.decode()}"
            answer = await world.send_raw(with_body(request, body), label=label)
            for what, pattern in _COMPILED.items():
                if seen := shown_and_not_sent(pattern, answer.exchange):
                    raise answer.unmet(f"nothing that shows {what}", seen[:120].decode())


@check(
    title="A login does not tell whether an address has an account",
    aspect=Aspect.SECURITY,
    stage=9,
    clause="A4",
    why="A list of who is a member is worth money, and half of a break-in.",
    cites="OWASP API2:2023 (CWE-204)",
    skills=("security-practices", "oauth-jwt"),
)
async def a_login_does_not_tell_who_is_a_member(world: Conduit) -> None:
    person = await world.sign_up()
    nobody = f"{world.word('u')}@example.com"
    wrong = await world.log_in(person.email, world.password())
    unknown = await world.log_in(nobody, world.password())
    expect(wrong).bad_login(because="the password is wrong")
    expect(unknown).bad_login(because="there is no such account")
    expect(unknown.status, "the status for an unknown address").equals(wrong.status)
    bodies = [
        answer.response.body.replace(address.encode(), b"")
        for answer, address in ((wrong, person.email), (unknown, nobody))
    ]
    if bodies[0] != bodies[1]:
        raise unknown.unmet(
            "the same answer as to a wrong password: " + wrong.response.body[:120].decode(),
            unknown.response.body[:120].decode(),
        )
