"""Mass assignment: extra fields in a request must not change anything (S6)."""

from __future__ import annotations

from worksample.checks import Answer, Meaning, expect
from worksample.messages import message
from worksample.suites.mass_assignment import ACCOUNTS, a_write_sets_nothing_else

from ..conduit_accounts import ConduitAccounts
from ..operations import COMMENT, EDIT_ARTICLE, PUBLISH, REGISTER, UPDATE_USER
from ..world import Article, Comment, Conduit, Json, Person


class _Write:
    """What the writes have in common: a writer, and somebody whose data must not change."""

    success = Meaning.CREATED
    written = ""
    writer: Person
    victim: Person
    theirs: Article

    def __init__(self, world: Conduit) -> None:
        self.world = world

    async def prepare(self) -> Json:
        """Create both accounts and an article of the victim; return the extra fields."""
        self.writer, self.victim = await self.world.own_member(), await self.world.own_member()
        self.theirs = await self.victim.publish()
        return {
            "slug": self.theirs.slug,
            "author": {"username": self.victim.username},
            **dict.fromkeys(("author_id", "authorId", "article_id", "articleId"), 1),
            "favorited": True,
            **dict.fromkeys(("favoritesCount", "favorites_count"), 4711),
        }

    def expect_writer(self, shown: Json) -> None:
        """Expect that the writer is the author of what is shown."""
        author = shown.get("author")
        name = author.get("username") if isinstance(author, dict) else author
        expect(name, message("the author of {written}", written=self.written)).equals(
            self.writer.username
        )

    async def expect_theirs_unchanged(self) -> None:
        """Expect that the victim's article has its title."""
        still = await self.world.visitor().sees(self.theirs)
        wanted = self.theirs.sent["title"]
        expect(still.get("title"), "the title of the other's article").equals(wanted)


class Publishing(_Write):
    """Publishes an article."""

    written = "the new article"

    async def send(self, extra: Json) -> Answer:
        """POST /articles."""
        return await self.writer.post(self.world.article(**extra))

    async def look(self, answer: Answer, accepted: bool) -> Json:
        """Return the new article; expect no favourites and an own slug."""
        seen: Json = {}
        if accepted:
            slug = str(answer.at("article", "slug"))
            because = "another article has it"
            expect(slug, "the slug").differs_from(self.theirs.slug, because=because)
            seen = await self.world.visitor().sees(slug)
            self.expect_writer(seen)
            expect(seen.get("favoritesCount"), "favoritesCount").equals(0)
        await self.expect_theirs_unchanged()
        return seen


class Editing(_Write):
    """Edits an article."""

    success = Meaning.OK
    written = "the edited article"
    article: Article
    before: Json

    async def prepare(self) -> Json:
        """Publish the article too."""
        extra = await super().prepare()
        self.article = await self.writer.publish()
        self.before = await self.world.visitor().sees(self.article)
        return extra

    async def send(self, extra: Json) -> Answer:
        """PUT /articles/{slug}."""
        description = self.world.sentence()
        return await self.writer.edit(self.article, description=description, **extra)

    async def look(self, answer: Answer, accepted: bool) -> Json:
        """Return the edited article; expect that the rest of it is as before."""
        slug = str(answer.at("article", "slug")) if accepted else self.article.slug
        seen = await self.world.visitor().sees(slug)
        self.expect_writer(seen)
        for field in ("title", "body", "favoritesCount", "createdAt"):
            expect(seen.get(field), field).equals(self.before.get(field))
        await self.expect_theirs_unchanged()
        return seen


class Commenting(_Write):
    """Comments on an article."""

    written = "the comment"
    elsewhere: Article
    first: Comment

    async def prepare(self) -> Json:
        """Publish a second article and write a first comment; name both in the extra fields."""
        extra = await super().prepare()
        self.elsewhere = await self.victim.publish()
        self.first = await self.victim.add_comment(self.theirs)
        return {**extra, "id": self.first.id, "slug": self.elsewhere.slug}

    async def send(self, extra: Json) -> Answer:
        """POST /articles/{slug}/comments."""
        payload = {"comment": {"body": self.world.sentence(), **extra}}
        path = f"{self.theirs.path}/comments"
        return await self.writer.ask(
            "POST", path, "comments with forbidden fields", payload=payload
        )

    async def look(self, answer: Answer, accepted: bool) -> Json:
        """Return the comment; expect that it is the writer's, and under the right article."""
        wrote, shown = [self.victim.username], {}
        if accepted:
            number = answer.at("comment", "id")
            expect(number, "the id of the new comment").differs_from(self.first.id)
            shown = dict(answer.at("comment"))
            self.expect_writer(shown)
            wrote.append(self.writer.username)
        seen = expect(await self.world.visitor().comments(self.theirs)).ok()
        authors = sorted(map(str, seen.each("comments", "author", "username")))
        expect(authors, "the authors of the comments, sorted").equals(sorted(wrote))
        other = expect(await self.world.visitor().comments(self.elsewhere)).ok()
        expect(other.at("comments"), "the comments of another article").equals([])
        return shown


CHECKS = [
    *a_write_sets_nothing_else.declare(
        Publishing,
        id="publishing-sets-nothing-else",
        title="Publishing sets title, description, body and tags, and nothing else",
        why="Extra fields forge favourites, publish in somebody else's name, or backdate an "
        "article.",
        clause="S6",
        stage=9,
        operations=[PUBLISH],
    ),
    *a_write_sets_nothing_else.declare(
        Editing,
        id="editing-changes-nothing-else",
        title="Editing changes title, description, body and tags, and nothing else",
        clause="S6",
        stage=9,
        operations=[EDIT_ARTICLE],
    ),
    *a_write_sets_nothing_else.declare(
        Commenting,
        id="commenting-sets-nothing-else",
        title="Commenting sets the text of the comment, and nothing else",
        why="A comment in somebody else's name damages that person's reputation.",
        clause="S6",
        stage=9,
        operations=[COMMENT],
    ),
    *ACCOUNTS.checks(ConduitAccounts, clause="S6", stage=9, operations=[REGISTER, UPDATE_USER]),
]
