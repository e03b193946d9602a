"""Each frequent lookup uses an index (W2)."""

from __future__ import annotations

from functools import partial

from worksample.suites import missing_indexes

from ..operations import ARTICLE, FEED, LIST_ARTICLES, LIST_COMMENTS, LOGIN, PROFILE
from .lookups import BASELINE, ConduitLookups

lookup = partial(missing_indexes.a_lookup_uses_an_index.declare, clause="W2", stage=7)
CHECKS = [
    *lookup(
        partial(ConduitLookups, judged=BASELINE),
        id="an-article-is-found-by-an-index",
        operations=(ARTICLE,),
        title="An article, and all that is shown with it, is found by an index",
        why="Without an index the database reads every article to show one. With a hundred "
        "articles no one notices; with a million every reader waits.",
    ),
    *lookup(
        partial(ConduitLookups, judged="signing in"),
        id="signing-in-finds-the-account-by-an-index",
        operations=(LOGIN,),
        title="Signing in finds the account by an index",
        why="A query by lower(email) cannot use an index on email: every sign-in then reads all "
        "accounts.",
    ),
    *lookup(
        partial(ConduitLookups, judged="a profile"),
        id="a-profile-is-found-by-an-index",
        operations=(PROFILE,),
        title="A profile is found by an index",
        why="Almost every page looks up a profile by name.",
    ),
    *lookup(
        partial(ConduitLookups, judged="a tag"),
        id="a-tag-is-found-by-an-index",
        operations=(LIST_ARTICLES,),
        title="The articles of a tag are found by an index",
        why="An index on (article, tag) serves the tags of an article, not the articles of a tag.",
    ),
    *lookup(
        partial(ConduitLookups, judged="an author"),
        id="an-author-is-found-by-an-index",
        operations=(LIST_ARTICLES,),
        title="The articles of an author are found by an index",
        why="PostgreSQL creates no index for a foreign key: each view of an author reads all "
        "articles.",
    ),
    *lookup(
        partial(ConduitLookups, judged="favourites"),
        id="favourites-are-found-by-an-index",
        operations=(LIST_ARTICLES,),
        title="The favourites of a person are found by an index",
        why="An index on (article, person) serves the fans of an article, not the favourites of a "
        "person.",
    ),
    *lookup(
        partial(ConduitLookups, judged="the feed"),
        id="the-feed-is-found-by-indexes",
        operations=(FEED,),
        title="The feed is found by indexes",
        why="Every member opens the feed every day.",
    ),
    *lookup(
        partial(ConduitLookups, judged="comments"),
        id="comments-are-found-by-an-index",
        operations=(LIST_COMMENTS,),
        title="The comments of an article are found by an index",
        why="Without an index, reading one discussion costs as much as reading all of them.",
    ),
]
