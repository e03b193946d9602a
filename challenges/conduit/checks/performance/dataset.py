"""A data set that grows: a fixed set of accounts with a growing number of articles."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from worksample.suites.gathering import gather_limited
from worksample.suites.read_costs import PAGE

from ..world import Article, Conduit, Person

AUTHORS = PAGE + 1


@dataclass(slots=True)
class Dataset:
    """`people` write; `reader` (who follows all of them) and `visitor` (not signed in) read.

    `main_author` writes most articles and `fan` marks favourites. Every article in `articles` has
    the tag `tag`. `plain_article` and `popular_article` are by the main author and not in
    `articles`: the first has one comment and no favourites, the second gets a comment and a
    favourite of everyone by `add_reactions`.
    """

    world: Conduit
    people: list[Person]
    reader: Person
    visitor: Person
    tag: str
    plain_article: Article
    popular_article: Article
    articles: list[Article] = field(default_factory=list)

    @property
    def main_author(self) -> Person:
        """The author of most articles."""
        return self.people[0]

    @property
    def fan(self) -> Person:
        """The account that marks the newest page as favourites."""
        return self.people[1]

    async def grow(self, size: int) -> None:
        """Publish until there are `size` articles; each on the newest page is by another author."""
        fill = size - len(self.articles) - PAGE
        await self._publish([self.main_author] * fill)
        newest = await self._publish(self.people[1 : PAGE + 1])
        await gather_limited(lambda article: self.fan.likes(article), newest)

    async def add_reactions(self) -> None:
        """Let twenty accounts favourite and comment on `popular_article` and follow its author."""
        await gather_limited(self._react, self.people[1 : PAGE + 1])

    async def _react(self, person: Person) -> None:
        await person.likes(self.popular_article)
        await person.add_comment(self.popular_article)
        await person.starts_following(self.main_author)

    async def _publish(self, authors: Iterable[Person]) -> list[Article]:
        async def publish(author: Person) -> Article:
            return await author.publish(tagList=[self.tag, self.world.unique_name("own")])

        new = await gather_limited(publish, authors)
        self.articles += new
        return new


async def create_dataset(world: Conduit, size: int) -> Dataset:
    """Create a data set of `size` articles. Raises `PreconditionFailed` if a request fails."""
    people = await gather_limited(lambda _: world.sign_up(), range(AUTHORS + 1))
    reader, main_author, tag = people.pop(), people[0], world.unique_name("tag")
    plain_article = await main_author.publish(tagList=[world.unique_name("own")])
    popular_article = await main_author.publish(tagList=[world.unique_name("own")])
    await people[1].add_comment(plain_article)
    await gather_limited(lambda person: reader.starts_following(person), people)
    dataset = Dataset(world, people, reader, world.visitor(), tag, plain_article, popular_article)
    await dataset.grow(size)
    return dataset
