"""PUT /user changes exactly the fields that were sent (A7)."""

from __future__ import annotations

from functools import partial

from worksample.checks import Aspect, check, expect, removed_on_failure, rule
from worksample.messages import message

from ..operations import PROFILE
from ..world import Conduit, Json, Person

SKILLS = ("rest", "relational-databases")
story = partial(check, aspect=Aspect.BEHAVIOUR, stage=2, clause="A7", skills=SKILLS)


@story(
    title="A bio can be changed, without sending anything else",
    why="Nobody should have to type the password again to correct one sentence.",
)
async def a_bio_can_be_changed(world: Conduit) -> None:
    person = await world.own_member()
    bio = world.sentence()
    answer = expect(await person.change(bio=bio)).ok()
    expect(answer.at("user", "bio"), "the bio in the answer").equals(bio)
    me = expect(await person.me()).ok()
    expect(me.at("user", "bio"), "the bio when read again").equals(bio)


@story(
    title="What was changed is seen by everyone, at once and again",
    why="A change that is confirmed but not stored is noticed days later, by others.",
)
async def what_was_changed_is_seen_by_everyone(world: Conduit) -> None:
    person = await world.own_member()
    sent = world.new_account(bio=world.sentence(), image="https://example.com/a.png")
    answer = expect(await person.change(**sent)).ok()
    token = answer.at("user", "token")
    expect(token, "the token in the answer").satisfies(
        lambda value: isinstance(value, str) and value != "",
        "a non-empty string",
        because="front ends replace the stored account, including its token, by the answer",
    )
    renamed = world.person(sent["username"], token)
    me = expect(await renamed.me()).ok()
    for field in ("username", "email", "bio", "image"):
        expect(answer.at("user", field), message("{field} in the answer", field=field)).equals(
            sent[field]
        )
        expect(me.at("user", field), message("{field} when read again", field=field)).equals(
            sent[field]
        )
    if world.asks(PROFILE):
        profile = expect(await world.visitor().view_profile(sent["username"])).ok()
        for field in ("username", "bio", "image"):
            what = message("{field} of the profile", field=field)
            expect(profile.at("profile", field), what).equals(sent[field])


@story(
    title="A change touches only what was sent",
    why="People who change their picture and lose their bio do not trust the service again.",
    hint="Distinguish a field that is absent from one that is null.",
)
async def a_change_touches_only_what_was_sent(world: Conduit) -> None:
    begun = await world.own_member()
    person = await begun.changes(bio=world.sentence(), image="https://example.com/1.png")
    account = await _account(person)
    for change in (
        {"image": "https://example.com/2.png"},
        {"username": world.unique_name("u")},
        {"bio": world.sentence()},
        {"email": world.new_email()},
    ):
        person = await person.changes(**change)
        account = {**account, **change}
        expect(
            await _account(person),
            message("the account after a change of {field}", field=next(iter(change))),
        ).equals(account)
    await world.enters(person.email, begun.password, because="the password was never changed")


@story(
    title="Bio and picture can be cleared with null, each alone",
    why="People must be able to remove what they have published about themselves.",
    hint="A `??` or `or` that keeps the old value for null makes clearing impossible.",
)
async def bio_and_picture_can_be_cleared(world: Conduit) -> None:
    person = await world.own_member()
    told: Json = {"bio": world.sentence(), "image": "https://example.com/a.png"}
    for cleared, kept in (("bio", "image"), ("image", "bio")):
        person = await person.changes(**told)
        answer = expect(await person.change(**{cleared: None})).ok()
        for where, seen in (("the answer", answer.at("user")), *await world.appearances(person)):
            what = message("the {cleared} in {where}, set to null", cleared=cleared, where=where)
            expect(seen.get(cleared), what).one_of((None, ""))
            what = message("the {kept} in {where}, not sent", kept=kept, where=where)
            expect(seen.get(kept), what).equals(told[kept])


@story(
    title="A change is refused when it takes a name or an address that somebody else has",
    why="A change must not bypass the rule of registration: otherwise two people share one name, "
    "or a stranger gets somebody's address.",
    cites="CWE-694: use of multiple resources with duplicate identifier",
)
async def a_change_cannot_take_what_others_have(world: Conduit) -> None:
    owner, other = await world.own_member(), await world.own_member()
    before = await _account(other)
    for change in (
        {"username": owner.username},
        {"email": owner.email},
        {"email": owner.email.upper()},
        {"email": f"{owner.email} "},
    ):
        answer = await other.change_in_working_form(**change, bio=world.sentence())
        expect(answer).taken(because="another account has it")
        expect(await _account(other), "the account after the refusal").equals(before)
    expect((await _account(owner))["username"], "the username of the owner").equals(owner.username)


