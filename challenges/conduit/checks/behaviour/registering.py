"""Registration: required fields, and names and addresses that are taken (A1 to A3, A5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from worksample.checks import Answer, Aspect, Words, check, expect
from worksample.messages import message
from worksample.suites import registration
from worksample.suites.registration import mentions

from ..operations import LOGIN, REGISTER
from ..world import REGISTERING, SIGNING_IN, Conduit, Json


class ConduitRegistration:
    """Adapter of the suite of registration."""

    blanks: Final[Mapping[str, Sequence[str]]] = {
        "username": ("", "   "),
        "email": ("", "  "),
        "password": ("", " " * 12),
    }
    registering_check = REGISTERING
    signing_in_check = SIGNING_IN

    def __init__(self, world: Conduit) -> None:
        self.world = world

    def new_fields(self, **fields: Any) -> Json:
        """Return a new account's fields."""
        return self.world.new_account(**fields)

    def new_address(self, name: str) -> str:
        """Return an address at example.com."""
        return self.world.new_email(name)

    async def register(self, fields: Json) -> Answer:
        """POST /users."""
        return await self.world.register(fields)

    async def log_in(self, login: Any, password: Any) -> Answer:
        """POST /users/login."""
        return await self.world.log_in(login, password)

    def owner_in(self, answer: Answer) -> Any:
        """Return the username."""
        return answer.at("user", "username")

    async def expect_no_account(self, fields: Json, because: str) -> None:
        """Expect that there is no profile of this name."""
        shown = await self.world.visitor().view_profile(fields["username"])
        expect(shown).missing(because=because)


CHECKS = registration.SUITE.checks(
    ConduitRegistration,
    clause="A3",
    operations=[REGISTER],
    words={
        "a-taken-address-is-refused-and-named": Words(clause="A2"),
        "an-address-in-other-letters-is-taken": Words(clause="A5"),
        "an-address-signs-in-however-it-is-typed": Words(clause="A5", operations=[REGISTER, LOGIN]),
        "every-field-of-a-registration-is-needed": Words(
            title="Registering needs a username, an address and a password"
        ),
        "no-field-of-a-registration-may-be-blank": Words(
            title="Username, address and password may not be blank",
            why="A person without a visible name cannot be linked to, followed or reported.",
        ),
    },
)


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
    me = expect(await world.person(account["username"], answer.at("user", "token")).me()).ok()
    profile = expect(await world.visitor().view_profile(account["username"])).ok()
    for field in ("bio", "image"):
        expect(answer.at("user", field), message("{field} of the new account", field=field)).equals(
            None
        )
        expect(me.at("user", field), message("{field} when read again", field=field)).equals(None)
        expect(profile.at("profile", field), message("{field} of the profile", field=field)).equals(
            None
        )


@check(
    aspect=Aspect.BEHAVIOUR,
    stage=2,
    skills=registration.SUITE.skills,
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
        mentions("username"), "a text that names the username"
    )
    expect(await world.log_in(second["email"], second["password"])).refused(
        because="a refused registration must not leave an account behind"
    )
    me = expect(await first.me()).ok()
    expect(me.at("user", "email"), "the address of the first account").equals(first.email)
