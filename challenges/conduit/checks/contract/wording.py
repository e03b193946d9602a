"""Deviations from the contract that existing servers share: path prefix, token scheme, statuses.

Each deviation fails one check here. All other checks accept it, as the dialect is detected first.
"""

from __future__ import annotations

from functools import partial

from worksample.checks import (
    Aspect,
    Meaning,
    PreconditionFailed,
    check,
    expect,
    removed_on_failure,
    rule,
    shorten,
)

from ..operations import LIST_COMMENTS, PROFILE, PUBLISH
from ..world import Conduit

SKILLS = ("rest", "api-design", "openapi")
ONE_STATUS = (
    "The apps and every other client branch on the status. A wrong one sends people to the wrong "
    "screen."
)
story = partial(check, aspect=Aspect.CONTRACT, stage=2, clause="G3", skills=SKILLS)


@story(
    title="Every path begins with /api",
    stage=1,
    clause="G1",
    why="Existing clients have the path built in, and get a 404.",
)
async def every_path_begins_with_api(world: Conduit) -> None:
    expect(world.dialect.prefix, "the prefix of every path").equals(
        world.context.base_path or "/api"
    )
    answer = expect(await world.visitor().tags()).ok()
    expect(answer.at("tags"), "tags").satisfies(lambda tags: isinstance(tags, list), "a list")


@story(
    title="The token travels as `Authorization: Token ...`",
    clause="A6",
    why="Existing clients send it only in this form; without it, nobody stays signed in.",
    hint="Accept the scheme `Token` (and also `Bearer`, if you like) and read the part after it.",
    skills=("oauth-jwt", "rest"),
)
async def the_token_travels_as_token(world: Conduit) -> None:
    person = await world.shared_member()
    header = ("Authorization", f"Token {person.token}")
    answer = await world.send("GET", "/user", headers=[header], label="the token as `Token`")
    expect(answer).ok()


@story(
    title="Creating an account, an article or a comment answers 201",
    stage=4,
    clause="G2",
    why=ONE_STATUS,
    cites="RFC 9110 15.3.2",
)
async def creating_answers_created(world: Conduit) -> None:
    account = world.new_account()
    registered = expect(await world.register(account)).exactly(Meaning.CREATED)
    author = await world.owner_of(account, registered)
    article = expect(await author.post(world.article())).exactly(Meaning.CREATED)
    slug = str(article.at("article", "slug"))
    expect(await author.comment(slug, world.sentence())).exactly(Meaning.CREATED)


@story(
    title="Deleting answers 204 without a body",
    stage=4,
    clause="G2",
    why="A client that waits for a body, or receives one that it does not expect, reports a "
    "failure although the deletion succeeded.",
    cites="RFC 9110 15.3.5",
)
async def deleting_answers_no_content(world: Conduit) -> None:
    author = await world.shared_member()
    article = await author.publish()
    comment = await author.add_comment(article)
    for answer in (await author.delete_comment(article, comment.id), await author.delete(article)):
        expect(answer).exactly(Meaning.DELETED)
        if answer.status == 204:
            expect(answer.response.body, "the body of a 204").equals(b"")


@story(
    title="A request without a token where one is needed answers 401",
    why="On 401 the apps show the sign-in screen; on 403 they say that access is denied, and "
    "people give up.",
    cites="RFC 9110 15.5.2",
    skills=("rest", "oauth-jwt"),
)
async def no_token_answers_unauthorized(world: Conduit) -> None:
    because = "the request has no token"
    expect(await world.visitor().me()).exactly(Meaning.UNAUTHENTICATED, because=because)
    if world.asks(PUBLISH):
        answer = await world.visitor().post(world.article())
        expect(answer).exactly(Meaning.UNAUTHENTICATED, because=because)


@story(
    title="A token that cannot be trusted is refused like a missing one",
    clause="S2",
    why="On 401 the apps show the sign-in screen; on any other status people keep a token that "
    "never works again.",
    cites="RFC 9110 15.5.2",
    skills=("rest", "oauth-jwt"),
)
async def a_bad_token_is_refused_like_none(world: Conduit) -> None:
    person = await world.shared_member()
    missing = await world.visitor().me()
    answer = await world.person(person.username, (person.token or "")[:-4]).me()
    expect(answer).refused(because="the token is truncated")
    if answer.status != missing.status:
        expect(answer).exactly(Meaning.UNAUTHENTICATED, because="the token is truncated")


@story(
    title="Wrong credentials answer 401",
    clause="A4",
    rules={"status": "A12"},
    why=ONE_STATUS,
    cites="RFC 9110 15.5.2",
    skills=("rest", "oauth-jwt"),
)
async def wrong_credentials_answer_unauthorized(world: Conduit) -> None:
    person = await world.own_member()
    answer = await world.log_in(person.email, world.password())
    expect(answer).refused(because="the password is wrong")
    with rule("status"):
        expect(answer).exactly(Meaning.BAD_LOGIN, because="the password is wrong")


