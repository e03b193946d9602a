"""Mass assignment: extra fields in a request must not change anything."""

from __future__ import annotations

from typing import Any, Protocol

from worksample.checks import Answer, Aspect, Meaning, Skipped, Suite, World, expect
from worksample.messages import message
from worksample.suites.accounts import Account, Accounts
from worksample.suites.jwt import Jwt

WHY = "A field that was never meant to be writable is set by the first person who tries."
HINT = "List the fields that a request may set, instead of passing on the whole body."
CITES = "OWASP API3:2023 Broken Object Property Level Authorization (CWE-915)"
SKILLS = ("security-practices", "api-design")
LONG_AGO = "1999-12-31T23:59:59.000Z"
Json = dict[str, Any]
#: Fields that no client may set, in the spellings that attackers try.
COMMON_FIELDS: Json = {
    "id": 1,
    "user_id": 1,
    "userId": 1,
    "createdAt": LONG_AGO,
    "created_at": LONG_AGO,
    "updatedAt": LONG_AGO,
    "updated_at": LONG_AGO,
}
_TIMES = ("createdAt", "updatedAt", "created_at", "updated_at")


class GuardedWrite(Protocol):
    """One write operation, with data of its own for one check."""

    @property
    def success(self) -> Meaning:
        """The meaning of an answer to a successful write."""

    @property
    def written(self) -> str:
        """What is written, for findings."""

    async def prepare(self) -> Json:
        """Create the data; return the extra fields that a client must not set."""

    async def send(self, extra: Json) -> Answer:
        """Send the valid write with the extra fields."""

    async def look(self, answer: Answer, accepted: bool) -> Json:
        """Return what was written, as others see it; {} if a refusal left nothing.

        Raises `CheckFailed` if one of the extra fields was stored, or changed other data.
        """


SUITE = Suite[GuardedWrite](
    "mass-assignment", GuardedWrite, aspect=Aspect.SECURITY, skills=SKILLS, cites=CITES
)


@SUITE.check(title="A write sets what the brief names, and nothing else", why=WHY, hint=HINT)
async def a_write_sets_nothing_else(world: World, write: GuardedWrite) -> None:
    extra = await write.prepare()
    answer = await write.send({**COMMON_FIELDS, **extra})
    accepted = expect_accepted_or_refused(answer, write.success)
    seen = await write.look(answer, accepted)
    for name in _TIMES:
        if name in seen:
            expect(
                seen[name], message("{name} of {written}", name=name, written=write.written)
            ).satisfies(
                lambda value: not str(value).startswith("1999"),
                "the time at which the server stored it",
            )


def expect_accepted_or_refused(answer: Answer, meaning: Meaning) -> bool:
    """Expect a status of `meaning` or a refusal; return whether the request was accepted."""
    expect(answer).means(
        meaning,
        Meaning.INVALID,
        Meaning.MALFORMED,
        because="extra fields are either ignored or refused",
    )
    return answer.status in answer.dialect.accepts(meaning)


class GuardedAccounts(Accounts, Protocol):
    """Accounts whose registration can be sent with extra fields."""

    async def register_with(self, extra: Json) -> Answer:
        """Send a valid registration with extra fields."""

    def token_in(self, answer: Answer) -> object:
        """Return the token in the answer to a registration; None if it has none."""


ACCOUNTS = Suite[GuardedAccounts](
    "mass-assignment-of-accounts",
    GuardedAccounts,
    aspect=Aspect.SECURITY,
    skills=SKILLS,
    cites=CITES,
)


@ACCOUNTS.check(
    title="Registering and changing an account sets what the brief names, and nothing else",
    why="`id`, `role` and `password_hash` have each been used to take over an account.",
    hint=HINT,
)
async def accounts_set_nothing_else(world: World, accounts: GuardedAccounts) -> None:
    victim = await accounts.own_account()
    number = account_id_of(victim)
    grab = {"id": number, "user_id": number, "role": "admin", "is_admin": True}
    answer = await accounts.register_with({**grab, "token": "x"})
    if expect_accepted_or_refused(answer, Meaning.CREATED):
        expect(accounts.token_in(answer), "the token").differs_from("x")
    account = await accounts.own_account()
    hashes = dict.fromkeys(
        ("password_hash", "passwordHash", "hash", "salt", "hashed_password"), world.unique_name()
    )
    answer = await accounts.write_with(account, "mine", {**grab, **hashes})
    expect_accepted_or_refused(answer, Meaning.OK)
    for who in (account, victim):
        expect(await accounts.log_in(who.login, who.password)).ok(
            because="the password was not changed"
        )
    seen = expect(await victim.read_self()).ok()
    expect(accounts.login_in(seen), "the login of another account").equals(victim.login)
    what = message("{name} of another account", name=accounts.text_name)
    expect(accounts.text_in(seen), what).differs_from("mine")


def account_id_of(account: Account) -> Any:
    """Return the account id that the token of `account` holds, or 1 when it holds none."""
    try:
        claims = Jwt.parse(account.token or "").claims
    except Skipped:
        return 1
    told = next((claims[name] for name in ("sub", "id", "user_id", "userId") if name in claims), 1)
    return int(told) if isinstance(told, str) and told.isdecimal() else told
