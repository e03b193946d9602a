"""The number of statements is constant, whatever a page shows and however large the data (W1)."""

from __future__ import annotations

from functools import partial

from worksample.suites import statement_counts
from worksample.suites.statement_counts import HALF, SLACK

from ..operations import ARTICLE, FEED, LIST_ARTICLES, LIST_COMMENTS, PROFILE, TAGS
from .reads import (
    LISTS,
    ConduitReads,
    article_by_fans,
    comments_by_number,
    profile_by_followers,
)

page = partial(
    statement_counts.a_page_costs_the_same_for_one_or_twenty.declare, clause="W1", stage=7
)
reactions = partial(
    statement_counts.what_hangs_on_it_costs_no_more_statements.declare, clause="W1", stage=7
)
CHECKS = [
    *page(
        partial(ConduitReads, views=("articles, signed in",)),
        id="a-page-for-a-member-costs-the-same-for-one-or-twenty",
        operations=(LIST_ARTICLES,),
        title="What depends on the one who asks costs no statement for each article",
        why="Whether the user follows the author and likes the article is often queried once per "
        "entry, and only signed-in users pay for it.",
    ),
    *page(
        partial(ConduitReads, views=("by tag", "by author", "favourites")),
        id="a-narrowed-page-costs-the-same-for-one-or-twenty",
        operations=(LIST_ARTICLES,),
        title="A narrowed page costs the same statements, whether it shows one article or twenty",
        why="Each filter often has a query of its own, and each query may have an N+1 of its own.",
    ),
    *page(
        partial(ConduitReads, views=("the feed",)),
        id="the-feed-costs-the-same-for-one-or-twenty",
        operations=(FEED,),
        title="The feed costs the same statements, whether it shows one article or twenty",
        why="Members open the feed most often: its cost is multiplied by all of them.",
    ),
    *reactions(
        partial(ConduitReads, comparisons=(comments_by_number(HALF),)),
        id="comments-cost-the-same-for-one-or-twenty",
        operations=(LIST_COMMENTS,),
        title="Comments cost the same statements, whether there is one or twenty",
        why="Most people read an article while it is discussed: with one statement per comment it "
        "is slowest just then.",
    ),
    *reactions(
        partial(ConduitReads, comparisons=(article_by_fans(SLACK), profile_by_followers(SLACK))),
        id="an-article-costs-the-same-however-popular",
        operations=(ARTICLE, PROFILE),
        title="An article costs the same statements, however many people like it",
        why="Popular articles are read most often: they must not cost more than others.",
    ),
    *statement_counts.a_page_costs_the_same_however_many_there_are.declare(
        partial(ConduitReads, views=(*LISTS, "the tags")),
        clause="W1",
        stage=7,
        operations=(LIST_ARTICLES, FEED, TAGS),
        title="A page costs the same statements, however many articles there are",
    ),
]
