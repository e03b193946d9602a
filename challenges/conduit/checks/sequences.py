"""Long sequences of changes by several people, against a small model of what must come of them.

A step names people and articles by number, so that any step can be left out and the rest still
makes sense: that is how a failing sequence is made as short as it can be.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from worksample.checks import Aspect, Meaning, Unmet, check, expect
from worksample.probes.fuzz import shrink_sequence

from .world import Article, Conduit, Person

PEOPLE = 3
ARTICLES = 3
STEPS = 24
SEQUENCES = 8
PROPER = 0.8
KINDS = (
    ("publish", 4), ("edit", 4), ("retitle", 2), ("delete", 1), ("like", 6), ("unlike", 3),
    ("say", 4), ("unsay", 2), ("follow", 4), ("unfollow", 2), ("bio", 1),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Step:
    """`who` does `kind` to article or person number `what`."""

    kind: str
    who: int
    what: int


@dataclass(slots=True)
class Known:
    """What the model knows of one article."""

    article: Article
    owner: int
    fields: dict[str, Any]
    likes: set[int] = field(default_factory=set)
    comments: list[tuple[int, int]] = field(default_factory=list)


class Model:
    """A small community, and what the server must say of it."""

    def __init__(self, people: list[Person]) -> None:
        self.people = people
        self.follows: set[tuple[int, int]] = set()
        self.articles: dict[int, Known] = {}
        self.order: list[int] = []

    @classmethod
    async def begin(cls, world: Conduit) -> Model:
        """People who have done nothing yet."""
        return cls([await world.sign_up() for _ in range(PEOPLE)])

    async def play(self, steps: Sequence[Step]) -> None:
        """Take `steps`, then look at everything from everybody's side; raise `Unmet`."""
        for step in steps:
            await getattr(self, f"_{step.kind}")(step)
        await self._look_around()

    async def _publish(self, step: Step) -> None:
        if step.what in self.articles:
            return
        person = self.people[step.who]
        article = await person.publish(tagList=[person.world.word("tag")])
        self.articles[step.what] = Known(article, step.who, dict(article.sent))
        self.order.insert(0, step.what)

    async def _edit(self, step: Step) -> None:
        await self._change(step, "description")

    async def _retitle(self, step: Step) -> None:
        await self._change(step, "title")

    async def _change(self, step: Step, name: str) -> None:
        if (known := self.articles.get(step.what)) is None:
            return
        person = self.people[step.who]
        value = person.world.sentence()
        answer = await person.edit(known.article, **{name: value})
        if step.who != known.owner:
            expect(answer).forbidden(because="the article belongs to someone else")
            return
        expect(answer).ok()
        known.fields[name] = value
        known.article = replace(known.article, slug=str(answer.at("article", "slug")))

    async def _delete(self, step: Step) -> None:
        if (known := self.articles.get(step.what)) is None:
            return
        answer = await self.people[step.who].delete(known.article)
        if step.who != known.owner:
            expect(answer).forbidden(because="the article belongs to someone else")
            return
        expect(answer).deleted()
        del self.articles[step.what]
        self.order.remove(step.what)
        expect(await self.people[step.who].read(known.article)).missing("it was deleted")

    async def _like(self, step: Step) -> None:
        if (known := self.articles.get(step.what)) is None:
            return
        answer = expect(await self.people[step.who].favorite(known.article)).ok()
        known.likes.add(step.who)
        self._compare(step.who, known, answer.at("article"), "when it is marked")

    async def _unlike(self, step: Step) -> None:
        if (known := self.articles.get(step.what)) is None:
            return
        answer = await self.people[step.who].unfavorite(known.article)
        expect(answer).ok()
        known.likes.discard(step.who)
        self._compare(step.who, known, answer.at("article"), "when the mark is taken back")

    async def _say(self, step: Step) -> None:
        if (known := self.articles.get(step.what)) is None:
            return
        comment = await self.people[step.who].say(known.article)
        known.comments.append((comment.id, step.who))

    async def _unsay(self, step: Step) -> None:
        known = self.articles.get(step.what)
        if known is None or not known.comments:
            return
        comment_id, writer = known.comments[0]
        answer = await self.people[step.who].uncomment(known.article, comment_id)
        if step.who != writer:
            expect(answer).means(Meaning.FORBIDDEN, because="someone else wrote the comment")
            return
        expect(answer).deleted()
        known.comments.pop(0)

    async def _follow(self, step: Step) -> None:
        await self._turn(step, follow=True)

    async def _unfollow(self, step: Step) -> None:
        await self._turn(step, follow=False)

    async def _turn(self, step: Step, follow: bool) -> None:
        if step.who == step.what:
            return
        person, other = self.people[step.who], self.people[step.what]
        act = person.follow if follow else person.unfollow
        answer = expect(await act(other.username)).ok()
        expect(answer.at("profile", "following"), "following").equals(follow)
        change = self.follows.add if follow else self.follows.discard
        change((step.who, step.what))

    async def _bio(self, step: Step) -> None:
        person = self.people[step.who]
        bio = person.world.sentence()
        answer = expect(await person.change(bio=bio)).ok()
        expect(answer.at("user", "bio"), "the bio").equals(bio)
        expect(answer.at("user", "email"), "the e-mail address").equals(person.email)

    async def _look_around(self) -> None:
        for who, person in enumerate(self.people):
            for known in self.articles.values():
                answer = expect(await person.read(known.article)).ok()
                self._compare(who, known, answer.at("article"), "when it is read")
            await self._look_at_lists(who, person)
        for known in self.articles.values():
            answer = expect(await self.people[0].comments(known.article)).ok()
            wanted = sorted(str(comment_id) for comment_id, _ in known.comments)
            shown = sorted(map(str, answer.each("comments", "id")))
            expect(shown, "the ids of its comments, sorted").equals(wanted)

    async def _look_at_lists(self, who: int, person: Person) -> None:
        own = [n for n in self.order if self.articles[n].owner == who]
        await self._list(await person.list(author=person.username), own, in_order=True)
        liked = [n for n in self.order if who in self.articles[n].likes]
        await self._list(await person.list(favorited=person.username), liked)
        feed = [n for n in self.order if (who, self.articles[n].owner) in self.follows]
        await self._list(await person.feed(), feed, in_order=True)

    async def _list(self, answer: Any, numbers: list[int], in_order: bool = False) -> None:
        expect(answer).ok()
        wanted = [self.articles[number].article.slug for number in numbers]
        shown = answer.each("articles", "slug")
        if not in_order:
            wanted, shown = sorted(wanted), sorted(map(str, shown))
        expect(shown, f"what {answer.exchange.label} shows").equals(wanted)
        expect(answer.at("articlesCount"), "articlesCount").equals(len(wanted))

    def _compare(self, who: int, known: Known, shown: Any, when: str) -> None:
        """Compare an article as `who` sees it with what is known of it."""
        wanted = {
            "title": known.fields["title"],
            "description": known.fields["description"],
            "tagList": known.fields["tagList"],
            "favorited": who in known.likes,
            "favoritesCount": len(known.likes),
        }
        for name, value in wanted.items():
            got = shown.get(name) if isinstance(shown, dict) else shown
            expect(got, f"{name} of an article {when}").equals(value)
        author = shown.get("author") if isinstance(shown, dict) else None
        following = author.get("following") if isinstance(author, dict) else None
        expect(following, f"following of its author {when}").equals(
            (who, known.owner) in self.follows
        )


