"""Accounts: registering, signing in and changing (A1 to A9)."""

from __future__ import annotations

from worksample.checks import Aspect, Meaning, Words, check, expect
from worksample.messages import message
from worksample.suites import passwords, registration
from worksample.suites.account_adapters import EmailRegistration

from ..booking_accounts import BookingAccounts
from ..operations import LOGIN, REGISTER, UPDATE_ACCOUNT
from ..world import Booking

SKILLS = ("rest", "relational-databases")
NAMES = ("Søren Ærø", "Ng", "O'Neill-Smith", "王小明", "مريم", "🚢 Ada 👩‍👩‍👧", "Straße İ ﬁ")
CHANGING = Words(clause="A8", operations=[UPDATE_ACCOUNT, LOGIN])
CHECKS = [
    *registration.SUITE.checks(
        EmailRegistration,
        clause="A3",
        operations=[REGISTER],
        without=(
            "every-field-of-a-registration-is-needed",
            "an-address-needs-something-on-both-sides",
        ),
        words={
            "a-taken-address-is-refused-and-named": Words(
                clause="A2", why="Whoever is only told “conflict” tries another password."
            ),
            "an-address-in-other-letters-is-taken": Words(
                clause="A5", why="With two accounts, half of the tickets are in the other one."
            ),
            "an-address-signs-in-however-it-is-typed": Words(
                clause="A5", operations=[REGISTER, LOGIN]
            ),
            "no-field-of-a-registration-may-be-blank": Words(
                title="Name, address and password may not be blank",
                why="Without a name nobody can be called on board.",
            ),
        },
    ),
    *passwords.SUITE.checks(
        BookingAccounts,
        clause="A3",
        operations=[REGISTER, LOGIN],
        without=("spaces-in-a-password-count",),
        words={
            **dict.fromkeys(
                (
                    "a-wrong-password-is-refused",
                    "an-unknown-address-gets-the-same-refusal",
                    "nobody-signs-in-with-half-of-it",
                ),
                Words(clause="A4", operations=[LOGIN]),
            ),
            "a-new-password-replaces-the-old-one": CHANGING,
            "every-character-of-a-changed-password-counts": CHANGING,
            "a-password-cannot-be-changed-to-a-short-one": Words(
                clause="A7", operations=[UPDATE_ACCOUNT]
            ),
        },
    ),
]


@check(
    title="Registering opens an account and signs me in",
    aspect=Aspect.BEHAVIOUR,
    stage=2,
    clause="A1",
    why="Nobody can book without an account.",
    skills=("rest", "oauth-jwt"),
)
async def registering_opens_an_account(world: Booking) -> None:
    account = world.new_account(name=f"Ada {world.unique_name('L')}")
    answer = expect(await world.register(account)).created()
    expect(answer.at("account", "name"), "the name").equals(account["name"])
    expect(answer.at("account", "email"), "the e-mail address").equals(account["email"])
    expect(answer.at("account", "role"), "the role").equals("traveller")
    person = world.person(account["name"], str(answer.at("account", "token")))
    me = expect(await person.me()).ok(because="the token of a registration is valid at once")
    expect(me.at("account", "email"), "the e-mail address").equals(account["email"])


@check(
    title="What I do not change stays as it is",
    aspect=Aspect.BEHAVIOUR,
    stage=2,
    clause="A7",
    why="Whoever changes a password does not want to lose the name.",
    skills=SKILLS,
)
async def a_change_touches_only_what_was_sent(world: Booking) -> None:
    person = await world.sign_up()
    name = world.unique_name("n")
    answer = expect(await person.change(name=name)).ok()
    expect(answer.at("account", "name"), "the name").equals(name)
    expect(answer.at("account", "email"), "the e-mail address").equals(person.email)
    await world.enters(person.email, person.password, because="the password was not changed")
    expect(await person.change(password=world.password())).ok()
    me = expect(await person.me()).ok()
    expect(me.at("account", "name"), "the name").equals(name, because="only the password changed")
    expect(await person.change()).means(Meaning.OK, Meaning.INVALID, because="nothing was sent")
    me = expect(await person.me()).ok()
    expect(me.at("account", "name"), "the name").equals(name, because="nothing was sent")


@check(
    title="My name comes back as I wrote it",
    aspect=Aspect.BEHAVIOUR,
    stage=2,
    clause="A9",
    why="Nobody likes to be called by a name that somebody else has corrected.",
    skills=("rest", "databases"),
)
async def a_name_in_any_script_is_a_name(world: Booking) -> None:
    for name in NAMES:
        account = world.new_account(name=name)
        answer = expect(await world.register(account)).created(
            because=message("the name is {name}", name=repr(name))
        )
        expect(answer.at("account", "name"), "the name").equals(name)
        again = await world.enters(account["email"], account["password"])
        expect(again.at("account", "name"), "the name after signing in").equals(name)
