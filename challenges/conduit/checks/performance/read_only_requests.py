"""GET requests write nothing to the database (W4)."""

from __future__ import annotations

from functools import partial

from worksample.suites import read_only_requests

from ..operations import ARTICLE, FEED, LIST_ARTICLES, LIST_COMMENTS, PROFILE, TAGS
from .reads import LISTS, ConduitReads

reading = partial(read_only_requests.reading_writes_nothing.declare, clause="W4", stage=7)
ARTICLES = ("a plain article", "a popular article", "one comment", "many comments")
CHECKS = [
    *reading(
        partial(ConduitReads, views=ARTICLES),
        id="reading-an-article-writes-nothing",
        operations=(ARTICLE, LIST_COMMENTS),
        title="Whoever reads an article or its comments writes nothing",
        why="A view counter in the row of the article makes its readers wait for each other's row "
        "lock, longer the more there are.",
    ),
    *reading(
        partial(ConduitReads, views=(*LISTS, "a profile", "the tags")),
        id="looking-around-writes-nothing",
        operations=(LIST_ARTICLES, FEED, PROFILE, TAGS),
        title="Whoever looks at lists, the feed, profiles or tags writes nothing",
        why="Updating a last-seen time at every request makes the cheapest requests the most "
        "expensive, and no read replica can serve them.",
    ),
]
