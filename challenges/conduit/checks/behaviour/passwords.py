"""Passwords: only the right one signs in, and every character counts (A3, A4, A8)."""

from __future__ import annotations

from functools import partial
from typing import Any

from worksample.checks import Answer, Aspect, check, expect

from ..world import Conduit

SKILLS = ("rest", "security-practices", "cryptography")
EMOJI = "🦊🐙🌻🍉🚲🎻⛵🧭"
HAN = "山水風雨雷電雲雪春夏秋冬東西南北"
story = partial(check, aspect=Aspect.BEHAVIOUR, stage=2, clause="A3", skills=SKILLS)


@story(
    title="A wrong password is refused",
    clause="A4",
    why="Anybody can sign in to an account whose password is not compared.",
    cites="OWASP API2:2023 broken authentication",
)
async def a_wrong_password_is_refused(world: Conduit) -> None:
    person, other = await world.sign_up(), await world.sign_up()
    right = person.password
    for wrong in (other.password, right[:-1], f"{right}x", right.swapcase()):
        expect(await world.log_in(person.email, wrong)).bad_login(because="the password is wrong")
    expect(await world.log_in(person.email, right)).ok(because="the password is right")


@story(
    title="An unknown address gets the same refusal as a wrong password",
    clause="A4",
    why="If the two differ, anybody can test which of a million addresses have an account.",
    cites="CWE-204: observable response discrepancy",
)
async def an_unknown_address_gets_the_same_refusal(world: Conduit) -> None:
    person = await world.sign_up()
    wrong = expect(await world.log_in(person.email, world.password())).bad_login()
    unknown = expect(await world.log_in(world.new_email(), person.password)).bad_login()
    expect(unknown.status, "the status for an unknown address").equals(wrong.status)
    expect(_error_body(unknown), "the error for an unknown address").equals(_error_body(wrong))


@story(
    title="Nobody signs in without a password or without an address",
    clause="A4",
    why="A comparison that succeeds for an empty or missing password opens every account.",
    cites="CWE-287: improper authentication",
)
async def nobody_signs_in_with_half_of_it(world: Conduit) -> None:
    person = await world.sign_up()
    whole = {"email": person.email, "password": person.password}
    for half in (
        {"email": person.email},
        {"password": person.password},
        {**whole, "password": ""},
        {**whole, "password": None},
        {**whole, "email": None},
    ):
        answer = await world.send("POST", "/users/login", {"user": half}, label="signs in")
        expect(answer).refused(because="address and password are both needed")


@story(
    title="After a change of password the new one works and the old one does not",
    clause="A8",
    why="People change a password because somebody else may know the old one.",
    hint="Hash the changed password too, before it is stored.",
    cites="OWASP API2:2023 broken authentication",
)
async def a_new_password_replaces_the_old_one(world: Conduit) -> None:
    person = await world.sign_up()
    first, second = world.password(), world.password()
    old = person.password
    for new in (first, second):
        changed = expect(await person.change(password=new)).ok()
        person = world.person(person.username, person.token_from(changed))
        email = changed.at("user", "email")
        answer = expect(await world.log_in(email, new)).ok(because="it is the new password")
        expect(answer.at("user", "username"), "the account signed in to").equals(person.username)
        expect(await world.log_in(email, old)).bad_login(because="it is the old password")
        old = new


@story(
    title="After a change of address the new one signs in and the old one does not",
    clause="A8",
    why="The old address may belong to somebody else tomorrow.",
)
async def a_new_address_replaces_the_old_one(world: Conduit) -> None:
    person = await world.sign_up()
    name = world.unique_name("New.")
    changed = expect(await person.change(email=f"{name}@example.com ")).ok()
    expect(changed.at("user", "username"), "the username").equals(person.username)
    for typed in (f"{name}@example.com", f"{name.lower()}@example.com"):
        answer = expect(await world.log_in(typed, person.password)).ok(
            because="it is the new address"
        )
        expect(answer.at("user", "username"), "the account signed in to").equals(person.username)
    expect(await world.log_in(person.email, person.password)).refused(
        because="it is the old address"
    )


@story(
    title="A password that is too short to register with cannot be changed to",
    clause="A7",
    why="A rule that is only checked when registering is bypassed by a change.",
    cites="CWE-521: weak password requirements",
)
async def a_password_cannot_be_changed_to_a_short_one(world: Conduit) -> None:
    person = await world.sign_up()
    for short in ("", "Aa1!xyz", " " * 12):
        expect(await person.change(password=short, bio=world.sentence())).invalid()
    expect(await person.change(password=None)).not_server_error()
    expect(await world.log_in(person.email, person.password)).ok(
        because="the change was refused, so the old password still works"
    )
    me = expect(await person.me()).ok()
    expect(me.at("user", "bio"), "the bio that the refused request held").one_of((None, ""))


