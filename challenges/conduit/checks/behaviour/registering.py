"""Registration: required fields, and names and addresses that are taken (A1 to A3, A5, A10)."""

from __future__ import annotations

from worksample.checks import Aspect, Words, check, expect
from worksample.messages import message
from worksample.suites import registration

from ..conduit_accounts import ConduitRegistration
from ..operations import LOGIN, REGISTER
from ..world import Conduit

CHECKS = [
    *registration.SUITE.checks(
        ConduitRegistration,
        clause="A3",
        operations=[REGISTER],
        words={
            "a-taken-address-is-refused-and-named": Words(clause="A2"),
            "an-address-in-other-letters-is-taken": Words(clause="A5"),
            "an-address-signs-in-however-it-is-typed": Words(
                clause="A5", operations=[REGISTER, LOGIN]
            ),
            "every-field-of-a-registration-is-needed": Words(
                title="Registering needs a username, an address and a password"
            ),
            "a-password-needs-eight-characters": Words(clause="A11"),
            "no-field-of-a-registration-may-be-blank": Words(
                clause="A10",
                title="Username, address and password may not be blank",
                why="A person without a visible name cannot be linked to, followed or reported.",
            ),
        },
    ),
    *registration.NAMES.checks(
        ConduitRegistration,
        clause="A2",
        stage=2,
        id="a-taken-username-is-refused-and-named",
        title="A username that is taken is refused, and the answer names the field",
    ),
]


@check(
    aspect=Aspect.BEHAVIOUR,
    stage=2,
    skills=registration.SUITE.skills,
    title="A new account has no bio and no picture, and says so with null",
    clause="A1",
    why="Front ends show a placeholder while these are null; an invented text or picture is shown "
    "as if the person had chosen it.",
)
async def a_new_account_has_no_bio_and_no_picture(world: Conduit) -> None:
    account = world.new_account()
    answer = expect(await world.register(account)).created()
    person = await world.owner_of(account, answer)
    for where, seen in (("the answer", answer.at("user")), *await world.appearances(person)):
        for field in ("bio", "image"):
            what = message("{field} in {where}", field=field, where=where)
            expect(seen.get(field, "missing"), what).equals(None)
