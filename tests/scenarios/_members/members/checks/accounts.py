"""The checks of the members challenge."""

from __future__ import annotations

from functools import partial

from worksample.checks import Aspect, check, expect

from .world import Members

story = partial(
    check, aspect=Aspect.BEHAVIOUR, stage=1, why="A club has members.", skills=("rest",)
)


@story(title="Registering opens an account", clause="A1")
async def registering_opens_an_account(world: Members) -> None:
    account = world.new_account()
    answer = expect(await world.register(account)).created()
    token = answer.at("member", "token")
    expect(await world.person(account["name"], token).me()).ok()


@story(title="Signing in opens the account", clause="A2")
async def signing_in_opens_the_account(world: Members) -> None:
    member = await world.sign_up()
    answer = expect(await world.log_in(member.email, member.password)).ok()
    again = world.person(member.name, answer.at("member", "token"))
    expect((await again.me()).at("member", "name"), "the name").equals(member.name)


@story(title="A wrong password is refused", clause="A2")
async def a_wrong_password_is_refused(world: Members) -> None:
    member = await world.sign_up()
    expect(await world.log_in(member.email, world.password())).bad_login()


@story(title="Members read their own account", clause="A3")
async def members_read_their_own_account(world: Members) -> None:
    first, second = await world.sign_up(), await world.sign_up()
    for member in (first, second):
        expect((await member.me()).at("member", "name"), "the name").equals(member.name)


@story(title="A motto can be changed", clause="A4")
async def a_motto_can_be_changed(world: Members) -> None:
    member, other = await world.sign_up(), await world.sign_up()
    motto = world.unique_name("motto ")
    expect(await member.change(motto=motto)).ok()
    expect((await member.me()).at("member", "motto"), "the motto").equals(motto)
    expect((await other.me()).at("member", "motto"), "another's motto").differs_from(motto)
