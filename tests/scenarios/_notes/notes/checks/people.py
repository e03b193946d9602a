"""Accounts: registering, signing in, changing the name."""

from __future__ import annotations

from functools import partial

from worksample.checks import Aspect, check, expect, removed_on_failure
from worksample.suites import registration
from worksample.suites.account_adapters import EmailRegistration

from .world import Notes

story = partial(check, aspect=Aspect.BEHAVIOUR, stage=1, why="People have notes.", skills=("rest",))
WANTED = ("every-field-of-a-registration-is-needed", "no-field-of-a-registration-may-be-blank")
CHECKS = registration.SUITE.checks(
    EmailRegistration,
    clause="A1",
    stage=1,
    without=[name for name in registration.SUITE.templates if name not in WANTED],
)


@story(title="Registering opens an account", clause="A1")
async def registering_opens_an_account(world: Notes) -> None:
    person = await world.sign_up()
    expect((await person.me()).at("person", "name"), "the name").equals(person.name)


@story(title="Signing in opens the account", clause="A2")
async def signing_in_opens_the_account(world: Notes) -> None:
    person = await world.sign_up()
    answer = expect(await world.log_in(person.email, person.password)).ok()
    expect(answer.at("person", "name"), "the name").equals(person.name)


@story(title="A name can be changed", clause="A3")
async def a_name_can_be_changed(world: Notes) -> None:
    person, name = await world.sign_up(), world.unique_name("n")
    expect(await person.change(name=name)).ok()
    expect((await person.me()).at("person", "name"), "the name").equals(name)


@story(title="A name may not become blank", clause="A3")
async def a_name_may_not_become_blank(world: Notes) -> None:
    person = await world.sign_up()
    async with removed_on_failure(world, person.email):
        expect(await person.change(name="")).invalid()
