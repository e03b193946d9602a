"""Signing in and reading one's own account (A4 to A6)."""

from __future__ import annotations

from functools import partial

from worksample.checks import Aspect, check, expect
from worksample.messages import message

from ..world import Conduit

SKILLS = ("rest", "relational-databases")
story = partial(check, aspect=Aspect.BEHAVIOUR, stage=2, clause="A6", skills=SKILLS)


@story(
    title="The account shown is the one that the token belongs to",
    why="People who are shown the wrong account read and change somebody else's data.",
    skills=("rest", "oauth-jwt"),
    cites="OWASP API2:2023 broken authentication",
)
async def the_account_shown_is_the_tokens_own(world: Conduit) -> None:
    people = [await world.own_member() for _ in range(3)]
    again = await world.sign_in(people[0].email, people[0].password)
    for person in (*people, again):
        me = expect(await person.me()).ok()
        expect(me.at("user", "username"), "the username").equals(person.username)
        expect(me.at("user", "email"), "the e-mail address").equals(person.email)
        next_token = me.at("user", "token")
        same_person = expect(await world.person(person.username, next_token).me()).ok(
            because="the token in the answer to GET /user must be valid"
        )
        expect(same_person.at("user", "username"), "the username").equals(person.username)


@story(
    title="Without a token nobody sees or changes an account",
    why="Without a token there is no account to show: after a 5xx or an empty 200 the front end "
    "believes that somebody is signed in.",
    skills=("rest", "oauth-jwt"),
    cites="RFC 9110 15.5.2 401 Unauthorized",
)
async def the_own_account_needs_a_token(world: Conduit) -> None:
    await world.own_member()
    expect(await world.visitor().me()).unauthenticated()
    expect(await world.visitor().change(bio=world.sentence())).unauthenticated()


@story(
    title="Signing in shows the whole account",
    clause="A4",
    why="Front ends keep this answer for the whole visit: a missing field looks empty, and the "
    "next save of the settings form empties it in the database.",
)
async def signing_in_shows_the_whole_account(world: Conduit) -> None:
    begun = await world.own_member()
    told = {"bio": world.sentence(), "image": f"https://example.com/{world.unique_name()}"}
    person = await begun.changes(**told)
    answer = await world.enters(person.email, person.password)
    wanted = {"username": person.username, "email": person.email, **told}
    for field, value in wanted.items():
        expect(answer.at("user", field), message("{field} when signing in", field=field)).equals(
            value
        )
