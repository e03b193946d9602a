"""Bursts: up to 48 requests that start at the same moment (M1)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from worksample.checks import Answer, expect
from worksample.probes.exchange import Request
from worksample.suites.bursts import (
    BURST_SIZE,
    a_burst_has_a_serial_result,
    expect_distinct,
)
from worksample.suites.crowds import Crowd
from worksample.suites.marking_crowds import ChangingCrowd, MarkingCrowd
from worksample.suites.races import CHECK_THEN_ACT, UNIQUE_CONSTRAINT_HINT
from worksample.suites.rival_registrations import Registrations, same_name
from worksample.suites.titled_crowds import TitledCrowd

from ..operations import COMMENT, FAVORITE, PUBLISH, REGISTER, UNFAVORITE
from ..titled_articles import TitledArticles
from ..world import Article, Conduit
from .article_races import SLUG_HINT
from .favourite_races import COUNTER_HINT, Favourites


class Comments(Crowd[Conduit]):
    """Everyone comments on one article."""

    label = "one of many comments"
    article: Article
    texts: list[str]

    async def requests(self) -> list[Request]:
        """Comment on a new article, each with another text."""
        self.article = await self.owner.publish()
        self.texts = [f"{self.world.sentence()} ({number})" for number in range(BURST_SIZE)]
        return [
            self.world.request(
                "POST",
                f"{self.article.path}/comments",
                {"comment": {"body": text}},
                token=self.people[number % len(self.people)].token,
            )
            for number, text in enumerate(self.texts)
        ]

    async def judge(self, answers: Sequence[Answer]) -> None:
        """Expect all comments, each with an id of its own."""
        for answer in answers:
            expect(answer).created(because="every comment must be stored, however many arrive")
        listed = expect(await self.owner.comments(self.article)).ok()
        shown = sorted(map(str, listed.each("comments", "body")))
        expect(shown, "the comments").equals(sorted(self.texts))
        expect_distinct(answers, "comment", "id", what="comments per `id`")


burst = partial(a_burst_has_a_serial_result.declare, clause="M1", stage=6)
CHECKS = [
    *burst(
        partial(Registrations, rivals=same_name, prize="name"),
        id="a-name-is-given-to-one-of-a-crowd",
        operations=(REGISTER,),
        title="When a crowd registers one name at the same moment, one gets it",
        why="On launch day many people want the same name; a name with two owners identifies "
        "neither.",
        hint=UNIQUE_CONSTRAINT_HINT,
        cites=CHECK_THEN_ACT,
    ),
    *burst(
        partial(MarkingCrowd, marks=Favourites, label="one of many marks the article"),
        id="the-hearts-of-a-crowd-are-counted",
        operations=(FAVORITE,),
        title="When fifty hearts come at the same moment, every person counts once",
        why="The most popular article is the one whose count goes wrong.",
        hint=COUNTER_HINT,
    ),
    *a_burst_has_a_serial_result.declare(
        partial(ChangingCrowd, marks=Favourites, label="one of many sets or removes a favourite"),
        clause="F2",
        stage=6,
        id="hearts-that-come-and-go-add-up",
        operations=(FAVORITE, UNFAVORITE),
        title="When hearts are set and taken back in a crowd, the count is that of those who are "
        "left",
        why="A counter that drifts by one a day never becomes right again.",
        hint=COUNTER_HINT,
    ),
    *burst(
        Comments,
        id="the-comments-of-a-crowd-are-all-there",
        operations=(COMMENT,),
        title="When fifty comments come at the same moment, all are there, each with its own "
        "number",
        why="Ids computed by hand (max + 1) are assigned twice: a comment is lost, or deleting it "
        "deletes someone else's.",
        hint="Let the database assign ids: an identity column or a sequence.",
    ),
    *burst(
        partial(TitledCrowd, things=TitledArticles, label="one of many publishes"),
        id="the-articles-of-a-crowd-have-their-own-address",
        rules={"reuse": "R9"},
        operations=(PUBLISH,),
        title="When fifty articles of one title come at the same moment, each has its own address",
        why="After a big event many people publish under the same title: texts are lost or shown "
        "under other names.",
        hint=SLUG_HINT,
    ),
]
