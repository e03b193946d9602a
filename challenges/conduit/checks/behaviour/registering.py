"""Registration: required fields, and names and addresses that are taken (A1 to A3, A5)."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from worksample.checks import Aspect, Meaning, check, expect

from ..world import Conduit, Json

SKILLS = ("rest", "relational-databases")
story = partial(check, aspect=Aspect.BEHAVIOUR, stage=2, clause="A3", skills=SKILLS)


@story(
    title="A new account has no bio and no picture, and says so with null",
    clause="A1",
    why="Front ends show a placeholder while these are null; an invented text or picture is shown "
    "as if the person had chosen it.",
)
async def a_new_account_has_no_bio_and_no_picture(world: Conduit) -> None:
    account = world.new_account()
    answer = expect(await world.register(account)).created()
    me = expect(await world.person(account["username"], answer.at("user", "token")).me()).ok()
    profile = expect(await world.visitor().view_profile(account["username"])).ok()
    for field in ("bio", "image"):
        expect(answer.at("user", field), f"{field} of the new account").equals(None)
        expect(me.at("user", field), f"{field} when read again").equals(None)
        expect(profile.at("profile", field), f"{field} of the profile").equals(None)


@story(
    title="A username that is taken is refused, and the answer names the field",
    clause="A2",
    why="Two people under one name are mistaken for each other; and people who are not told what "
    "is wrong with a form give up.",
    cites="CWE-694: use of multiple resources with duplicate identifier",
)
async def a_taken_username_is_refused_and_named(world: Conduit) -> None:
    first = await world.sign_up()
    second = world.new_account(username=first.username)
    answer = expect(await world.register(second)).taken(because="another account has this username")
    expect(answer.json(), "the refusal").satisfies(
        _mentions("username"), "a text that names the username"
    )
    expect(await world.log_in(second["email"], second["password"])).refused(
        because="a refused registration must not leave an account behind"
    )
    me = expect(await first.me()).ok()
    expect(me.at("user", "email"), "the address of the first account").equals(first.email)


@story(
    title="An e-mail address that is taken is refused, and the answer names the field",
    clause="A2",
    why="With two accounts on one address, signing in opens one of them by chance.",
    cites="CWE-694: use of multiple resources with duplicate identifier",
)
async def a_taken_address_is_refused_and_named(world: Conduit) -> None:
    first = await world.sign_up()
    second = world.new_account(email=first.email)
    answer = expect(await world.register(second)).taken(because="another account has this address")
    expect(answer.json(), "the refusal").satisfies(
        _mentions("email"), "a text that names the e-mail address"
    )
    expect(await world.visitor().view_profile(second["username"])).missing(
        because="a refused registration must not leave an account behind"
    )
    me = await world.sign_in(first.email, first.password)
    expect(me.username, "the account that the address signs in to").equals(first.username)


@story(
    title="An address in capitals or with spaces around it is the same address when registering",
    clause="A5",
    why="Phones capitalise and add spaces on their own: the person ends up with a second, empty "
    "account and believes that everything is lost.",
    hint="Trim and lower-case the address before you compare it, and add a unique index on it.",
)
async def an_address_in_other_letters_is_taken(world: Conduit) -> None:
    first = await world.sign_up()
    for same_address in (first.email.upper(), f" {first.email} ", first.email.title()):
        second = world.new_account(email=same_address)
        expect(await world.register(second)).taken(because="another account has this address")
        expect(await world.visitor().view_profile(second["username"])).missing(
            because="a refused registration must not leave an account behind"
        )


@story(
    title="Registering needs a username, an address and a password",
    why="Nobody can sign in again to an account without an address or a password.",
    cites="CWE-20: improper input validation",
)
async def every_field_of_a_registration_is_needed(world: Conduit) -> None:
    for field in ("username", "email", "password"):
        account = world.new_account()
        left_out = {name: value for name, value in account.items() if name != field}
        for incomplete in (left_out, {**account, field: None}):
            await _expect_refused(world, incomplete, because=f"the {field} is missing")
        expect(await world.register(account)).created(
            because="a refused registration must not reserve its name or address"
        )


@story(
    title="Username, address and password may not be blank",
    why="A person without a visible name cannot be linked to, followed or reported.",
    cites="CWE-20: improper input validation",
)
async def no_field_of_a_registration_may_be_blank(world: Conduit) -> None:
    for field, blanks in (("username", ("", "   ")), ("email", ("", "  ")), ("password", ("",))):
        for blank in blanks:
            account = world.new_account(**{field: blank})
            await _expect_refused(world, account, because=f"the {field} is blank")
    await _expect_refused(
        world, world.new_account(password=" " * 12), because="twelve spaces are blank"
    )


@story(
    title="An e-mail address needs an @ with something on both sides",
    why="No mail can reach such an address: neither a confirmation nor a password reset.",
    cites="CWE-20: improper input validation",
)
async def an_address_needs_something_on_both_sides(world: Conduit) -> None:
    name = world.unique_name("u")
    for address in (name, f"@{name}.example.com", f"{name}@", f"{name}.example.com"):
        account = world.new_account(email=address)
        await _expect_refused(world, account, because=f"{address} is not an e-mail address")


@story(
    title="A password of seven characters is too short, one of eight is enough",
    why="Short passwords are guessed within hours; a rule that is stricter than the documented one "
    "turns people away.",
    skills=("rest", "security-practices"),
    cites="CWE-521: weak password requirements",
)
async def a_password_needs_eight_characters(world: Conduit) -> None:
    short, enough = f"Aa1!{world.unique_name('', 3)}", f"Aa1!{world.unique_name('', 4)}"
    account = world.new_account(password=short)
    await _expect_refused(world, account, because="it has seven characters")
    answer = expect(await world.register({**account, "password": enough})).created(
        because="it has eight characters"
    )
    expect(answer.at("user", "username"), "the username").equals(account["username"])
    expect(await world.log_in(account["email"], enough)).ok()


async def _expect_refused(world: Conduit, account: Json, because: str) -> None:
    answer = await world.register(account)
    expect(answer).means(Meaning.INVALID, Meaning.MALFORMED, because=because)


def _mentions(field: str) -> Callable[[Any], bool]:
    """Return a predicate for refusals that name `field`; "e-mail" and "user name" count too."""
    gaps = {ord(sign): None for sign in " -_"}
    return lambda refusal: field in str(refusal).lower().translate(gaps)