@story(
    title="What belongs to someone else answers 403",
    stage=3,
    why="On 401 the apps sign people out, just because an article is not theirs.",
    cites="RFC 9110 15.5.4",
    skills=("rest", "access-control"),
)
async def not_yours_answers_forbidden(world: Conduit) -> None:
    author, stranger = await world.shared_member(), await world.shared_member()
    article = await author.publish()
    answer = await stranger.edit(article, description=world.sentence())
    expect(answer).exactly(Meaning.FORBIDDEN, because="the article belongs to someone else")


@story(title="What is not there answers 404", stage=3, why=ONE_STATUS, cites="RFC 9110 15.5.5")
async def not_there_answers_not_found(world: Conduit) -> None:
    visitor = world.visitor()
    expect(await visitor.read(world.unique_name("nothing-"))).exactly(Meaning.MISSING)
    if world.asks(PROFILE):
        expect(await visitor.view_profile(world.unique_name("nobody"))).exactly(Meaning.MISSING)
    if world.asks(LIST_COMMENTS):
        expect(await visitor.comments(world.unique_name("nothing-"))).exactly(Meaning.MISSING)


@story(
    title="What makes no sense answers 422",
    why="On 422 the apps show the messages beside the fields; on anything else they show nothing.",
    cites="RFC 9110 15.5.21",
)
async def no_sense_answers_unprocessable(world: Conduit) -> None:
    account, article = world.new_account(username=""), world.article(title="")
    async with removed_on_failure(world, account["email"]):
        answer = await world.register(account)
        expect(answer).exactly(Meaning.INVALID, because="the username is blank")
    if world.asks(PUBLISH):
        author = await world.shared_member()
        async with removed_on_failure(world, article["body"]):
            answer = await author.post(article)
            expect(answer).exactly(Meaning.INVALID, because="the title is blank")


@story(title="What is taken answers 422", clause="A2", why=ONE_STATUS)
async def taken_answers_unprocessable(world: Conduit) -> None:
    person = await world.own_member()
    answer = await world.register(world.new_account(username=person.username))
    expect(answer).exactly(Meaning.TAKEN, because="the username is taken")


@story(
    title="Refusals say why, as `errors` with a list of messages for each topic",
    stage=3,
    why="The apps show these messages. In another format they show nothing, or “undefined”.",
    hint="Use one error handler for the whole server, so that the framework's own refusals have "
    "this format too.",
)
async def refusals_say_why(world: Conduit) -> None:
    author, stranger = await world.own_member(), await world.shared_member()
    article = await author.publish()
    refusals = [
        await world.register(world.new_account(email="")),
        await world.log_in(author.email, world.password()),
        await world.visitor().me(),
        await world.visitor().read(world.unique_name("nothing-")),
    ]
    deletion = await stranger.delete(article)
    if deletion.status < 300:
        failure = deletion.failure("a refusal", shorten(deletion.status)).findings[0]
        world.unprepared.append(PreconditionFailed("only-the-author-may-delete", failure))
    else:
        refusals.append(deletion)
    schema = {"$ref": "#/components/schemas/ErrorAnswer"}
    for answer in refusals:
        lines = world.context.contract.schema_violations(schema, answer.json())
        if lines:
            raise answer.failure('{"errors": {"<topic>": ["<message>", ...]}}', lines[0])


@story(
    title="A path that does not exist answers 404",
    stage=1,
    clause="G6",
    why="Any other answer hides mistakes in clients, or shows the framework's default page.",
    cites="RFC 9110 15.5.5",
)
async def unknown_paths_are_not_found(world: Conduit) -> None:
    for path in (f"/{world.unique_name('nowhere')}", f"/tags/{world.unique_name('x')}"):
        expect(await world.send("GET", path, label="a path that does not exist")).status(404)


@story(
    title="A method that a path does not know answers 405 or 404",
    stage=1,
    clause="G6",
    why="A client whose wrong method is answered with success believes that something was done.",
    cites="RFC 9110 15.5.6",
)
async def unknown_methods_are_refused(world: Conduit) -> None:
    for method, path in (("DELETE", "/tags"), ("PATCH", "/tags"), ("PUT", "/tags")):
        expect(
            await world.send(method, path, label="a method that the path does not support")
        ).status(404, 405)


@story(
    title="Every answer with a body calls itself JSON",
    stage=3,
    clause="G1",
    why="Clients choose the parser by the content type, and browsers whether to run scripts.",
    cites="RFC 9110 8.3, RFC 8259 11",
)
async def answers_call_themselves_json(world: Conduit) -> None:
    author = await world.own_member()
    article = await author.publish()
    for answer in (
        await author.me(),
        await author.read(article),
        await author.list(author=author.username),
        await world.visitor().tags(),
        await world.visitor().me(),
        await world.visitor().read(world.unique_name("nothing-")),
        await world.register(world.new_account(password="")),
    ):
        kind = answer.response.header("content-type", "no content type")
        if kind.partition(";")[0].strip().lower() != "application/json":
            raise answer.failure("Content-Type: application/json", kind)
