"""A data set that grows: a fixed set of accounts with a growing number of articles."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial

from worksample.checks import PreconditionFailed
from worksample.suites.preparing import OptionalSteps
from worksample.suites.read_costs import PAGE

from ..world import Article, Conduit, Person

AUTHORS = PAGE + 1
FOLLOWING, FAVOURITES, COMMENTS = "following", "favourites", "comments"


@dataclass(slots=True)
class Dataset:
    """`people` write; `reader` (who follows all of them) and `visitor` (not signed in) read.

    `main_author` writes most articles and `fan` marks favourites. Every article in `articles` has
    the tag `tag`. `plain_article` and `popular_article` are by the main author and not in
    `articles`: the first has one comment and no favourites, the second gets a comment and a
    favourite of everyone by `add_reactions`. Following, favourites and comments are optional.
    """

    world: Conduit
    people: list[Person]
    reader: Person
    visitor: Person
    tag: str
    plain_article: Article
    popular_article: Article
    articles: list[Article] = field(default_factory=list)
    optional: OptionalSteps = field(default_factory=OptionalSteps)

    @property
    def main_author(self) -> Person:
        """The author of most articles."""
        return self.people[0]

    @property
    def fan(self) -> Person:
        """The account that marks the newest page as favourites."""
        return self.people[1]

    @property
    def failures(self) -> Mapping[str, PreconditionFailed]:
        """Why people cannot follow, mark favourites or comment, by the name of the step."""
        return self.optional.failures

    async def grow(self, size: int) -> None:
        """Publish until there are `size` articles; each on the newest page is by another author."""
        fill = size - len(self.articles) - PAGE
        await self._publish([self.main_author] * fill)
        for article in await self._publish(self.people[1 : PAGE + 1]):
            await self.optional.take(FAVOURITES, partial(self.fan.likes, article))

    async def add_reactions(self) -> None:
        """Let twenty accounts favourite and comment on `popular_article` and follow its author."""
        for person in self.people[1 : PAGE + 1]:
            article, take = self.popular_article, self.optional.take
            await take(FAVOURITES, partial(person.likes, article))
            await take(COMMENTS, partial(person.add_comment, article))
            await take(FOLLOWING, partial(person.starts_following, self.main_author))

    async def _publish(self, authors: Iterable[Person]) -> list[Article]:
        new = [
            await author.publish(tagList=[self.tag, self.world.unique_name("own")])
            for author in authors
        ]
        self.articles += new
        return new


async def create_dataset(world: Conduit, size: int) -> Dataset:
    """Create a data set of `size` articles. Raises `PreconditionFailed` if a request fails.

    The main author has a bio: some servers show no profile without one.
    """
    people = [await world.own_member() for _ in range(AUTHORS + 1)]
    people[0] = await people[0].changes(bio=world.sentence())
    reader, main_author, tag = people.pop(), people[0], world.unique_name("tag")
    plain_article = await main_author.publish(tagList=[world.unique_name("own")])
    popular_article = await main_author.publish(tagList=[world.unique_name("own")])
    dataset = Dataset(world, people, reader, world.visitor(), tag, plain_article, popular_article)
    await dataset.optional.take(COMMENTS, partial(people[1].add_comment, plain_article))
    for person in people:
        await dataset.optional.take(FOLLOWING, partial(reader.starts_following, person))
    await dataset.grow(size)
    return dataset
