"""Tokens: forged, altered and expired ones, and those of renamed or deleted accounts (S2)."""

from __future__ import annotations

import time

import psycopg

from worksample.checks import Answer, Aspect, CheckFailed, Finding, Meaning, Skipped, check, expect
from worksample.probes.database import delete_rows_containing

from .jwt_forging import WELL_KNOWN_KEYS, Jwt, key_candidates
from .source_literals import literals_in
from .world import Conduit, Person

CITES = "OWASP API2:2023 Broken Authentication"
SKILLS = ("oauth-jwt", "security-practices")
WHY_FORGED = "Anybody who can forge a token can sign in to every account without a password."


async def expect_token_refused(world: Conduit, person: Person, token: str, because: str) -> None:
    """Expect a 401 for a read and a write with `token`, and the account of `person` unchanged."""
    forged = world.person(person.username, token)
    expect(await forged.me()).unauthenticated(because=because)
    expect(await forged.change(bio="forged")).unauthenticated(because=because)
    seen = expect(await person.me()).ok()
    expect(seen.at("user", "bio"), "the bio after the refused change").differs_from("forged")


@check(
    title="A token without a signature is refused",
    aspect=Aspect.SECURITY,
    stage=9,
    clause="S2",
    why=WHY_FORGED,
    hint="State the accepted algorithm when you verify; never take it from the token.",
    cites=f"{CITES}; RFC 8725 2.1 (CWE-347)",
    skills=SKILLS,
)
async def unsigned_tokens_are_refused(world: Conduit) -> None:
    person = await world.sign_up()
    jwt = Jwt.parse(person.token or "")
    for algorithm in ("none", "None", "NONE", "nOnE"):
        await expect_token_refused(
            world, person, jwt.unsigned(algorithm), "the token is not signed"
        )


@check(
    title="A token whose content was altered is refused",
    aspect=Aspect.SECURITY,
    stage=9,
    clause="S2",
    why="If the signature is not verified, the sender chooses the account id in the token.",
    cites=f"{CITES} (CWE-347)",
    skills=SKILLS,
)
async def altered_tokens_are_refused(world: Conduit) -> None:
    victim, attacker = await world.sign_up(), await world.sign_up()
    theirs, own = Jwt.parse(victim.token or ""), Jwt.parse(attacker.token or "")
    mixed = f"{own.signed_part(own.header, theirs.claims)}.{own.signature}"
    await expect_token_refused(world, victim, mixed, "the signature is that of another token")
    longer = f"{own.signed_part(own.header, {**own.claims, 'exp': 4102444800})}.{own.signature}"
    if own.claims.get("exp") != 4102444800:
        await expect_token_refused(world, attacker, longer, "the expiry was altered")


@check(
    title="A token with a spoilt signature is refused",
    aspect=Aspect.SECURITY,
    stage=9,
    clause="S2",
    why=WHY_FORGED,
    cites=f"{CITES} (CWE-347)",
    skills=SKILLS,
)
async def spoilt_signatures_are_refused(world: Conduit) -> None:
    person = await world.sign_up()
    token = person.token or ""
    head, _, signature = token.rpartition(".")
    middle = len(signature) // 2
    other = "A" if signature[middle : middle + 1] != "A" else "B"
    spoilt = f"{signature[:middle]}{other}{signature[middle + 1 :]}"
    joined = f"{head}.{spoilt}" if head else spoilt
    await expect_token_refused(world, person, joined, "the signature was altered")
    await expect_token_refused(world, person, token[:-4], "the token is truncated")
    if head:
        await expect_token_refused(world, person, f"{head}.", "the signature is missing")


@check(
    title="A token signed with a well-known key is refused",
    aspect=Aspect.SECURITY,
    stage=9,
    clause="S2",
    why="Attackers try the keys of tutorials first. If yours is one of them, every account is "
    "open.",
    hint="Take the key from JWT_SECRET or SECRET_KEY in the environment, and refuse to start "
    "without one.",
    cites=f"{CITES} (CWE-798, CWE-1391)",
    skills=SKILLS,
)
async def well_known_keys_are_refused(world: Conduit) -> None:
    person = await world.sign_up()
    jwt = Jwt.parse(person.token or "")
    for key in WELL_KNOWN_KEYS:
        answer = await world.person(person.username, jwt.with_key(key.encode())).me()
        expect(answer).unauthenticated(because=f"it is signed with the well-known key {key!r}")


@check(
    title="The key that signs the tokens does not stand in the code",
    aspect=Aspect.SECURITY,
    stage=9,
    clause="S2",
    why="Code is copied, shared and published. Everybody who has seen the key can make a token for "
    "every account.",
    hint="Take the key from JWT_SECRET or SECRET_KEY in the environment, and refuse to start "
    "without one.",
    cites=f"{CITES} (CWE-798, CWE-321)",
    skills=SKILLS,
)
async def the_signing_key_is_not_in_the_code(world: Conduit) -> None:
    person = await world.sign_up()
    jwt = Jwt.parse(person.token or "")
    provided = set(world.target.environment().values())
    for text, where in literals_in(world.target.built.folder):
        if text not in provided and any(map(jwt.is_signed_with, key_candidates(text))):
            what = "a signing key that comes from the environment"
            raise CheckFailed(Finding(expected=what, actual=f"the key is a literal in {where}"))


