"""Stateful testing: random sequences of requests by several people, compared with a model.

A step names people and articles by number, so that a sequence stays valid when steps are removed
from it.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from worksample.checks import Answer, Meaning, Words, expect, rule
from worksample.messages import message
from worksample.suites import sequences

from ..operations import ALL
from ..world import Article, Conduit, Person

PEOPLE = 3
ARTICLES = 3
STEPS = 24
#: The share of edits and deletions that the author of the article makes.
OWNER_SHARE = 0.8
STEP_WEIGHTS = (
    ("publish", 4), ("edit", 4), ("retitle", 2), ("delete", 1), ("like", 6), ("unlike", 3),
    ("say", 4), ("unsay", 2), ("follow", 4), ("unfollow", 2), ("bio", 1),
)  # fmt: skip
STEP_PHRASES = {
    "publish": "publishes article",
    "edit": "edits article",
    "retitle": "changes the title of article",
    "delete": "deletes article",
    "like": "favourites article",
    "unlike": "unfavourites article",
    "say": "comments on article",
    "unsay": "deletes the first comment on article",
    "follow": "follows person",
    "unfollow": "unfollows person",
}


@dataclass(frozen=True, slots=True)
class Step:
    """Person number `actor` does `kind` to the article or person number `target`."""

    kind: str
    actor: int
    target: int


@dataclass(slots=True)
class ArticleState:
    """The expected state of one article; people are numbers."""

    article: Article
    owner: int
    fields: dict[str, Any]
    likes: set[int] = field(default_factory=set)
    comments: list[tuple[int, int]] = field(default_factory=list)


class Model:
    """The expected state of the server, updated with every step."""

    def __init__(self, people: list[Person]) -> None:
        self.people = people
        self.follows: set[tuple[int, int]] = set()
        self.articles: dict[int, ArticleState] = {}
        self.order: list[int] = []

    async def run(self, steps: Sequence[Step]) -> None:
        """Run `steps`, then compare every view of every person; raises `CheckFailed`."""
        for step in steps:
            await getattr(self, f"_{step.kind}")(step)
        await self._check_all_views()

    async def _publish(self, step: Step) -> None:
        if step.target in self.articles:
            return
        person = self.people[step.actor]
        article = await person.publish(tagList=[person.world.unique_name("tag")])
        self.articles[step.target] = ArticleState(article, step.actor, dict(article.sent))
        self.order.insert(0, step.target)

    async def _edit(self, step: Step) -> None:
        await self._change(step, "description")

    async def _retitle(self, step: Step) -> None:
        await self._change(step, "title")

    async def _change(self, step: Step, name: str) -> None:
        if (state := self.articles.get(step.target)) is None:
            return
        person = self.people[step.actor]
        value = person.world.sentence()
        answer = await person.edit(state.article, **{name: value})
        if step.actor != state.owner:
            expect(answer).forbidden(because="the article belongs to someone else")
            return
        expect(answer).ok()
        state.fields[name] = value
        state.article = replace(state.article, slug=str(answer.at("article", "slug")))

    async def _delete(self, step: Step) -> None:
        if (state := self.articles.get(step.target)) is None:
            return
        answer = await self.people[step.actor].delete(state.article)
        if step.actor != state.owner:
            expect(answer).forbidden(because="the article belongs to someone else")
            return
        expect(answer).deleted()
        del self.articles[step.target]
        self.order.remove(step.target)
        expect(await self.people[step.actor].read(state.article)).missing("it was deleted")

    async def _like(self, step: Step) -> None:
        if (state := self.articles.get(step.target)) is None:
            return
        answer = expect(await self.people[step.actor].favorite(state.article)).ok()
        state.likes.add(step.actor)
        self._compare(step.actor, state, answer.at("article"), "when it is favourited")

    async def _unlike(self, step: Step) -> None:
        if (state := self.articles.get(step.target)) is None:
            return
        answer = await self.people[step.actor].unfavorite(state.article)
        expect(answer).ok()
        state.likes.discard(step.actor)
        self._compare(
            step.actor, state, answer.at("article"), "when it is removed from the favourites"
        )

    async def _say(self, step: Step) -> None:
        if (state := self.articles.get(step.target)) is None:
            return
        comment = await self.people[step.actor].add_comment(state.article)
        state.comments.append((comment.id, step.actor))

    async def _unsay(self, step: Step) -> None:
        state = self.articles.get(step.target)
        if state is None or not state.comments:
            return
        comment_id, writer = state.comments[0]
        answer = await self.people[step.actor].delete_comment(state.article, comment_id)
        if step.actor == writer:
            expect(answer).deleted()
        elif self._is_kept(step, state, answer):
            return
        state.comments.pop(0)

    def _is_kept(self, step: Step, state: ArticleState, answer: Answer) -> bool:
        """Expect that a comment of somebody else is not deleted; return whether it is still there.

        The author of the article may delete it where that rule is left out.
        """
        with rule("author" if step.actor == state.owner else "") as own:
            expect(answer).means(Meaning.FORBIDDEN, because="someone else wrote the comment")
        return not own.broken or answer.status >= 400

    async def _follow(self, step: Step) -> None:
        await self._set_following(step, follow=True)

    async def _unfollow(self, step: Step) -> None:
        await self._set_following(step, follow=False)

    async def _set_following(self, step: Step, follow: bool) -> None:
        if step.actor == step.target:
            return
        person, other = self.people[step.actor], self.people[step.target]
        act = person.follow if follow else person.unfollow
        answer = expect(await act(other.username)).ok()
        expect(answer.at("profile", "following"), "following").equals(follow)
        change = self.follows.add if follow else self.follows.discard
        change((step.actor, step.target))

    async def _bio(self, step: Step) -> None:
        person = self.people[step.actor]
        bio = person.world.sentence()
        answer = expect(await person.change(bio=bio)).ok()
        expect(answer.at("user", "bio"), "the bio").equals(bio)
        expect(answer.at("user", "email"), "the e-mail address").equals(person.email)

    async def _check_all_views(self) -> None:
        for actor, person in enumerate(self.people):
            for state in self.articles.values():
                answer = expect(await person.read(state.article)).ok()
                self._compare(actor, state, answer.at("article"), "when it is read")
            await self._check_lists(actor, person)
        for state in self.articles.values():
            answer = expect(await self.people[0].comments(state.article)).ok()
            wanted = sorted(str(comment_id) for comment_id, _ in state.comments)
            shown = sorted(map(str, answer.each("comments", "id")))
            expect(shown, "the ids of its comments, sorted").equals(wanted)

    async def _check_lists(self, actor: int, person: Person) -> None:
        own = [n for n in self.order if self.articles[n].owner == actor]
        await self._expect_list(await person.list(author=person.username), own, in_order=True)
        liked = [n for n in self.order if actor in self.articles[n].likes]
        await self._expect_list(await person.list(favorited=person.username), liked)
        feed = [n for n in self.order if (actor, self.articles[n].owner) in self.follows]
        await self._expect_list(await person.feed(), feed, in_order=True)

    async def _expect_list(self, answer: Any, numbers: list[int], in_order: bool = False) -> None:
        expect(answer).ok()
        wanted = [self.articles[number].article.slug for number in numbers]
        shown = answer.each("articles", "slug")
        if not in_order:
            wanted, shown = sorted(wanted), sorted(map(str, shown))
        expect(shown, message("the slugs when {label}", label=answer.exchange.label)).equals(wanted)
        expect(answer.at("articlesCount"), "articlesCount").equals(len(wanted))

    def _compare(self, actor: int, state: ArticleState, shown: Any, when: str) -> None:
        """Compare the article `shown` to `actor` with its expected state."""
        wanted = {
            "title": state.fields["title"],
            "description": state.fields["description"],
            "tagList": state.fields["tagList"],
            "favorited": actor in state.likes,
            "favoritesCount": len(state.likes),
        }
        for name, value in wanted.items():
            got = shown.get(name) if isinstance(shown, dict) else shown
            expect(got, message("{name} of an article {when}", name=name, when=when)).equals(value)
        author = shown.get("author") if isinstance(shown, dict) else None
        following = author.get("following") if isinstance(author, dict) else None
        expect(following, message("following of its author {when}", when=when)).equals(
            (actor, state.owner) in self.follows
        )


def _random_step(rng: random.Random, kind: str, owners: dict[int, int]) -> Step:
    actor = rng.randrange(PEOPLE)
    if kind == "publish":
        target = rng.randrange(ARTICLES)
        owners.setdefault(target, actor)
    elif kind in ("follow", "unfollow", "bio"):
        target = rng.randrange(PEOPLE)
    else:
        target = rng.choice(list(owners))
        if kind in ("edit", "retitle", "delete") and rng.random() < OWNER_SHARE:
            actor = owners[target]
        if kind == "delete" and actor == owners[target]:
            del owners[target]
    return Step(kind, actor, target)


class ConduitSteps:
    """Adapter of the suite of sequences."""

    def __init__(self, world: Conduit) -> None:
        self.world = world

    def random_steps(self, rng: random.Random) -> list[Step]:
        """Return a sequence of `STEPS` steps that refer to existing articles where they can."""
        kinds, weights = zip(*STEP_WEIGHTS, strict=True)
        owners: dict[int, int] = {}
        steps: list[Step] = []
        while len(steps) < STEPS:
            kind = rng.choices(kinds, weights)[0]
            steps.append(_random_step(rng, "publish" if not owners else kind, owners))
        return steps

    async def run(self, steps: Sequence[Step]) -> None:
        """Run the steps on a new `Model`."""
        await Model([await self.world.own_member() for _ in range(PEOPLE)]).run(steps)

    def describe(self, step: Step) -> str:
        """Return the step in words."""
        if step.kind == "bio":
            return message("person {number} changes their bio", number=step.actor)
        return message(
            "person {number} {does} {target}",
            number=step.actor,
            does=STEP_PHRASES[step.kind],
            target=step.target,
        )


CHECKS = sequences.SUITE.checks(
    ConduitSteps,
    clause="F2",
    operations=ALL,
    stage=5,
    words={
        "any-sequence-of-changes-adds-up": Words(
            rules={"author": "C4"},
            why="Each operation works alone; lists, counts and follows go wrong when operations "
            "are combined.",
        )
    },
)
