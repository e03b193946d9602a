"""Profiles, and `following` as each reader sees it (P1 to P3)."""

from __future__ import annotations

from functools import partial

from worksample.checks import Answer, Aspect, check, expect, in_any_order
from worksample.messages import message

from ..world import Conduit

SKILLS = ("rest", "relational-databases", "data-modeling")
story = partial(check, aspect=Aspect.BEHAVIOUR, stage=4, clause="P3", skills=SKILLS)


@story(
    title="Anyone can see a profile, signed in or not",
    clause="P1",
    why="The author link of an article leads to the profile, and most who follow it are visitors.",
)
async def anyone_can_see_a_profile(world: Conduit) -> None:
    begun, other = await world.own_member(), await world.shared_member()
    person = await begun.changes(
        bio=world.sentence(), image=f"https://example.com/{world.unique_name()}"
    )
    me = expect(await person.me()).ok()
    for asker in (world.visitor(), other, person):
        profile = expect(await asker.view_profile(person.username)).ok()
        expect(profile.at("profile", "username"), "the username").equals(person.username)
        for field in ("bio", "image"):
            told = me.at("user", field)
            expect(profile.at("profile", field), message("the {field}", field=field)).equals(told)
        expect(profile.at("profile", "following"), "following").is_false(
            because="nobody follows this person yet"
        )


@story(
    title="An unknown name has no profile and cannot be followed or unfollowed",
    clause="P1",
    why="Old links lead to accounts that were renamed. An empty profile or a 5xx does not explain "
    "that.",
    cites="RFC 9110 15.5.5 404 Not Found",
)
async def an_unknown_name_has_no_profile(world: Conduit) -> None:
    person, nobody = await world.own_member(), world.unique_name("nobody-")
    expect(await world.visitor().view_profile(nobody)).missing()
    expect(await person.view_profile(nobody)).missing()
    expect(await person.view_profile(person.username[:-1])).missing(
        because="only the whole name matches"
    )
    expect(await person.follow(nobody)).missing()
    expect(await person.unfollow(nobody)).missing()


@story(
    title="Following and unfollowing need a token",
    clause="P2",
    why="A follower is an account, and a visitor has none.",
    skills=("rest", "oauth-jwt"),
    cites="RFC 9110 15.5.2 401 Unauthorized",
)
async def following_needs_a_token(world: Conduit) -> None:
    writer, reader = await world.shared_member(), await world.own_member()
    await reader.starts_following(writer)
    expect(await world.visitor().unfollow(writer.username)).unauthenticated()
    expect(
        _following(await reader.view_profile(writer.username)), "following, as the reader sees it"
    ).is_true(because="a request without a token must not change it")
    expect(await world.visitor().follow(reader.username)).unauthenticated()


@story(
    title="Following twice is no error, and unfollowing once undoes it",
    clause="P2",
    why="People tap twice and phones send again. A second row, or a toggle, does the opposite of "
    "what the person wanted.",
    hint="Make (follower, followed) a unique key, and insert with ON CONFLICT DO NOTHING.",
    cites="RFC 9110 9.2.2 idempotent methods",
)
async def following_twice_is_following_once(world: Conduit) -> None:
    writer, reader = await world.shared_member(), await world.own_member()
    await reader.starts_following(writer)
    again = expect(await reader.follow(writer.username)).ok(
        because="repeating the request is no error"
    )
    expect(_following(again), "following in the second answer").is_true()
    expect(_following(await reader.view_profile(writer.username)), "following").is_true()
    undone = expect(await reader.unfollow(writer.username)).ok()
    expect(undone.at("profile", "username"), "the profile").equals(writer.username)
    expect(_following(undone), "following in the answer to unfollowing").is_false()
    expect(_following(await reader.view_profile(writer.username)), "following").is_false()


@story(
    title="Unfollowing somebody twice, or whom one never followed, is no error",
    clause="P2",
    why="The person does not want to follow, and does not follow: nothing is wrong.",
    cites="RFC 9110 9.2.2 idempotent methods",
)
async def unfollowing_twice_is_no_error(world: Conduit) -> None:
    writer, reader = await world.shared_member(), await world.own_member()
    never = expect(await reader.unfollow(writer.username)).ok(
        because="repeating the request is no error"
    )
    expect(_following(never), "following after unfollowing a person never followed").is_false()
    await reader.starts_following(writer)
    for _ in range(2):
        answer = expect(await reader.unfollow(writer.username)).ok(
            because="repeating the request is no error"
        )
        expect(_following(answer), "following in the answer").is_false()
        expect(_following(await reader.view_profile(writer.username)), "following").is_false()


