"""Two instances of the server on one database behave like one server (M2)."""

from __future__ import annotations

from worksample.checks import Aspect, Meaning, check, expect, precondition
from worksample.suites.two_instances import SHARED_STATE_HINT, SUITE, TWELVE_FACTOR

from ..world import CHANGING, Conduit
from .instances import ConduitShared

CHECKS = SUITE.checks(ConduitShared, clause="M2", stage=6)


@check(
    title="A changed account is changed at both copies of the server",
    aspect=Aspect.CONCURRENCY,
    stage=6,
    clause="M2",
    why="A stolen password that was changed still opens the account at an instance with a stale "
    "cache.",
    hint=SHARED_STATE_HINT,
    cites=TWELVE_FACTOR,
    skills=SUITE.skills,
    lab=True,
)
async def a_changed_account_is_changed_at_both_copies(world: Conduit) -> None:
    other = await world.second_instance()
    person = await world.own_member()
    await other.enters(person.email, person.password)
    expect(await other.client_of(person).me()).ok()
    password, bio = world.password(), world.sentence()
    precondition(await person.change(password=password, bio=bio), Meaning.OK, needs=CHANGING)
    expect(await other.log_in(person.email, person.password)).bad_login(
        because="the password was changed through the other instance"
    )
    entered = await other.enters(person.email, password)
    expect(entered.at("user", "bio"), "the bio at the other instance").equals(bio)
    shown = expect(await other.visitor().view_profile(person.username)).ok()
    expect(shown.at("profile", "bio"), "the bio on the profile at the other instance").equals(bio)
