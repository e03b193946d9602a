"""The frequent lookups of Conduit, each of which matches few rows of a data set."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from worksample.suites.missing_indexes import Lookup

from ..operations import FEED
from ..world import COMMENTING, DEFAULT_LIMIT, READING, SIGNING_IN, Conduit
from ..world import FOLLOWING as FOLLOWED
from .dataset import COMMENTS, FAVOURITES, FOLLOWING, create_dataset

BASELINE = "an article"
_ARTICLES = 60


class ConduitLookups:
    """Lookups in a data set of sixty articles; `judged` names the one that a check judges."""

    baseline = BASELINE
    judged: str

    def __init__(self, world: Conduit, judged: str = BASELINE) -> None:
        self.world, self.judged = world, judged

    async def prepare(self) -> Mapping[str, Lookup]:
        """Create the data set; return the lookups by name."""
        data = await create_dataset(self.world, _ARTICLES)
        await data.add_reactions()
        newcomer = await self.world.own_member()
        quiet = await data.people[-1].changes(bio=self.world.sentence())
        await data.optional.take(FOLLOWING, partial(newcomer.starts_following, quiet))
        await data.optional.take(FAVOURITES, partial(newcomer.likes, data.plain_article))
        unprepared = data.failures.get
        narrowed, plain = data.visitor.list, data.plain_article
        tag = plain.sent["tagList"][0]
        return {
            BASELINE: Lookup(partial(newcomer.read, plain), READING),
            "signing in": Lookup(
                partial(self.world.log_in, quiet.email, quiet.password), SIGNING_IN
            ),
            "a profile": Lookup(partial(newcomer.view_profile, quiet.username), FOLLOWED),
            "a tag": Lookup(partial(narrowed, tag=tag), "a-list-is-narrowed-by-tag"),
            "an author": Lookup(
                partial(narrowed, author=quiet.username), "a-list-is-narrowed-by-author"
            ),
            "favourites": Lookup(
                partial(narrowed, favorited=newcomer.username),
                "a-list-is-narrowed-to-favourites",
                unprepared(FAVOURITES),
            ),
            "the feed": Lookup(
                partial(newcomer.feed, limit=DEFAULT_LIMIT),
                FEED.proven_by,
                unprepared(FOLLOWING),
            ),
            "comments": Lookup(partial(newcomer.comments, plain), COMMENTING, unprepared(COMMENTS)),
        }
