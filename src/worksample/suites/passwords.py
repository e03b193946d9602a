"""Passwords: only the right one signs in, and every character counts."""

from __future__ import annotations

from typing import Any

from worksample.checks import Answer, Aspect, Suite, World, expect, expect_success, rule
from worksample.messages import message
from worksample.suites.accounts import MISSING, Accounts

EMOJI = "🦊🐙🌻🍉🚲🎻⛵🧭"
#: Together they have fewer bytes than bcrypt reads.
SCRIPTS = ("пароль", "كلمةالسر", "秘密的词语", "🦊🌻🧭")
HAN = "山水風雨雷電雲雪春夏秋冬東西南北"
#: `length` and `blank` are rules that a challenge may name: how long a password may be, and that it
#: is not blank.
SUITE = Suite[Accounts](
    "passwords",
    Accounts,
    aspect=Aspect.BEHAVIOUR,
    skills=("rest", "security-practices", "cryptography"),
)


@SUITE.check(
    title="A wrong password is refused",
    why="Anybody can sign in to an account whose password is not compared.",
    cites="OWASP API2:2023 broken authentication",
)
async def a_wrong_password_is_refused(world: World, accounts: Accounts) -> None:
    account, other = await accounts.own_account(), await accounts.own_account()
    right = account.password
    for wrong in (other.password, right[:-1], f"{right}x", right.swapcase()):
        expect(await accounts.log_in(account.login, wrong)).bad_login(
            because="the password is wrong"
        )
    await _expect_entry(world, accounts, account.login, right, because="the password is right")


@SUITE.check(
    title="An unknown address gets the same refusal as a wrong password",
    why="If the two differ, anybody can test which of a million addresses have an account.",
    cites="CWE-204: observable response discrepancy",
)
async def an_unknown_address_gets_the_same_refusal(world: World, accounts: Accounts) -> None:
    account = await accounts.own_account()
    wrong = expect(await accounts.log_in(account.login, accounts.new_password())).bad_login()
    unknown = expect(await accounts.log_in(accounts.new_login(), account.password)).bad_login()
    expect(unknown.status, "the status for an unknown address").equals(wrong.status)
    expect(_error_body(unknown), "the error for an unknown address").equals(_error_body(wrong))


@SUITE.check(
    title="Nobody signs in without a password or without an address",
    why="A comparison that succeeds for an empty or missing password opens every account.",
    cites="CWE-287: improper authentication",
)
async def nobody_signs_in_with_half_of_it(world: World, accounts: Accounts) -> None:
    account = await accounts.own_account()
    login, password = account.login, account.password
    for half in (
        (login, MISSING),
        (MISSING, password),
        (login, ""),
        (login, None),
        (None, password),
    ):
        answer = await accounts.log_in(*half)
        expect(answer).refused(because="address and password are both needed")


@SUITE.check(
    title="After a change of password the new one works and the old one does not",
    why="People change a password because somebody else may know the old one.",
    hint="Hash the changed password too, before it is stored.",
    cites="OWASP API2:2023 broken authentication",
)
async def a_new_password_replaces_the_old_one(world: World, accounts: Accounts) -> None:
    account = await accounts.own_account()
    old = account.password
    for new in (accounts.new_password(), accounts.new_password()):
        changed = expect(await account.change_password(new)).ok()
        account = accounts.after_change(account, changed)
        login = accounts.login_in(changed)
        because = "it is the new password"
        answer = await _expect_entry(world, accounts, login, new, because=because)
        expect(accounts.login_in(answer), "the account signed in to").equals(account.login)
        expect(await accounts.log_in(login, old)).bad_login(because="it is the old password")
        old = new


@SUITE.check(
    title="A password that is too short to register with cannot be changed to",
    why="A rule that is only checked when registering is bypassed by a change.",
    cites="CWE-521: weak password requirements",
)
async def a_password_cannot_be_changed_to_a_short_one(world: World, accounts: Accounts) -> None:
    account = await accounts.own_account()
    before = accounts.text_in(expect(await account.read_self()).ok())
    for short, name in (("", "blank"), ("Aa1!xyz", "length"), (" " * 12, "blank")):
        text = world.unique_name("text")
        with rule(name) as kept:
            expect(await accounts.write_with(account, text, {"password": short})).invalid()
        if kept.broken:
            return
    expect(await account.change_password(None)).not_server_error()
    because = "the change was refused, so the old password still works"
    await _expect_entry(world, accounts, account.login, account.password, because=because)
    seen = accounts.text_in(expect(await account.read_self()).ok())
    what = message("{name} that the refused request held", name=accounts.text_name)
    expect(seen, what).one_of((before, None, ""))