@check(
    title="A token says when it expires",
    aspect=Aspect.SECURITY,
    stage=9,
    clause="S2",
    why="A token that never expires works for ever once it has leaked, and nobody can change it.",
    cites=f"{CITES} (CWE-613); RFC 7519 4.1.4",
    skills=SKILLS,
)
async def tokens_expire(world: Conduit) -> None:
    person = await world.sign_up()
    registered = Jwt.parse(person.token or "")
    signed_in = Jwt.parse((await world.sign_in(person.email, person.password)).token or "")
    for jwt, origin in ((registered, "a registration"), (signed_in, "a login")):
        expect(jwt.claims.get("exp"), f"`exp` in the token from {origin}").satisfies(
            lambda exp: isinstance(exp, int | float) and not isinstance(exp, bool),
            "a number: the time at which the token expires",
        )
        lasts = jwt.claims["exp"] - time.time()
        expect(lasts, f"the lifetime in seconds of the token from {origin}").satisfies(
            lambda seconds: seconds < 400 * 86400, "less than 400 days"
        )


@check(
    title="An expired token is refused",
    aspect=Aspect.SECURITY,
    stage=9,
    clause="S2",
    why="An expiry that the server does not check has no effect.",
    cites=f"{CITES} (CWE-613); RFC 7519 4.1.4",
    skills=SKILLS,
)
async def expired_tokens_are_refused(world: Conduit) -> None:
    person = await world.sign_up()
    jwt = Jwt.parse(person.token or "")
    key = _signing_key(world, jwt)
    hour_ago = int(time.time()) - 3600
    expired = jwt.with_key(key, exp=hour_ago, iat=hour_ago - 3600, nbf=hour_ago - 3600)
    await expect_token_refused(world, person, expired, "the token expired an hour ago")


def _signing_key(world: Conduit, jwt: Jwt) -> bytes:
    """Return the signing key of the server, if it is a value of the environment it was given.

    Raises `Skipped` otherwise: without the key, no expired token can be made.
    """
    for value in world.target.environment().values():
        for key in key_candidates(value):
            if jwt.is_signed_with(key):
                return key
    raise Skipped("the signing key is not in the environment, so no expired token can be made")


@check(
    title="The token of an account that is gone is refused",
    aspect=Aspect.SECURITY,
    stage=9,
    clause="S2",
    why="An account is deleted for a reason; its token must not be able to publish.",
    cites=f"{CITES} (CWE-613)",
    skills=SKILLS,
)
async def tokens_of_deleted_accounts_are_refused(world: Conduit) -> None:
    person = await world.sign_up()
    expect(await person.me()).ok(because="the account is not deleted yet")
    try:
        gone = await delete_rows_containing(world.database, person.username)
    except psycopg.Error as error:
        why = str(error).partition("\n")[0]
        raise Skipped(f"the account cannot be deleted from the database: {why}") from None
    if not gone:
        raise Skipped("the account is not in the database of DATABASE_URL")
    because = "the account was deleted"
    expect(await person.me()).unauthenticated(because=because)
    expect(await person.post(world.article())).unauthenticated(because=because)
    expect(await person.change(bio="a ghost")).unauthenticated(because=because)


@check(
    title="A token goes on meaning the same account when somebody else takes its old name",
    aspect=Aspect.SECURITY,
    stage=9,
    clause="S2",
    why="If the token holds the name and somebody else registers it, one of the two gets access to "
    "the account of the other.",
    hint="Store the id of the account in the token, not its name or address.",
    cites=f"{CITES} (CWE-287)",
    skills=SKILLS,
)
async def tokens_survive_a_change_of_name(world: Conduit) -> None:
    person = await world.sign_up()
    old_name, new_name = person.username, world.unique_name("n")
    expect(await person.change(username=new_name)).ok()
    await _reregister(world, username=old_name)
    seen = await _expect_still_valid(person)
    expect(seen.at("user", "username"), "the account of the token").equals(new_name)
    expect(seen.at("user", "email"), "the account of the token").equals(person.email)


@check(
    title="A token goes on meaning the same account when somebody else takes its old address",
    aspect=Aspect.SECURITY,
    stage=9,
    clause="S2",
    why="If the token holds the address and somebody else registers it, one of the two gets access "
    "to the account of the other.",
    hint="Store the id of the account in the token, not its name or address.",
    cites=f"{CITES} (CWE-287)",
    skills=SKILLS,
)
async def tokens_survive_a_change_of_address(world: Conduit) -> None:
    person = await world.sign_up()
    old, new = person.email, world.new_email()
    expect(await person.change(email=new)).ok()
    await _reregister(world, email=old)
    seen = await _expect_still_valid(person)
    expect(seen.at("user", "username"), "the account of the token").equals(person.username)
    expect(seen.at("user", "email"), "the account of the token").equals(new)


async def _reregister(world: Conduit, **left: str) -> None:
    """Register another account with the name or address in `left`; a refusal is accepted too."""
    account = world.new_account(**left)
    answer = await world.register(account)
    if answer.status in world.dialect.accepts(Meaning.CREATED):
        heir = world.person(account["username"], str(answer.at("user", "token")))
        seen = expect(await heir.me()).ok()
        expect(seen.at("user", "username"), "the account of the token").equals(account["username"])


async def _expect_still_valid(person: Person) -> Answer:
    because = "the token belongs to the account, which only changed its name or address"
    return expect(await person.me()).ok(because=because)
