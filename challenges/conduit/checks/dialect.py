"""Detection of a server's dialect: path prefix, token scheme and status codes.

The public RealWorld specification changed over the years, and so did its implementations. What
the specification leaves open is allowed. Other known deviations are detected here, reported by one
contract check each, and accepted by all other checks.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from worksample.checks import Answer, CheckContext, CheckFailed, Dialect, Meaning
from worksample.errors import WorkspaceError

if TYPE_CHECKING:
    from .world import Conduit, Person

#: Allowed in addition to the brief's own statuses: some version of the public specification answers
#: creation and deletion with 200, or a taken name with 409.
ALSO_ALLOWED = {
    Meaning.CREATED: (200, 201),
    Meaning.DELETED: (200, 204),
    Meaning.TAKEN: (409, 422),
}
#: What existing servers answer instead. No other status is detected, or may be declared.
KNOWN_STATUSES = {
    Meaning.UNAUTHENTICATED: (401, 403, 422, 400),
    Meaning.BAD_LOGIN: (401, 403, 422, 400, 404),
    Meaning.FORBIDDEN: (403, 401, 404),
    Meaning.MISSING: (404, 400, 422),
    Meaning.INVALID: (422, 400),
    Meaning.TAKEN: (422, 409, 400),
    Meaning.CREATED: (201, 200),
    Meaning.DELETED: (204, 200, 202),
}
SCHEMES = ("Token", "Bearer")
PREFIXES = ("/api", "")


def allowed_dialect(context: CheckContext) -> Dialect:
    """Return the dialect that the contract, the public specification and the workspace allow.

    Raises `WorkspaceError` when the `[dialect]` table of worksample.toml has an unknown key or a
    status that no known server uses.
    """
    dialect = Dialect(prefix="/api", scheme="Token")
    for meaning, statuses in ALSO_ALLOWED.items():
        dialect = dialect.with_allowed(meaning, *statuses)
    for key, value in context.declared.items():
        dialect = _apply_declaration(dialect, key, value)
    return dialect


def _apply_declaration(dialect: Dialect, key: str, value: Any) -> Dialect:
    names = {meaning.replace(" ", "-"): meaning for meaning in KNOWN_STATUSES}
    if key not in names:
        known = ", ".join(sorted(names))
        raise WorkspaceError(
            f"worksample.toml: [dialect] has an unknown key {key!r}; known keys: {known}."
        )
    meaning = names[key]
    statuses = value if isinstance(value, list) else [value]
    wrong = [status for status in statuses if status not in KNOWN_STATUSES[meaning]]
    if wrong:
        choices = ", ".join(map(str, KNOWN_STATUSES[meaning]))
        raise WorkspaceError(
            f"worksample.toml: [dialect] {key} = {wrong[0]!r} is not a known status.",
            hint=f"Use one or several of {choices}.",
        )
    said = " and ".join(map(str, statuses))
    return dialect.with_allowed(meaning, *statuses).with_note(
        f"Declared: {said} means “{meaning}”."
    )


async def detect_dialect(world: Conduit) -> Dialect:
    """Send requests whose correct answer is unambiguous and return the dialect of the answers."""
    await _learn_prefix(world)
    account = world.new_account()
    answer = await world.register(account)
    _learn_status(world, Meaning.CREATED, answer)
    if not _is_success(answer):
        return world.dialect
    reader = await _learn_scheme(world, account, answer)
    visitor = world.visitor()
    _learn_status(world, Meaning.UNAUTHENTICATED, await visitor.me())
    damaged = world.person(account["username"], (reader.token or "")[:-4])
    _learn_status(world, Meaning.UNAUTHENTICATED, await damaged.me())
    _learn_status(world, Meaning.BAD_LOGIN, await world.log_in(account["email"], world.password()))
    _learn_status(world, Meaning.TAKEN, await world.register(account))
    _learn_status(world, Meaning.INVALID, await world.register(world.new_account(username="")))
    _learn_status(world, Meaning.MISSING, await visitor.read(world.unique_name("no-such-article-")))
    await _learn_article_refusals(world, reader)
    return world.dialect


async def _learn_prefix(world: Conduit) -> None:
    declared = world.context.base_path
    for prefix in (declared,) if declared else PREFIXES:
        world.context.dialect = replace(world.dialect, prefix=prefix)
        answer = await world.visitor().tags()
        if answer.status == 200 and _has(answer, "tags"):
            if prefix != PREFIXES[0]:
                sentence = f"Paths begin with {prefix or '/'} instead of {PREFIXES[0]}."
                world.context.dialect = world.dialect.with_note(sentence)
            return
    world.context.dialect = replace(world.dialect, prefix=declared or PREFIXES[0])


async def _learn_scheme(world: Conduit, account: dict[str, Any], answer: Answer) -> Person:
    token = str(answer.at("user", "token")) if _has(answer, "user", "token") else ""
    reader = world.person(account["username"], token)
    for scheme in SCHEMES:
        world.context.dialect = replace(world.dialect, scheme=scheme)
        if _is_success(await reader.me()):
            if scheme != SCHEMES[0]:
                sentence = f"The token is accepted as `{scheme}`, not as `{SCHEMES[0]}`."
                world.context.dialect = world.dialect.with_note(sentence)
            return reader
    world.context.dialect = replace(world.dialect, scheme=SCHEMES[0])
    return reader


async def _learn_article_refusals(world: Conduit, author: Person) -> None:
    _learn_status(world, Meaning.INVALID, await author.post(world.article(title="")))
    published = await author.post(world.article())
    if not _is_success(published) or not _has(published, "article", "slug"):
        return
    slug = str(published.at("article", "slug"))
    other = await world.register(world.new_account())
    if _has(other, "user", "token"):
        stranger = world.person("a stranger", str(other.at("user", "token")))
        answer = await stranger.edit(slug, description=world.sentence())
        _learn_status(world, Meaning.FORBIDDEN, answer)
    _learn_status(world, Meaning.DELETED, await author.delete(slug))


def _learn_status(world: Conduit, meaning: Meaning, answer: Answer) -> None:
    dialect, status = world.dialect, answer.status
    if status in dialect.allowed[meaning]:
        if meaning in (Meaning.CREATED, Meaning.DELETED) and status == 200:
            sentence = f"“{meaning}” is answered with 200, as in older specifications."
            world.context.dialect = dialect.with_note(sentence)
    elif status in KNOWN_STATUSES[meaning]:
        sentence = f"“{meaning}” is answered with {status}."
        world.context.dialect = dialect.with_observed(meaning, status).with_note(sentence)


def _is_success(answer: Answer) -> bool:
    return 200 <= answer.status < 300


def _has(answer: Answer, *path: str) -> bool:
    try:
        answer.at(*path)
    except CheckFailed:
        return False
    return True