def steps_of(rng: random.Random) -> list[Step]:
    """Return a sequence in which every step finds something to do, mostly by who may do it."""
    kinds, weights = zip(*KINDS, strict=True)
    owners: dict[int, int] = {}
    steps: list[Step] = []
    while len(steps) < STEPS:
        kind = rng.choices(kinds, weights)[0]
        steps.append(_step(rng, "publish" if not owners else kind, owners))
    return steps


def _step(rng: random.Random, kind: str, owners: dict[int, int]) -> Step:
    who = rng.randrange(PEOPLE)
    if kind == "publish":
        what = rng.randrange(ARTICLES)
        owners.setdefault(what, who)
    elif kind in ("follow", "unfollow", "bio"):
        what = rng.randrange(PEOPLE)
    else:
        what = rng.choice(list(owners))
        if kind in ("edit", "retitle", "delete") and rng.random() < PROPER:
            who = owners[what]
        if kind == "delete" and who == owners[what]:
            del owners[what]
    return Step(kind, who, what)


@check(
    title="Whatever people do one after the other, everybody sees what must have come of it",
    aspect=Aspect.BEHAVIOUR,
    stage=5,
    clause="F2",
    why="Each feature works alone; it is in their order that lists, counts and follows go wrong.",
    skills=("rest", "relational-databases", "automated-testing"),
)
async def any_sequence_of_changes_adds_up(world: Conduit) -> None:
    for _ in range(SEQUENCES):
        steps = steps_of(world.rng)
        unmet = await _fails(world, steps)
        if unmet is not None:
            raise await _smallest(world, steps, unmet)


async def _fails(world: Conduit, steps: Sequence[Step]) -> Unmet | None:
    model = await Model.begin(world)
    try:
        await model.play(steps)
    except Unmet as unmet:
        return unmet
    return None


async def _smallest(world: Conduit, steps: Sequence[Step], first: Unmet) -> Unmet:
    """Return the failure of the shortest subsequence that still fails, with just its exchanges."""

    async def still_fails(fewer: Sequence[Step]) -> bool:
        return await _fails(world, fewer) is not None

    fewer = await shrink_sequence(steps, still_fails)
    before = len(world.session.exchanges)
    unmet = await _fails(world, fewer)
    if unmet is None:
        return first
    story = tuple(world.session.exchanges[before:])
    found = unmet.findings[0]
    said = "; ".join(f"{step.kind} {step.who}→{step.what}" for step in fewer)
    return Unmet(
        replace(
            found,
            exchanges=story,
            culprit=len(story) - 1 if found.culprit is not None else None,
            details=(f"the shortest sequence of {len(steps)} steps: {said}",),
        )
    )
