"""Registration and signing in with an e-mail address: required fields, taken addresses."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from worksample.checks import (
    Answer,
    Aspect,
    Meaning,
    Suite,
    World,
    expect,
    expect_success,
    precondition,
    precondition_success,
    removed_on_failure,
    rule,
)
from worksample.messages import message

Json = dict[str, Any]
LEFT_BEHIND = "a refused registration must not leave an account behind"


class Registration(Protocol):
    """Registers accounts whose fields the suite chooses; one of them is `email`."""

    @property
    def blanks(self) -> Mapping[str, Sequence[str]]:
        """By name of each required field: blank values that must be refused."""

    @property
    def registering_check(self) -> str:
        """The id of the check that tests that an account can be registered."""

    @property
    def signing_in_check(self) -> str:
        """The id of the check that tests that an owner can sign in."""

    def new_fields(self, **fields: Any) -> Json:
        """Return the fields of a registration, unused so far; `fields` override them."""

    def new_address(self, name: str) -> str:
        """Return the e-mail address of `name`."""

    async def register(self, fields: Json) -> Answer:
        """Send a registration with exactly these fields."""

    async def log_in(self, login: Any, password: Any) -> Answer:
        """Send a login."""

    def owner_in(self, answer: Answer) -> Any:
        """Return what identifies the account in an answer to a registration or login."""

    async def expect_no_account(self, fields: Json, because: str) -> None:
        """Expect that no account has been made of these fields; raises `CheckFailed`."""


class NamedRegistration(Registration, Protocol):
    """Registers accounts of which no two have the same name."""

    @property
    def name_field(self) -> str:
        """The field that holds the name, which `owner_in` returns."""


SKILLS = ("rest", "relational-databases")
DUPLICATE = "CWE-694: use of multiple resources with duplicate identifier"
SUITE = Suite[Registration](
    "registration",
    Registration,
    aspect=Aspect.BEHAVIOUR,
    skills=SKILLS,
    cites="CWE-20: improper input validation",
)
NAMES = Suite[NamedRegistration](
    "registration-of-names",
    NamedRegistration,
    aspect=Aspect.BEHAVIOUR,
    skills=SKILLS,
    cites=DUPLICATE,
)


async def _register(registration: Registration, fields: Json) -> Any:
    """Register as a precondition; return what identifies the account."""
    needs = registration.registering_check
    answer = precondition(await registration.register(fields), Meaning.CREATED, needs=needs)
    return registration.owner_in(answer)


async def _expect_entry(
    world: World, registration: Registration, email: str, password: str, because: str = ""
) -> Answer:
    """Expect that signing in succeeds; with which status is asked elsewhere."""
    answer = await registration.log_in(email, password)
    return expect_success(world, answer, needs=registration.signing_in_check, because=because)


async def _expect_refused(
    world: World, registration: Registration, fields: Json, because: str, marker: str
) -> None:
    """Expect a refusal of `fields`, of which `marker` is in no other account."""
    async with removed_on_failure(world, marker):
        answer = await registration.register(fields)
        expect(answer).means(Meaning.INVALID, Meaning.MALFORMED, because=because)


def _marker(fields: Json, wrong: str) -> str:
    """Return a text of `fields` that is in no other account, and not in the field `wrong`."""
    return str(next(fields[name] for name in fields if name not in (wrong, "password")))


@SUITE.check(
    title="An e-mail address that is taken is refused, and the answer names the field",
    why="With two accounts on one address, signing in opens one of them by chance.",
    cites=DUPLICATE,
)
async def a_taken_address_is_refused_and_named(world: World, registration: Registration) -> None:
    first = registration.new_fields()
    owner = await _register(registration, first)
    second = registration.new_fields(email=first["email"])
    answer = await registration.register(second)
    expect(answer).taken(because="another account has this address")
    expect(answer.json(), "the refusal").satisfies(
        mentions("email"), "a text that names the e-mail address"
    )
    await registration.expect_no_account(second, because=LEFT_BEHIND)
    entered = await registration.log_in(first["email"], first["password"])
    signed_in = precondition_success(
        world, entered, Meaning.OK, needs=registration.signing_in_check
    )
    what = "the account that the address signs in to"
    expect(registration.owner_in(signed_in), what).equals(owner)


@NAMES.check(
    title="A name that is taken is refused, and the answer names the field",
    why="Two people under one name are mistaken for each other; and people who are not told what "
    "is wrong with a form give up.",
)
async def a_taken_name_is_refused_and_named(world: World, registration: NamedRegistration) -> None:
    first, field = registration.new_fields(), registration.name_field
    await _register(registration, first)
    second = registration.new_fields(**{field: first[field]})
    answer = await registration.register(second)
    expect(answer).taken(because=message("another account has this {field}", field=field))
    expect(answer.json(), "the refusal").satisfies(
        mentions(field), message("a text that names the {field}", field=field)
    )
    refused = await registration.log_in(second["email"], second["password"])
    expect(refused).refused(because=LEFT_BEHIND)
    entered = await _expect_entry(world, registration, first["email"], first["password"])
    expect(registration.owner_in(entered), "the account of the first").equals(first[field])


@SUITE.check(
    title="An address in capitals or with spaces around it is the same address when registering",
    why="Phones capitalise and add spaces on their own: the person ends up with a second, empty "
    "account and believes that everything is lost.",
    hint="Trim and lower-case the address before you compare it, and add a unique index on it.",
    cites="",
)
async def an_address_in_other_letters_is_taken(world: World, registration: Registration) -> None:
    first = registration.new_fields()
    await _register(registration, first)
    address = first["email"]
    for same_address in (address.upper(), f" {address} ", address.title()):
        second = registration.new_fields(email=same_address)
        expect(await registration.register(second)).taken(
            because="another account has this address"
        )
        await registration.expect_no_account(second, because=LEFT_BEHIND)


@SUITE.check(
    title="Registering needs every field that the contract requires",
    why="Nobody can sign in again to an account without an address or a password.",
)
async def every_field_of_a_registration_is_needed(world: World, registration: Registration) -> None:
    fields = registration.new_fields()
    for field in registration.blanks:
        left_out = {name: value for name, value in fields.items() if name != field}
        for incomplete in (left_out, {**fields, field: None}):
            because = message("the {field} is missing", field=field)
            await _expect_refused(world, registration, incomplete, because, _marker(fields, field))
    expect(await registration.register(fields)).created(
        because="a refused registration must not reserve its name or address"
    )


@SUITE.check(
    title="No field of a registration may be blank",
    why="A person without a visible name cannot be linked to or reported.",
)
async def no_field_of_a_registration_may_be_blank(world: World, registration: Registration) -> None:
    for field, blanks in registration.blanks.items():
        for blank in blanks:
            fields = registration.new_fields(**{field: blank})
            because = message("the {field} is blank", field=field)
            if len(blank) > 3:
                because = message("{count} spaces are blank", count=len(blank))
            await _expect_refused(world, registration, fields, because, _marker(fields, field))


@SUITE.check(
    title="An e-mail address needs an @ with something on both sides",
    why="No mail can reach such an address: neither a confirmation nor a password reset.",
)
async def an_address_needs_something_on_both_sides(
    world: World, registration: Registration
) -> None:
    name = world.unique_name("u")
    for address in (name, f"@{name}.example.com", f"{name}@", f"{name}.example.com"):
        fields = registration.new_fields(email=address)
        because = message("{address} is not an e-mail address", address=address)
        await _expect_refused(world, registration, fields, because, _marker(fields, "email"))


@SUITE.check(
    title="A password of seven characters is too short, one of eight is enough",
    why="Short passwords are guessed within hours; a rule that is stricter than the documented one "
    "turns people away.",
    skills=("rest", "security-practices"),
    cites="CWE-521: weak password requirements",
)
async def a_password_needs_eight_characters(world: World, registration: Registration) -> None:
    short, enough = f"Aa1!{world.unique_name('', 3)}", f"Aa1!{world.unique_name('', 4)}"
    fields = registration.new_fields(password=short)
    with rule("length") as length:
        await _expect_refused(
            world, registration, fields, "it has seven characters", _marker(fields, "password")
        )
    if length.broken:
        fields = registration.new_fields()
    expect(await registration.register({**fields, "password": enough})).created(
        because="it has eight characters"
    )
    await _expect_entry(world, registration, fields["email"], enough)


@SUITE.check(
    title="An address in capitals or with spaces around it lets its owner in",
    why="Phones capitalise and add spaces on their own: people are told that their password is "
    "wrong, and it is not.",
    hint="Normalise the address in the same way when registering and when signing in.",
    cites="",
)
async def an_address_signs_in_however_it_is_typed(world: World, registration: Registration) -> None:
    plain = registration.new_fields()
    name, _, domain = registration.new_address(world.unique_name("Anna.")).partition("@")
    written = f"{name}@{domain.capitalize()}"
    capital = registration.new_fields(email=f"{written} ")
    plain_owner = await _register(registration, plain)
    answer = await registration.register(capital)
    expect(answer).created(because="surrounding spaces do not matter")
    capital_owner = registration.owner_in(answer)
    for owner, typed, password in (
        (plain_owner, plain["email"].upper(), plain["password"]),
        (plain_owner, f"  {plain['email']} ", plain["password"]),
        (capital_owner, written, capital["password"]),
        (capital_owner, written.lower(), capital["password"]),
    ):
        because = "case and surrounding spaces do not matter"
        answer = await _expect_entry(world, registration, typed, password, because)
        expect(registration.owner_in(answer), "the account signed in to").equals(owner)


def mentions(field: str) -> Callable[[Any], bool]:
    """Return a predicate for refusals that name `field`; "e-mail" and "user name" count too."""
    gaps = {ord(sign): None for sign in " -_"}
    return lambda refusal: field in str(refusal).lower().translate(gaps)
