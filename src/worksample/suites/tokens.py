"""Tokens: forged, altered and expired ones, and those of deleted accounts."""

from __future__ import annotations

import time

from worksample.checks import (
    Aspect,
    CheckFailed,
    Finding,
    Meaning,
    Skipped,
    Suite,
    World,
    expect,
    precondition,
)
from worksample.errors import DatabaseError
from worksample.messages import message
from worksample.suites.accounts import Account, Accounts
from worksample.suites.jwt import WELL_KNOWN_KEYS, Jwt, key_candidates
from worksample.suites.source_literals import literals_in

CITES = "OWASP API2:2023 Broken Authentication"
SUITE = Suite[Accounts](
    "tokens",
    Accounts,
    aspect=Aspect.SECURITY,
    skills=("oauth-jwt", "security-practices"),
    cites=CITES,
)
LIFETIMES = Suite[Accounts](
    "token-lifetimes",
    Accounts,
    aspect=Aspect.SECURITY,
    skills=SUITE.skills,
    cites="RFC 7519 4.1.4",
)
REVOCATION = Suite[Accounts](
    "token-revocation",
    Accounts,
    aspect=Aspect.SECURITY,
    skills=SUITE.skills,
    cites=f"{CITES} (CWE-613)",
)
_DAY = 86400
#: The clock of the server may differ from ours.
_SLACK = 3600
WHY_FORGED = "Anybody who can forge a token can sign in to every account without a password."


async def expect_token_refused(
    accounts: Accounts, account: Account, token: str, because: str
) -> None:
    """Expect a 401 for a read and a write with `token`, and `account` unchanged."""
    forged = accounts.with_token(account, token)
    expect(await forged.read_self()).unauthenticated(because=because)
    expect(await forged.write_self("forged")).unauthenticated(because=because)
    seen = expect(await account.read_self()).ok()
    what = message("{name} after the refused change", name=accounts.text_name)
    expect(accounts.text_in(seen), what).differs_from("forged")


@SUITE.check(
    title="A token without a signature is refused",
    why=WHY_FORGED,
    hint="State the accepted algorithm when you verify; never take it from the token.",
    cites=f"{CITES}; RFC 8725 2.1 (CWE-347)",
)
async def unsigned_tokens_are_refused(world: World, accounts: Accounts) -> None:
    account = await accounts.own_account()
    jwt = Jwt.parse(account.token or "")
    for algorithm in ("none", "None", "NONE", "nOnE"):
        await expect_token_refused(
            accounts, account, jwt.unsigned(algorithm), "the token is not signed"
        )


@SUITE.check(
    title="A token whose content was altered is refused",
    why="If the signature is not verified, the sender chooses the account id in the token.",
    cites=f"{CITES} (CWE-347)",
)
async def altered_tokens_are_refused(world: World, accounts: Accounts) -> None:
    victim, attacker = await accounts.own_account(), await accounts.own_account()
    theirs, own = Jwt.parse(victim.token or ""), Jwt.parse(attacker.token or "")
    mixed = f"{own.signed_part(own.header, theirs.claims)}.{own.signature}"
    await expect_token_refused(accounts, victim, mixed, "the signature is that of another token")
    longer = f"{own.signed_part(own.header, {**own.claims, 'exp': 4102444800})}.{own.signature}"
    if own.claims.get("exp") != 4102444800:
        await expect_token_refused(accounts, attacker, longer, "the expiry was altered")


@SUITE.check(
    title="A token with a spoilt signature is refused",
    why=WHY_FORGED,
    cites=f"{CITES} (CWE-347)",
)
async def spoilt_signatures_are_refused(world: World, accounts: Accounts) -> None:
    account = await accounts.own_account()
    token = account.token or ""
    head, _, signature = token.rpartition(".")
    middle = len(signature) // 2
    other = "A" if signature[middle : middle + 1] != "A" else "B"
    spoilt = f"{signature[:middle]}{other}{signature[middle + 1 :]}"
    joined = f"{head}.{spoilt}" if head else spoilt
    await expect_token_refused(accounts, account, joined, "the signature was altered")
    await expect_token_refused(accounts, account, token[:-4], "the token is truncated")
    if head:
        await expect_token_refused(accounts, account, f"{head}.", "the signature is missing")


@SUITE.check(
    title="A token signed with a well-known key is refused",
    why="Attackers try the keys of tutorials first. If yours is one of them, every account is "
    "open.",
    hint="Take the key from JWT_SECRET or SECRET_KEY in the environment, and refuse to start "
    "without one.",
    cites=f"{CITES} (CWE-798, CWE-1391)",
)
async def well_known_keys_are_refused(world: World, accounts: Accounts) -> None:
    account = await accounts.own_account()
    jwt = Jwt.parse(account.token or "")
    for key in (*WELL_KNOWN_KEYS, *accounts.product_names):
        answer = await accounts.with_token(account, jwt.with_key(key.encode())).read_self()
        expect(answer).unauthenticated(
            because=message("it is signed with the well-known key {key}", key=repr(key))
        )


@SUITE.check(
    title="The key that signs the tokens does not stand in the code",
    why="Code is copied, shared and published. Everybody who has seen the key can make a token for "
    "every account.",
    hint="Take the key from JWT_SECRET or SECRET_KEY in the environment, and refuse to start "
    "without one.",
    cites=f"{CITES} (CWE-798, CWE-321)",
)
async def the_signing_key_is_not_in_the_code(world: World, accounts: Accounts) -> None:
    account = await accounts.own_account()
    jwt = Jwt.parse(account.token or "")
    provided = set(world.target.environment().values())
    for text, where in literals_in(world.target.built.folder):
        if text not in provided and any(map(jwt.is_signed_with, key_candidates(text))):
            what = "a signing key that comes from the environment"
            raise CheckFailed(
                Finding(
                    expected=what, actual=message("the key is a literal in {where}", where=where)
                )
            )


