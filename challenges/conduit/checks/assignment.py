"""Mass assignment: extra fields in a request must not change anything."""

from __future__ import annotations

from typing import Any

from worksample.checks import Answer, Aspect, Meaning, Skipped, check, expect
from worksample.suites.jwt import Jwt

from .world import Conduit, Person

CITES = "OWASP API3:2023 Broken Object Property Level Authorization (CWE-915)"
SKILLS = ("security-practices", "api-design")
HINT = "List the fields that a request may set, instead of passing on the whole body."
WHY = "A field that was never meant to be writable is set by the first person who tries."
LONG_AGO = "1999-12-31T23:59:59.000Z"
Json = dict[str, Any]


def forbidden_fields(owner: str) -> Json:
    """Return fields that no client may set, in the spellings that attackers try."""
    return {
        "id": 1,
        "author": {"username": owner},
        "author_id": 1,
        "authorId": 1,
        "user_id": 1,
        "userId": 1,
        "article_id": 1,
        "articleId": 1,
        "favorited": True,
        "favoritesCount": 4711,
        "favorites_count": 4711,
        "createdAt": LONG_AGO,
        "created_at": LONG_AGO,
        "updatedAt": LONG_AGO,
        "updated_at": LONG_AGO,
    }


def expect_accepted_or_refused(answer: Answer, meaning: Meaning) -> bool:
    """Expect a status of `meaning` or a refusal; return whether the request was accepted."""
    expect(answer).means(
        meaning,
        Meaning.INVALID,
        Meaning.MALFORMED,
        because="extra fields are either ignored or refused",
    )
    return answer.status in answer.dialect.accepts(meaning)


def expect_not_assigned(shown: Any, author: str, what: str) -> None:
    """Expect that none of `forbidden_fields` was stored in the object `shown`."""
    seen = shown if isinstance(shown, dict) else {}
    writer = seen.get("author")
    name = writer.get("username") if isinstance(writer, dict) else writer
    expect(name, f"the author of {what}").equals(author)
    for field in ("createdAt", "updatedAt"):
        expect(seen.get(field), f"{field} of {what}").satisfies(
            lambda value: not str(value).startswith("1999"),
            "the time at which the server stored it",
        )


def account_id_of(person: Person) -> Any:
    """Return the account id that the token of `person` holds, or 1 when it holds none."""
    try:
        claims = Jwt.parse(person.token or "").claims
    except Skipped:
        return 1
    told = next((claims[name] for name in ("sub", "id", "user_id", "userId") if name in claims), 1)
    return int(told) if isinstance(told, str) and told.isdecimal() else told


@check(
    title="Publishing sets title, description, body and tags, and nothing else",
    aspect=Aspect.SECURITY,
    stage=9,
    clause="S6",
    why="Extra fields forge favourites, publish in somebody else's name, or backdate an article.",
    hint=HINT,
    cites=CITES,
    skills=SKILLS,
)
async def publishing_sets_nothing_else(world: Conduit) -> None:
    author, victim = await world.sign_up(), await world.sign_up()
    theirs = await victim.publish()
    sent = world.article(**forbidden_fields(victim.username), slug=theirs.slug)
    answer = await author.post(sent)
    if expect_accepted_or_refused(answer, Meaning.CREATED):
        slug = str(answer.at("article", "slug"))
        expect(slug, "the slug").differs_from(theirs.slug, because="another article has it")
        seen = await world.visitor().sees(slug)
        expect_not_assigned(seen, author.username, "the new article")
        expect(seen.get("favoritesCount"), "favoritesCount").equals(0)
    still = await world.visitor().sees(theirs)
    expect(still.get("title"), "the title of the other's article").equals(theirs.sent["title"])


@check(
    title="Editing changes title, description, body and tags, and nothing else",
    aspect=Aspect.SECURITY,
    stage=9,
    clause="S6",
    why=WHY,
    hint=HINT,
    cites=CITES,
    skills=SKILLS,
)
async def editing_changes_nothing_else(world: Conduit) -> None:
    author, victim = await world.sign_up(), await world.sign_up()
    theirs, article = await victim.publish(), await author.publish()
    before = await world.visitor().sees(article)
    fields = {**forbidden_fields(victim.username), "slug": theirs.slug}
    answer = await author.edit(article, description=world.sentence(), **fields)
    taken = expect_accepted_or_refused(answer, Meaning.OK)
    seen = await world.visitor().sees(str(answer.at("article", "slug")) if taken else article)
    expect_not_assigned(seen, author.username, "the edited article")
    for field in ("title", "body", "favoritesCount", "createdAt"):
        expect(seen.get(field), field).equals(before.get(field))
    still = await world.visitor().sees(theirs)
    expect(still.get("title"), "the title of the other's article").equals(theirs.sent["title"])


@check(
    title="Commenting sets the text of the comment, and nothing else",
    aspect=Aspect.SECURITY,
    stage=9,
    clause="S6",
    why="A comment in somebody else's name damages that person's reputation.",
    hint=HINT,
    cites=CITES,
    skills=SKILLS,
)
async def commenting_sets_nothing_else(world: Conduit) -> None:
    writer, victim = await world.sign_up(), await world.sign_up()
    article, elsewhere = await victim.publish(), await victim.publish()
    first = await victim.add_comment(article)
    body = world.sentence()
    payload = {
        "body": body,
        **forbidden_fields(victim.username),
        "id": first.id,
        "slug": elsewhere.slug,
    }
    answer = await writer.ask(
        "POST",
        f"{article.path}/comments",
        "comments with forbidden fields",
        payload={"comment": payload},
    )
    wrote = [victim.username]
    if expect_accepted_or_refused(answer, Meaning.CREATED):
        expect(answer.at("comment", "id"), "the id of the new comment").differs_from(first.id)
        expect_not_assigned(answer.at("comment"), writer.username, "the comment")
        wrote.append(writer.username)
    seen = expect(await world.visitor().comments(article)).ok()
    authors = seen.each("comments", "author", "username")
    expect(sorted(map(str, authors)), "the authors of the comments, sorted").equals(sorted(wrote))
    other = expect(await world.visitor().comments(elsewhere)).ok()
    expect(other.at("comments"), "the comments of another article").equals([])


@check(
    title="Registering and changing an account sets what the brief names, and nothing else",
    aspect=Aspect.SECURITY,
    stage=9,
    clause="S6",
    why="`id`, `role` and `password_hash` have each been used to take over an account.",
    hint=HINT,
    cites=CITES,
    skills=SKILLS,
)
async def accounts_set_nothing_else(world: Conduit) -> None:
    victim = await world.sign_up()
    grab = {
        "id": account_id_of(victim),
        "user_id": account_id_of(victim),
        "role": "admin",
        "is_admin": True,
    }
    account = world.new_account(**grab, token="x")
    answer = await world.register(account)
    if expect_accepted_or_refused(answer, Meaning.CREATED):
        expect(answer.at("user", "token"), "the token").differs_from("x")
    person = await world.sign_up()
    hashes = dict.fromkeys(
        ("password_hash", "passwordHash", "hash", "salt", "hashed_password"), world.unique_name()
    )
    expect_accepted_or_refused(await person.change(bio="mine", **grab, **hashes), Meaning.OK)
    for who in (person, victim):
        expect(await world.log_in(who.email, who.password)).ok(
            because="the password was not changed"
        )
    seen = expect(await victim.me()).ok()
    expect(seen.at("user", "username"), "the username of another account").equals(victim.username)
    expect(seen.at("user", "bio"), "the bio of another account").differs_from("mine")