@SUITE.check(
    title="A password in any script works, and no other in that script",
    why="Where letters outside ASCII are dropped or become question marks, half of the world "
    "shares one password.",
)
async def a_password_in_any_script_works(world: World, accounts: Accounts) -> None:
    right = f"Aa1!{world.unique_name('', 4)}{''.join(SCRIPTS)}"
    login, answer = await accounts.register(right)
    expect(answer).created(because="a password may be in any script")
    await _expect_entry(world, accounts, login, right)
    for letters in SCRIPTS:
        wrong = right.replace(letters, letters[-1] + letters[1:-1] + letters[0])
        expect(await accounts.log_in(login, wrong)).bad_login(because="two characters are swapped")


@SUITE.check(
    title="Spaces in a password count, also at its ends",
    why="Pass phrases have spaces. If they are trimmed at registration but not at sign-in, people "
    "are locked out.",
    cites="OWASP Authentication Cheat Sheet: allow all characters, also white space",
)
async def spaces_in_a_password_count(world: World, accounts: Accounts) -> None:
    words = f"Aa1! {world.unique_name()}  {world.unique_name()}"
    login, answer = await accounts.register(f" {words} ")
    expect(answer).created(because="a password may have spaces")
    await _expect_entry(world, accounts, login, f" {words} ")
    for other in (words, f" {words}", f" {words.replace('  ', ' ')} "):
        expect(await accounts.log_in(login, other)).bad_login(
            because="a space is missing, and every character counts"
        )


@SUITE.check(
    title="Every one of 64 characters of a password counts, in any script",
    why="A hash function that reads only 72 bytes accepts everybody who knows the beginning of a "
    "pass phrase: 24 Chinese characters fill 72 bytes.",
    hint="bcrypt reads at most 72 bytes: hash with Argon2id or scrypt instead.",
    cites="OWASP Password Storage Cheat Sheet: input limits of bcrypt",
)
async def every_character_of_a_password_counts(world: World, accounts: Accounts) -> None:
    latin = f"Aa1!{world.unique_name('', 60)}"
    chinese = f"Aa1!{''.join(world.rng.choices(HAN, k=60))}"
    for right, last in ((latin, "Z"), (chinese, "火")):
        login, answer = await accounts.register(right)
        with rule("length") as length:
            expect(answer).created(because="64 characters are allowed")
        if length.broken:
            continue
        await _expect_entry(world, accounts, login, right)
        expect(await accounts.log_in(login, right[:-1] + last)).bad_login(
            because="the 64th character differs"
        )


@SUITE.check(
    title="Every character of a changed password counts, too",
    why="The code that changes a password is often not the code that registers one.",
    cites="OWASP Password Storage Cheat Sheet: input limits of bcrypt",
)
async def every_character_of_a_changed_password_counts(world: World, accounts: Accounts) -> None:
    account = await accounts.own_account()
    right = f" Aa1!{''.join(world.rng.choices(HAN, k=58))} "
    with rule("length") as length:
        expect(await account.change_password(right)).ok(because="64 characters are allowed")
    if length.broken:
        return
    await _expect_entry(world, accounts, account.login, right)
    for wrong in (f"{right[:-1]}火", f"{right[:-2]}火 ", right.strip()):
        expect(await accounts.log_in(account.login, wrong)).bad_login(because="its end differs")


@SUITE.check(
    title="The 64 characters that a password may have are characters, not bytes or halves",
    why="An emoji is two UTF-16 units in JavaScript and Java, and four bytes in UTF-8: with such a "
    "count, 20 characters are refused as more than 64.",
    hint="Count code points: `[...text].length` in JavaScript, `codePointCount` in Java.",
)
async def a_password_is_measured_in_characters(world: World, accounts: Accounts) -> None:
    right = f"Aa1!{''.join(world.rng.choices(EMOJI, k=60))}"
    login, answer = await accounts.register(right)
    with rule("length") as length:
        expect(answer).created(because="it has 64 characters")
    if not length.broken:
        await _expect_entry(world, accounts, login, right)


async def _expect_entry(
    world: World, accounts: Accounts, login: Any, password: str, because: str = ""
) -> Answer:
    """Expect that signing in succeeds; with which status is asked elsewhere."""
    answer = await accounts.log_in(login, password)
    return expect_success(world, answer, needs=accounts.signing_in_check, because=because)


def _error_body(answer: Answer) -> Any:
    """Return the error of a refusal, without fields that differ between answers."""
    said = answer.json()
    for key in ("errors", "message", "detail", "error"):
        if isinstance(said, dict) and key in said:
            return said[key]
    return said