@SUITE.check(
    title="A token says when it expires",
    why="A token that never expires works for ever once it has leaked, and nobody can change it.",
    cites=f"{CITES} (CWE-613); RFC 7519 4.1.4",
)
async def tokens_expire(world: World, accounts: Accounts) -> None:
    account = await accounts.sign_up()
    registered = Jwt.parse(account.token or "")
    signed_in = Jwt.parse((await accounts.sign_in(account)).token or "")
    for jwt, origin in ((registered, "a registration"), (signed_in, "a login")):
        expect(
            jwt.claims.get("exp"), message("`exp` in the token from {origin}", origin=origin)
        ).satisfies(
            lambda exp: isinstance(exp, int | float) and not isinstance(exp, bool),
            "a number: the time at which the token expires",
        )
        lasts = jwt.claims["exp"] - time.time()
        expect(
            lasts, message("the lifetime in seconds of the token from {origin}", origin=origin)
        ).satisfies(lambda seconds: seconds < 400 * 86400, "less than 400 days")


@LIFETIMES.check(
    title="A token lasts for a day at least",
    why="Somebody who writes for an hour and then cannot save has lost the text: without a way to "
    "renew a token, signing in again is the only one.",
    alone=True,
)
async def tokens_last_a_day(world: World, accounts: Accounts) -> None:
    await _expect_accepted_since_the_start(world, accounts)
    account = await accounts.sign_up()
    signed_in = await accounts.sign_in(account)
    for token, origin in ((account.token, "a registration"), (signed_in.token, "a login")):
        ends = Jwt.parse(token or "").claims.get("exp")
        if isinstance(ends, int | float):
            what = message("the lifetime in hours of the token from {origin}", origin=origin)
            expect(round((ends - time.time()) / 3600, 1), what).satisfies(
                lambda hours: hours * 3600 >= _DAY - _SLACK, "at least 24"
            )


async def _expect_accepted_since_the_start(world: World, accounts: Accounts) -> None:
    """Expect that the first token of this run is not refused now, if its account still works.

    Unlike `exp`, this also tells how long the server keeps sessions that say nothing themselves.
    """
    if (first := accounts.first_account()) is None:
        return
    account, seconds = first
    answer = await account.read_self()
    if answer.status not in world.dialect.accepts(Meaning.UNAUTHENTICATED):
        return
    again = await accounts.sign_in(account)
    precondition(await again.read_self(), Meaning.OK, needs=accounts.signing_in_check)
    expected = message(
        "a token that was given out {seconds} s ago, and not used since, is accepted",
        seconds=f"{seconds:.0f}",
    )
    raise answer.failure(expected, str(answer.status))


@REVOCATION.check(
    title="After a change of password, tokens from before are refused",
    why="People change a password because somebody else may be signed in. Whoever has an old token "
    "stays in the account as if nothing had happened.",
    hint="Store a number with the account that goes up with each change of password, write it into "
    "every token, and refuse a token with another number.",
)
async def a_new_password_ends_old_tokens(world: World, accounts: Accounts) -> None:
    account = await accounts.sign_up()
    asking = await accounts.sign_in(account)
    answer = await asking.change_password(accounts.new_password())
    changed = precondition(answer, Meaning.OK, needs=accounts.password_change_check)
    current = accounts.after_change(asking, changed)
    expect(await current.read_self()).ok(because="its token is that of the answer to the change")
    before = "the token was given out before the password was changed"
    await expect_token_refused(accounts, current, account.token or "", before)


@SUITE.check(
    title="An expired token is refused",
    why="An expiry that the server does not check has no effect.",
    cites=f"{CITES} (CWE-613); RFC 7519 4.1.4",
)
async def expired_tokens_are_refused(world: World, accounts: Accounts) -> None:
    account = await accounts.own_account()
    jwt = Jwt.parse(account.token or "")
    key = _signing_key(world, jwt)
    hour_ago = int(time.time()) - 3600
    expired = jwt.with_key(key, exp=hour_ago, iat=hour_ago - 3600, nbf=hour_ago - 3600)
    await expect_token_refused(accounts, account, expired, "the token expired an hour ago")


def _signing_key(world: World, jwt: Jwt) -> bytes:
    """Return the signing key of the server, if it is a value of the environment it was given.

    Raises `Skipped` otherwise: without the key, no expired token can be made.
    """
    for value in world.target.environment().values():
        for key in key_candidates(value):
            if jwt.is_signed_with(key):
                return key
    raise Skipped("the signing key is not in the environment, so no expired token can be made")


@SUITE.check(
    title="The token of an account that is gone is refused",
    why="An account is deleted for a reason; its token must not be able to write.",
    cites=f"{CITES} (CWE-613)",
)
async def tokens_of_deleted_accounts_are_refused(world: World, accounts: Accounts) -> None:
    account = await accounts.own_account()
    expect(await account.read_self()).ok(because="the account is not deleted yet")
    try:
        gone = await world.database.delete_rows_containing(account.marker)
    except DatabaseError as error:
        why = str(error).partition("\n")[0]
        raise Skipped(
            message("the account cannot be deleted from the database: {why}", why=why)
        ) from None
    if not gone:
        raise Skipped("the account is not in the database of DATABASE_URL")
    because = "the account was deleted"
    expect(await account.read_self()).unauthenticated(because=because)
    expect(await account.write_elsewhere()).unauthenticated(because=because)
    expect(await account.write_self("a ghost")).unauthenticated(because=because)
