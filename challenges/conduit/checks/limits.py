"""Limits on the size of a request (S8)."""

from __future__ import annotations

from worksample.checks import Aspect, Meaning, check, expect, precondition
from worksample.probes.exchange import Request

from .valid_requests import Fixture
from .world import Conduit

CITES = "OWASP API4:2023 Unrestricted Resource Consumption (CWE-770)"
SKILLS = ("security-practices", "api-design")
WHY = "A server that reads bodies of any size can be exhausted from a single phone."
TOO_LARGE = 1_500_000
CHUNK = 50_000
REFUSED = (Meaning.TOO_LARGE, Meaning.INVALID, Meaning.MALFORMED)


@check(
    title="A body of more than 1 MiB is refused",
    aspect=Aspect.SECURITY,
    stage=9,
    clause="S8",
    why=WHY,
    hint="Check Content-Length before you read, and count the bytes while you read.",
    cites=CITES,
    skills=SKILLS,
)
async def large_bodies_are_refused(world: Conduit) -> None:
    author = await world.sign_up()
    before = expect(await author.list(author=author.username)).ok().at("articlesCount")
    answer = await author.post(world.article(body="x" * TOO_LARGE))
    expect(answer).means(*REFUSED, because="it is larger than 1 MiB")
    after = expect(await author.list(author=author.username)).ok().at("articlesCount")
    expect(after, "articlesCount of the author afterwards").equals(before)


@check(
    title="A body of more than 1 MiB is refused with 413",
    aspect=Aspect.CONTRACT,
    stage=9,
    clause="S8",
    why="A client that gets a 413 can send less; with another status it sends the same again.",
    cites="RFC 9110 15.5.14",
    skills=SKILLS,
)
async def large_bodies_are_answered_with_413(world: Conduit) -> None:
    author = await world.sign_up()
    answer = precondition(
        await author.post(world.article(body="x" * TOO_LARGE)),
        *REFUSED,
        needs="large-bodies-are-refused",
    )
    expect(answer).exactly(Meaning.TOO_LARGE, because="it is larger than 1 MiB")


@check(
    title="A body of more than 1 MiB that does not say its size is refused too",
    aspect=Aspect.SECURITY,
    stage=9,
    clause="S8",
    why="An attacker leaves out Content-Length.",
    hint="Count the bytes while you read; a limit on Content-Length alone is easily bypassed.",
    cites=CITES,
    skills=SKILLS,
)
async def large_chunked_bodies_are_refused(world: Conduit) -> None:
    fixture = await Fixture.prepare(world)
    whole = fixture.request("publish")
    filled = whole.body.replace(b'"body":"', b'"body":"' + b"x" * TOO_LARGE, 1)
    pieces = [filled[at : at + CHUNK] for at in range(0, len(filled), CHUNK)]
    body = b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"
    headers = (*whole.headers, ("Transfer-Encoding", "chunked"))
    before = await _count(world, fixture)
    request = Request(whole.method, whole.target, headers, body)
    answer = await world.send_raw(request, label="publishes 1.5 MB in chunks", fresh=True)
    expect(answer).means(*REFUSED, because="it is larger than 1 MiB")
    expect(await _count(world, fixture), "articlesCount of the author afterwards").equals(before)


async def _count(world: Conduit, fixture: Fixture) -> object:
    return expect(await fixture.owner.list(author=fixture.owner.username)).ok().at("articlesCount")


@check(
    title="An article of 100,000 characters is no attack",
    aspect=Aspect.SECURITY,
    stage=9,
    clause="S8",
    why="A limit that is too low loses the longest articles, which took the most work.",
    skills=SKILLS,
)
async def long_articles_are_welcome(world: Conduit) -> None:
    author = await world.sign_up()
    for story in ("A long story. ", "很长的故事。"):
        body = (story * 20_000)[:100_000]
        answer = expect(await author.post(world.article(body=body))).created()
        seen = await world.visitor().sees(str(answer.at("article", "slug")))
        expect(len(str(seen.get("body"))), "the length of the body in characters").equals(100_000)
        expect(seen.get("body") == body, "the body equals the text that was sent").is_true()


@check(
    title="A password of 100,000 characters does not hold up the server",
    aspect=Aspect.SECURITY,
    stage=9,
    clause="G4",
    why="Some slow hashes take time in proportion to the password: a few such logins, and nobody "
    "else can sign in.",
    hint="Refuse passwords beyond a limit (1,024 characters, say) before you hash them.",
    cites=CITES,
    skills=SKILLS,
)
async def long_passwords_are_answered(world: Conduit) -> None:
    person = await world.sign_up()
    long = "x" * 100_000
    expect(await world.log_in(person.email, long)).refused(because="the password is wrong")
    expect(await world.register(world.new_account(password=long))).not_server_error()