@story(
    title="Sending the own name and address along is no conflict",
    why="Settings forms send every field, changed or not: nobody could save a new bio.",
    hint="Exclude the row of the account itself when you test whether a name is taken.",
)
async def the_own_name_and_address_are_no_conflict(world: Conduit) -> None:
    person = await world.own_member()
    bio = world.sentence()
    answer = expect(await person.change(username=person.username, email=person.email, bio=bio)).ok(
        because="the account already has this name and address"
    )
    expect(answer.at("user", "bio"), "the bio").equals(bio)
    expect(await person.change(email=person.email.upper())).ok(
        because="it is the same address in capitals"
    )
    await world.enters(person.email, person.password)


@story(
    title="A change may not make username or address blank or senseless",
    rules={"blank": "A10"},
    why="An empty settings form must not take people's names away or lock them out.",
    cites="CWE-20: improper input validation",
)
async def a_change_keeps_the_rules_of_registering(world: Conduit) -> None:
    person = await world.own_member()
    before = await _account(person)
    for change in (
        {"email": f"{world.unique_name('u')}.example.com"},
        {"email": "@example.com"},
    ):
        await _expect_refused_change(person, before, {**change, "bio": world.sentence()})
    for blank in ({"username": ""}, {"username": "   "}, {"email": ""}):
        with rule("blank") as kept:
            await _expect_refused_change(person, before, {**blank, "bio": world.sentence()})
        if kept.broken:
            person = await world.own_member()
            before = await _account(person)
    for field in ("username", "email"):
        async with removed_on_failure(world, _marker(before, field)):
            expect(await person.change(**{field: None})).not_server_error()
            what = message("the account after {field} null", field=field)
            expect(await _account(person), what).equals(before)
    await world.enters(person.email, person.password)


@story(
    title="A change is for the one who asks and for nobody else",
    why="Without the WHERE condition, one settings form overwrites every profile.",
    cites="OWASP API1:2023 broken object level authorization",
)
async def a_change_is_for_nobody_else(world: Conduit) -> None:
    earlier, person, later = [await world.own_member() for _ in range(3)]
    told = {other.username: await _account(other) for other in (earlier, later)}
    await person.changes(bio=world.sentence(), password=world.password())
    for other in (earlier, later):
        expect(await _account(other), "another account").equals(told[other.username])
        await world.enters(
            other.email, other.password, because="the password of another account must not change"
        )


@story(
    title="Under a new name the account, its token, articles and followers stay",
    stage=4,
    why="People who change their name must not lose their followers, or find the old name on every "
    "article.",
    hint="Refer to people by the id of their row, never by their name.",
    skills=("rest", "data-modeling"),
)
async def a_new_name_takes_everything_along(world: Conduit) -> None:
    writer, reader = await world.own_member(), await world.own_member()
    article = await writer.publish()
    await writer.add_comment(article)
    await reader.starts_following(writer)
    name = world.unique_name("u")
    await writer.changes(username=name)
    me = expect(await writer.me()).ok(because="the token stays valid for the same account")
    expect(me.at("user", "username"), "the username that the token belongs to").equals(name)
    expect(await reader.view_profile(writer.username)).missing(
        because="no account has this name any more"
    )
    profile = expect(await reader.view_profile(name)).ok()
    expect(profile.at("profile", "following"), "following").is_true()
    seen = await reader.reads(article)
    expect(seen.at("article", "author", "username"), "the article's author").equals(name)
    comments = expect(await reader.comments(article)).ok()
    expect(comments.each("comments", "author", "username"), "the authors of its comments").equals(
        [name]
    )
    listed = expect(await reader.list(author=name)).ok()
    expect(listed.each("articles", "slug"), "the articles listed under the new name").equals(
        [article.slug]
    )


async def _expect_refused_change(person: Person, before: Json, change: Json) -> None:
    """Expect that `change` is refused, and the account as it was `before`."""
    async with removed_on_failure(person.world, _marker(before, *change)):
        expect(await person.change(**change)).invalid()
        expect(await _account(person), "the account after the refusal").equals(before)


def _marker(account: Json, *changed: str) -> str:
    """Return a text that is in `account` only, and stays there if these fields are changed."""
    return str(account["email" if "username" in changed else "username"])


async def _account(person: Person) -> Json:
    answer = expect(await person.me()).ok()
    return {field: answer.at("user", field) for field in ("username", "email", "bio", "image")}
