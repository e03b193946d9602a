"""Client for the Conduit API: people, articles and comments, named as the brief names them.

Methods with an imperative name (`post`, `read`, `edit`) send one request and return its `Answer`,
whatever it is. `publish`, `add_comment`, `sign_up`, `sign_in` and the methods in the third person
(`reads`, `edits`) are preconditions: when they fail, the check is blocked by the check that tests
that operation.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

from worksample.checks import (
    Answer,
    Dialect,
    Meaning,
    PreconditionFailed,
    World,
    as_query,
    expect,
    first_of,
    precondition,
    precondition_at,
    segment,
    shorten,
    stored_id,
)
from worksample.messages import message
from worksample.suites.account_member import AccountApi, Member
from worksample.suites.account_world import AccountWorld

from .dialect import KNOWN, detect_dialect
from .operations import (
    ALL,
    ARTICLE,
    COMMENT,
    DELETE_ARTICLE,
    EDIT_ARTICLE,
    FAVORITE,
    FEED,
    FOLLOW,
    LIST_ARTICLES,
    LOGIN,
    PROFILE,
    PUBLISH,
    REGISTER,
    UPDATE_USER,
)

# The checks that prove the operations of preconditions; they are the `needs` of `precondition`.
REGISTERING = REGISTER.proven_by
SIGNING_IN = LOGIN.proven_by
PUBLISHING = PUBLISH.proven_by
COMMENTING = COMMENT.proven_by
FOLLOWING = FOLLOW.proven_by
LIKING = FAVORITE.proven_by
READING = ARTICLE.proven_by
EDITING = EDIT_ARTICLE.proven_by
DELETING = DELETE_ARTICLE.proven_by
CHANGING = UPDATE_USER.proven_by
LISTING = LIST_ARTICLES.proven_by
FEEDING = FEED.proven_by
SEEING_A_PROFILE = PROFILE.proven_by
#: By the name of a filter.
NARROWING = {
    "author": "a-list-is-narrowed-by-author",
    "tag": "a-list-is-narrowed-by-tag",
    "favorited": "a-list-is-narrowed-to-favourites",
}

#: How many articles a page holds if the request says nothing.
DEFAULT_LIMIT = 20
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Article:
    """A published article: its slug, the fields that were sent, and the `article` of the answer."""

    slug: str
    sent: Json
    shown: Json

    @property
    def path(self) -> str:
        """The path of the article below the base path."""
        return f"/articles/{segment(self.slug)}"


@dataclass(frozen=True, slots=True)
class Comment:
    """A posted comment: its id, its article, and the `comment` of the answer."""

    id: int
    article: Article
    shown: Json


class Person(Member["Conduit"]):
    """A visitor (no token) or the owner of an account."""

    @property
    def username(self) -> str:
        """The name of the account."""
        return self.name

    # One request each; nothing is expected of the answer.

    async def view_profile(self, username: str) -> Answer:
        """GET /profiles/{username}."""
        return await self.ask(
            "GET", profile_path(username), message("views {username}'s profile", username=username)
        )

    async def follow(self, username: str) -> Answer:
        """POST /profiles/{username}/follow."""
        return await self.ask(
            "POST",
            f"{profile_path(username)}/follow",
            message("follows {username}", username=username),
        )

    async def unfollow(self, username: str) -> Answer:
        """DELETE /profiles/{username}/follow."""
        path = f"{profile_path(username)}/follow"
        return await self.ask("DELETE", path, message("unfollows {username}", username=username))

    async def post(self, article: Any) -> Answer:
        """POST /articles with exactly this `article`."""
        return await self.ask("POST", "/articles", "publishes", payload={"article": article})

    async def read(self, article: Article | str) -> Answer:
        """GET /articles/{slug}."""
        return await self.ask("GET", article_path(article), "reads an article")

    async def edit(self, article: Article | str, **fields: Any) -> Answer:
        """PUT /articles/{slug} with exactly these fields in `article`."""
        what = ", ".join(fields) or "nothing"
        return await self.ask(
            "PUT",
            article_path(article),
            message("edits {what}", what=what),
            payload={"article": fields},
        )

    async def delete(self, article: Article | str) -> Answer:
        """DELETE /articles/{slug}."""
        return await self.ask("DELETE", article_path(article), "deletes an article")

    async def list(self, **query: Any) -> Answer:
        """GET /articles with this query."""
        return await self.ask("GET", "/articles" + as_query(query), "lists articles")

    async def feed(self, **query: Any) -> Answer:
        """GET /articles/feed with this query."""
        return await self.ask("GET", "/articles/feed" + as_query(query), "opens the feed")

    async def comment(self, article: Article | str, body: Any) -> Answer:
        """POST /articles/{slug}/comments."""
        path = f"{article_path(article)}/comments"
        return await self.ask("POST", path, "comments", payload={"comment": {"body": body}})

    async def comments(self, article: Article | str) -> Answer:
        """GET /articles/{slug}/comments."""
        return await self.ask("GET", f"{article_path(article)}/comments", "reads the comments")

    async def delete_comment(self, article: Article | str, comment_id: int | str) -> Answer:
        """DELETE /articles/{slug}/comments/{id}."""
        path = f"{article_path(article)}/comments/{segment(str(comment_id))}"
        return await self.ask("DELETE", path, "deletes a comment")

    async def favorite(self, article: Article | str) -> Answer:
        """POST /articles/{slug}/favorite."""
        return await self.ask("POST", f"{article_path(article)}/favorite", "marks a favourite")

    async def unfavorite(self, article: Article | str) -> Answer:
        """DELETE /articles/{slug}/favorite."""
        path = f"{article_path(article)}/favorite"
        return await self.ask("DELETE", path, "removes a favourite")

    async def tags(self) -> Answer:
        """GET /tags."""
        return await self.ask("GET", "/tags", "lists the tags")

    # Preconditions: a failure blocks the check instead of failing it.

    async def publish(self, **fields: Any) -> Article:
        """Publish a new article; `fields` override the generated ones."""
        sent = self.world.article(**fields)
        answer = precondition(await self.post(sent), Meaning.CREATED, needs=PUBLISHING)
        shown = precondition_at(answer, "article", needs=PUBLISHING)
        slug = precondition_at(answer, "article", "slug", needs=PUBLISHING)
        return Article(str(slug), sent, shown)

    async def add_comment(self, article: Article, body: str = "") -> Comment:
        """Comment on `article` with `body`, or with a generated sentence.

        If the answer has no id, the list of comments or the database tells it.
        """
        body = body or self.world.sentence()
        answer = precondition(await self.comment(article, body), Meaning.CREATED, needs=COMMENTING)
        shown = precondition_at(answer, "comment", needs=COMMENTING)

        async def answered() -> Any:
            return precondition_at(answer, "comment", "id", needs=COMMENTING)

        number = await first_of(
            self.world,
            answered,
            lambda: self._listed_id(article, body),
            lambda: stored_id(self.world, body, COMMENTING),
        )
        return Comment(number, article, shown)

    async def _listed_id(self, article: Article, body: str) -> Any:
        """Return the id of a comment from the list of comments."""
        answer = precondition(await self.comments(article), Meaning.OK, needs=COMMENTING)
        listed = precondition_at(answer, "comments", needs=COMMENTING)
        entries = listed if isinstance(listed, list) else []
        bodies = [each.get("body") if isinstance(each, dict) else None for each in entries]
        place = bodies.index(body) if body in bodies else len(bodies)
        return precondition_at(answer, "comments", place, "id", needs=COMMENTING)

    async def starts_following(self, other: Person) -> None:
        """Follow `other`; whatever that answers, it is met if the profile says so."""

        async def follows() -> None:
            precondition(await self.follow(other.username), Meaning.OK, needs=FOLLOWING)

        async def is_following() -> None:
            shown = precondition(
                await self.view_profile(other.username), Meaning.OK, needs=FOLLOWING
            )
            _require_true(shown, "profile", "following", needs=FOLLOWING)

        await first_of(self.world, follows, is_following)

    async def sees_following(self, other: Person, article: Article) -> Any:
        """Return whether this person follows `other`, by the profile of `other`.

        Where that cannot be read, `article`, which `other` wrote, tells it.
        """

        async def on_profile() -> Any:
            shown = precondition(
                await self.view_profile(other.username), Meaning.OK, needs=SEEING_A_PROFILE
            )
            return precondition_at(shown, "profile", "following", needs=SEEING_A_PROFILE)

        async def on_article() -> Any:
            shown = precondition(await self.read(article), Meaning.OK, needs=READING)
            return precondition_at(shown, "article", "author", "following", needs=READING)

        return await first_of(self.world, on_profile, on_article)

    async def opens_feed(self) -> Answer:
        """Open the feed, as a precondition; with the usual limit if it is not shown without."""

        async def opened(**query: int) -> Answer:
            return precondition(await self.feed(**query), Meaning.OK, needs=FEEDING)

        return await first_of(self.world, opened, lambda: opened(limit=DEFAULT_LIMIT))

    async def likes(self, article: Article) -> None:
        """Mark `article` as a favourite; whatever that answers, it is met if it is shown so."""

        async def marks() -> None:
            precondition(await self.favorite(article), Meaning.OK, needs=LIKING)

        async def is_marked() -> None:
            shown = precondition(await self.read(article), Meaning.OK, needs=LIKING)
            _require_true(shown, "article", "favorited", needs=LIKING)

        await first_of(self.world, marks, is_marked)

    async def reads(self, article: Article | str) -> Answer:
        """Read `article` and return the answer."""
        return precondition(await self.read(article), Meaning.OK, needs=READING)

    async def changes(self, **fields: Any) -> Person:
        """Change this account; return the person with the new name, address, password and token.

        If that fails, the password is sent too.
        """
        answer = await first_of(
            self.world,
            lambda: self._changes_only(fields),
            lambda: self._changes_only({"password": self.password, **fields}),
        )
        return self.world.person(
            fields.get("username", self.username),
            self.token_from(answer),
            email=fields.get("email", self.email),
            password=fields.get("password", self.password),
        )

    async def _changes_only(self, fields: Json) -> Answer:
        answer = precondition(await self.change(**fields), Meaning.OK, needs=CHANGING)
        precondition_at(answer, "user", needs=CHANGING)
        return answer

    async def sees(self, article: Article | str) -> Json:
        """Read `article` and return the `article` object that this person receives."""
        answer = precondition(await self.read(article), Meaning.OK, needs=READING)
        precondition_at(answer, "article", "slug", needs=READING)
        return dict(precondition_at(answer, "article", needs=READING))

    async def edits(self, article: Article, **fields: Any) -> Article:
        """Edit an article of this person; return it with its slug from the answer.

        If that fails, title, description and body are sent too.
        """
        texts = ("title", "description", "body")
        whole = {name: article.sent[name] for name in texts if name in article.sent}
        return await first_of(
            self.world,
            lambda: self.edits_only(article, **fields),
            lambda: self.edits_only(article, **{**whole, **fields}),
        )

    async def edits_only(self, article: Article, **fields: Any) -> Article:
        """Edit these fields, and no others, of an article of this person."""
        answer = precondition(await self.edit(article, **fields), Meaning.OK, needs=EDITING)
        shown = precondition_at(answer, "article", needs=EDITING)
        slug = precondition_at(answer, "article", "slug", needs=EDITING)
        return Article(str(slug), {**article.sent, **fields}, shown)

    async def deletes(self, article: Article) -> None:
        """Delete an article of this person."""
        precondition(await self.delete(article), Meaning.DELETED, needs=DELETING)


class Conduit(AccountWorld[Person]):
    """The Conduit client of one check."""

    operations = ALL
    api = AccountApi(
        register="/users",
        login="/users/login",
        own="/user",
        member="user",
        name="username",
        text="bio",
        registering_check=REGISTERING,
        signing_in_check=SIGNING_IN,
        changing_check=CHANGING,
        personal=(r"GET .*/articles/feed", r"(POST|DELETE) .*/profiles/[^/]+/follow"),
    )

    @classmethod
    async def detect_dialect(cls, world: World) -> Dialect:
        """Detect path prefix, token scheme and statuses; see `dialect.detect_dialect`."""
        assert isinstance(world, cls)
        world.context.dialect = KNOWN.allowed_dialect(world.context)
        return await detect_dialect(world)

    async def appearances(self, person: Person) -> list[tuple[str, Json]]:
        """Return where bio and picture of `person` are read: in the account and the profile.

        Without the profile in a run that ends before its stage.
        """
        me = expect(await person.me()).ok()
        seen = [("the account", dict(me.at("user")))]
        if self.asks(PROFILE):
            profile = expect(await self.visitor().view_profile(person.username)).ok()
            seen.append(("the profile", dict(profile.at("profile"))))
        return seen

    async def narrowing(self, **filters: str) -> Json:
        """Return the first of `filters` by which a visitor gets a list, as a query.

        For checks that only need a list of their own articles, which all filters show.
        """

        async def narrowed(name: str) -> Json:
            query = {name: filters[name]}
            precondition(await self.visitor().list(**query), Meaning.OK, needs=NARROWING[name])
            return query

        return await first_of(self, *(partial(narrowed, name) for name in filters))

    def person(self, name: str = "", token: str | None = None, **account: str) -> Person:
        """Return a client that sends `token`."""
        return Person(self, name, token, **account)

    def sentence(self) -> str:
        """Return a new random sentence."""
        return f"On {self.unique_name('w')} and {self.unique_name('v')}."

    def article(self, **fields: Any) -> Json:
        """Return the fields of a new article; `fields` override them.

        `tagList` is always present: every known front end sends it.
        """
        fresh: Json = {
            "title": f"Notes from {self.unique_name('t')}",
            "description": self.sentence(),
            "body": f"{self.sentence()}\n\n{self.sentence()}",
            "tagList": [],
        }
        return {**fresh, **fields}


def _require_true(answer: Answer, *path: str, needs: str) -> None:
    """Raise `PreconditionFailed` unless the value at `path` is true."""
    if precondition_at(answer, *path, needs=needs) is not True:
        expected = message("`{field}` is true", field=".".join(path))
        failure = answer.failure(expected, shorten(answer.json()))
        raise PreconditionFailed(needs, failure.findings[0])


def article_path(article: Article | str) -> str:
    """Return the path of an article, given the article or its slug."""
    return article.path if isinstance(article, Article) else f"/articles/{segment(article)}"


def profile_path(username: str) -> str:
    """Return the path of a profile."""
    return f"/profiles/{segment(username)}"