@story(
    title="Unfollowing one person leaves all other followings alone",
    why="A DELETE that checks only one of the two people removes followers that an author has "
    "gained over years.",
)
async def unfollowing_leaves_others_alone(world: Conduit) -> None:
    writer, reader, other = [await world.own_member() for _ in range(3)]
    friend = await world.shared_member()
    for follower, followed in (
        (reader, writer),
        (reader, friend),
        (other, writer),
        (writer, reader),
    ):
        await follower.starts_following(followed)
    expect(await reader.unfollow(writer.username)).ok()
    for follower, followed, still in (
        (reader, writer, False),
        (reader, friend, True),
        (other, writer, True),
        (writer, reader, True),
    ):
        seen = expect(await follower.view_profile(followed.username)).ok()
        expect(_following(seen), "following, after somebody else unfollowed").equals(still)


@story(
    title="Following is seen from the one who asks",
    why="Seen from the wrong side, people unfollow those whom they never followed, and can see who "
    "follows whom.",
)
async def following_is_seen_from_the_one_who_asks(world: Conduit) -> None:
    reader = await world.own_member()
    writer, other = await world.shared_member(), await world.shared_member()
    await reader.starts_following(writer)
    for asker, name, following in (
        (reader, writer.username, True),
        (writer, reader.username, False),
        (writer, writer.username, False),
        (other, writer.username, False),
        (other, reader.username, False),
        (world.visitor(), writer.username, False),
    ):
        seen = expect(await asker.view_profile(name)).ok()
        expect(_following(seen), "following").equals(
            following, because="only the reader follows anybody, and only the writer"
        )


@story(
    title="Inside articles, too, following is seen from the one who asks",
    why="Otherwise the button beside an article says “follow” to followers and “unfollow” to "
    "everybody else.",
)
async def following_shows_inside_articles(world: Conduit) -> None:
    writer, reader = await world.own_member(), await world.own_member()
    other = await world.shared_member()
    article = await writer.publish()
    await reader.starts_following(writer)
    await writer.starts_following(other)
    for asker, following in (
        (reader, True),
        (other, False),
        (writer, False),
        (world.visitor(), False),
    ):
        seen = await asker.reads(article)
        expect(seen.at("article", "author", "following"), "following").equals(following)
        listed = expect(await asker.list(author=writer.username)).ok()
        each = listed.each("articles", "author", "following")
        expect(each, "following in the list").equals([following])
    for answer, following in (
        (await reader.favorite(article), True),
        (await other.favorite(article), False),
        (await reader.unfavorite(article), True),
    ):
        shown = expect(answer).ok().at("article", "author", "following")
        expect(shown, "following in the answer about a favourite").equals(following)


@story(
    title="Inside comments, too, following is seen from the one who asks",
    why="People follow others from a discussion: the button beside a comment must be right.",
)
async def following_shows_inside_comments(world: Conduit) -> None:
    reader = await world.own_member()
    writer, other = await world.shared_member(), await world.shared_member()
    article = await writer.publish()
    for person in (writer, other, reader):
        await person.add_comment(article)
    await reader.starts_following(other)
    names = [writer.username, other.username, reader.username]
    for asker, followed in ((reader, other.username), (other, ""), (world.visitor(), "")):
        answer = expect(await asker.comments(article)).ok()
        authors = answer.each("comments", "author", "username")
        following = answer.each("comments", "author", "following")
        pairs = [list(pair) for pair in zip(authors, following, strict=True)]
        wanted = [[name, name == followed] for name in names]
        expect(pairs, "username and following of the authors").satisfies(
            in_any_order(wanted),
            message("following is true only for {followed}", followed=followed or "nobody"),
        )


@story(
    title="A changed bio and picture show wherever the person appears",
    clause="P1",
    why="Copies go stale: a picture that somebody has removed is still shown beside every comment.",
)
async def a_changed_profile_shows_everywhere(world: Conduit) -> None:
    writer, reader = await world.own_member(), await world.shared_member()
    article = await writer.publish()
    await writer.add_comment(article)
    told = {"bio": world.sentence(), "image": f"https://example.com/{world.unique_name()}"}
    await writer.changes(**told)
    listed = expect(await reader.list(author=writer.username)).ok()
    comments = expect(await world.visitor().comments(article)).ok()
    seen = await reader.reads(article)
    for field, value in told.items():
        expect(
            seen.at("article", "author", field), message("{field} in the article", field=field)
        ).equals(value)
        in_list = listed.each("articles", "author", field)
        expect(in_list, message("{field} in the list", field=field)).equals([value])
        below = comments.each("comments", "author", field)
        expect(below, message("{field} under the comment", field=field)).equals([value])


def _following(answer: Answer) -> object:
    return answer.at("profile", "following")
