"""Names, bios and comments come back as they were sent (A9); for articles see articles.py."""

from __future__ import annotations

from functools import partial

from worksample.checks import Answer, Aspect, PreconditionFailed, check, expect, rule
from worksample.checks.detours import go_round, may_go_round
from worksample.messages import message

from ..world import Conduit, Person

SKILLS = ("rest", "relational-databases")

# Precomposed letters only: a server may normalise text to NFC.
SCRIPTS = (
    "Grüße aus Łódź, ça va? ¿Qué tal?",
    "Доброе утро, Κυριακή",
    "صباح الخير يا أصدقاء",
    "春眠不覚暁、안녕하세요",
    "नमस्ते दुनिया, สวัสดี",
    "𐍈𝄞𠀋",
    "🦊👩‍👩‍👧‍👦🏳️‍🌈👍🏽🇩🇪",
)
MARKUP = "<b>Tom & Jerry</b> say \"it's\" 100 % 'done' &amp; \\n {{x}} $1 %s --; `?`"
LINES = "First line\n\n\tindented  by a tab,  two spaces\n- last line"
NAMES = ("Zoë", "Łukasz", "Ольга", "محمد", "李小龙", "สมชาย", "🦊", "𠀋")
NAMES_WITH_URL_CHARACTERS = ("a b", "a+b", "a%b", "a?b", "a#b", "a&b", "a/b", "a;b", "a:b", "100%")
_UNAUTHENTICATED = 401
story = partial(check, aspect=Aspect.BEHAVIOUR, stage=4, clause="A9", skills=SKILLS)


@story(
    title="A name in any script comes back as written, and its profile is found",
    stage=2,
    why="Most people's names are not written in ASCII.",
)
async def a_name_in_any_script_is_a_name(world: Conduit) -> None:
    account = world.new_account(username=world.unique_name("Žofia"), email=world.new_email())
    begun = expect(await world.register(account)).created(because="a name may be in any script")
    expect(begun.at("user", "username"), "the name in the answer").equals(account["username"])
    person = await world.owner_of(account, begun)
    for name in (world.unique_name(stem) for stem in NAMES):
        answer = expect(await person.change(username=name)).ok(
            because="a name may be in any script"
        )
        expect(answer.at("user", "username"), "the name in the answer").equals(name)
        person = world.person(name, person.token_from(answer))
        for where, seen in await world.appearances(person):
            expect(seen.get("username"), message("the name in {where}", where=where)).equals(name)


@story(
    title="Every name that is accepted has a profile, whatever signs are in it",
    clause="P1",
    why="A person whose name holds a slash or a plus sign can sign in and write, but nobody can "
    "open or follow their profile.",
    hint="Percent-decode the name in the path exactly once, or refuse names that cannot be in a "
    "URL.",
)
async def every_accepted_name_has_a_profile(world: Conduit) -> None:
    reader, person = await world.own_member(), await world.own_member()
    for stem in NAMES_WITH_URL_CHARACTERS:
        sent = {"username": f"{world.unique_name()}{stem}", "bio": world.sentence()}
        answer = await person.change_in_working_form(**sent)
        if answer.status == _UNAUTHENTICATED and may_go_round():
            person = await _signed_in_again(person, answer)
            answer = await person.change_in_working_form(**sent)
        if 400 <= answer.status < 500:
            continue
        name = expect(answer).ok().at("user", "username")
        profile = expect(await world.visitor().view_profile(str(name))).ok(
            because="the server accepted this name"
        )
        expect(profile.at("profile", "username"), "the name on the profile").equals(name)
        expect(await reader.follow(str(name))).ok(because="the server accepted this name")
        account = {"email": person.email, "password": person.password}
        person = world.person(str(name), person.token_from(answer), **account)


async def _signed_in_again(person: Person, refused: Answer) -> Person:
    """Return `person` with a new token, since the last one ended with the name before."""
    finding = refused.failure("a token that is still valid", str(refused.status)).findings[0]
    go_round(person.world, PreconditionFailed("tokens-survive-a-change-of-name", finding))
    return await person.world.sign_in(person.email, person.password)


@story(
    title="A bio comes back as written, in every script, with every emoji and line break",
    stage=2,
    why="Text that was stored with question marks, cut emoji or doubled escapes cannot be "
    "repaired.",
)
async def a_bio_comes_back_as_written(world: Conduit) -> None:
    person = await world.own_member()
    for text in (*SCRIPTS, MARKUP, LINES):
        bio = f"{world.unique_name()} {text}."
        answer = expect(await person.change(bio=bio)).ok()
        expect(answer.at("user", "bio"), "the bio in the answer").equals(bio)
        for where, seen in await world.appearances(person):
            expect(seen.get("bio"), message("the bio in {where}", where=where)).equals(bio)


@story(
    title="A comment comes back as written, in every script, with every emoji and line break",
    why="Text that was stored with question marks, cut emoji or doubled escapes cannot be "
    "repaired.",
)
async def a_comment_comes_back_as_written(world: Conduit) -> None:
    author, reader = await world.shared_member(), await world.shared_member()
    for text in (*SCRIPTS, MARKUP, LINES):
        article, body = await author.publish(), f"{world.unique_name()} {text}."
        answer = expect(await reader.comment(article, body)).created()
        expect(answer.at("comment", "body"), "the comment in the answer").equals(body)
        seen = expect(await world.visitor().comments(article)).ok()
        expect(seen.each("comments", "body"), "the comments as a visitor reads them").equals([body])


@story(
    title="A long bio and a long comment come back whole",
    rules={"limit": "G9"},
    why="A column of 255 characters truncates longer texts, or answers them with a 5xx.",
    hint="Use `text` columns; in PostgreSQL they cost nothing more.",
    skills=("relational-databases", "data-modeling"),
)
async def long_texts_come_back_whole(world: Conduit) -> None:
    person, other = await world.own_member(), await world.shared_member()
    text = " ".join(world.sentence() for _ in range(80))
    article = await other.publish()
    with rule("limit") as limit:
        expect(await person.change(bio=text)).ok(because="a text of two pages is legitimate")
    if not limit.broken:
        profile = expect(await other.view_profile(person.username)).ok()
        expect(profile.at("profile", "bio"), "the bio").equals(text)
    with rule("limit") as limit:
        answer = await person.comment(article, text)
        expect(answer).created(because="a text of two pages is legitimate")
    if not limit.broken:
        comments = expect(await other.comments(article)).ok()
        expect(comments.each("comments", "body"), "the comment").equals([text])