@story(
    title="A password in any script works, and no other in that script",
    why="Where letters outside ASCII are dropped or become question marks, half of the world "
    "shares one password.",
)
async def a_password_in_any_script_works(world: Conduit) -> None:
    for letters in ("пароль", "كلمةالسر", "秘密的词语", EMOJI):
        start = f"Aa1!{world.unique_name('', 4)}"
        right = start + letters
        account = world.new_account(password=right)
        expect(await world.register(account)).created(because="a password may be in any script")
        expect(await world.log_in(account["email"], right)).ok()
        wrong = start + letters[-1] + letters[1:-1] + letters[0]
        expect(await world.log_in(account["email"], wrong)).bad_login(
            because="two characters are swapped"
        )


@story(
    title="Spaces in a password count, also at its ends",
    why="Pass phrases have spaces. If they are trimmed at registration but not at sign-in, people "
    "are locked out.",
    cites="OWASP Authentication Cheat Sheet: allow all characters, also white space",
)
async def spaces_in_a_password_count(world: Conduit) -> None:
    words = f"Aa1! {world.unique_name()}  {world.unique_name()}"
    account = world.new_account(password=f" {words} ")
    expect(await world.register(account)).created(because="a password may have spaces")
    expect(await world.log_in(account["email"], f" {words} ")).ok()
    for other in (words, f" {words}", f" {words.replace('  ', ' ')} "):
        expect(await world.log_in(account["email"], other)).bad_login(
            because="a space is missing, and every character counts"
        )


@story(
    title="Every one of 64 characters of a password counts, in any script",
    why="A hash function that reads only 72 bytes accepts everybody who knows the beginning of a "
    "pass phrase: 24 Chinese characters fill 72 bytes.",
    hint="bcrypt reads at most 72 bytes: hash with Argon2id or scrypt instead.",
    cites="OWASP Password Storage Cheat Sheet: input limits of bcrypt",
)
async def every_character_of_a_password_counts(world: Conduit) -> None:
    latin = f"Aa1!{world.unique_name('', 60)}"
    chinese = f"Aa1!{''.join(world.rng.choices(HAN, k=60))}"
    for right, last in ((latin, "Z"), (chinese, "火")):
        account = world.new_account(password=right)
        expect(await world.register(account)).created(because="64 characters are allowed")
        expect(await world.log_in(account["email"], right)).ok()
        expect(await world.log_in(account["email"], right[:-1] + last)).bad_login(
            because="the 64th character differs"
        )


@story(
    title="Every character of a changed password counts, too",
    clause="A8",
    why="The code that changes a password is often not the code that registers one.",
    cites="OWASP Password Storage Cheat Sheet: input limits of bcrypt",
)
async def every_character_of_a_changed_password_counts(world: Conduit) -> None:
    person = await world.sign_up()
    right = f" Aa1!{''.join(world.rng.choices(HAN, k=58))} "
    expect(await person.change(password=right)).ok(because="64 characters are allowed")
    expect(await world.log_in(person.email, right)).ok()
    for wrong in (f"{right[:-1]}火", f"{right[:-2]}火 ", right.strip()):
        expect(await world.log_in(person.email, wrong)).bad_login(because="its end differs")


@story(
    title="The 64 characters that a password may have are characters, not bytes or halves",
    why="An emoji is two UTF-16 units in JavaScript and Java, and four bytes in UTF-8: with such a "
    "count, 20 characters are refused as more than 64.",
    hint="Count code points: `[...text].length` in JavaScript, `codePointCount` in Java.",
)
async def a_password_is_measured_in_characters(world: Conduit) -> None:
    right = f"Aa1!{''.join(world.rng.choices(EMOJI, k=60))}"
    account = world.new_account(password=right)
    expect(await world.register(account)).created(because="it has 64 characters")
    expect(await world.log_in(account["email"], right)).ok()


def _error_body(answer: Answer) -> Any:
    """Return the error of a refusal, without fields that differ between answers."""
    said = answer.json()
    for key in ("errors", "message", "detail", "error"):
        if isinstance(said, dict) and key in said:
            return said[key]
    return said
