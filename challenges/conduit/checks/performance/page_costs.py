"""The rows, bytes and CPU time of a page depend on what it shows, not on the data (W1, W2)."""

from __future__ import annotations

from functools import partial

from worksample.suites import page_costs
from worksample.suites.read_costs import PAGE

from ..operations import ARTICLE, FEED, LIST_ARTICLES, PROFILE
from .reads import ConduitReads, answers_by_reactions, article_by_fans, profile_by_followers

page = partial(page_costs.a_page_fetches_what_it_shows.declare, clause="W2", stage=7)
HALF = PAGE // 2
CHECKS = [
    *page(
        partial(ConduitReads, views=("articles", "articles, signed in")),
        operations=(LIST_ARTICLES,),
        title="A page of articles fetches what it shows",
        why="A server that loads every article to show twenty, or to count them, slows down with "
        "each article and finally runs out of memory.",
    ),
    *page(
        partial(ConduitReads, views=("by tag", "by author", "favourites")),
        id="a-narrowed-page-fetches-what-it-shows",
        operations=(LIST_ARTICLES,),
        title="A narrowed page fetches what it shows",
        why="The list of a tag that everyone uses is as long as the list of all articles.",
    ),
    *page(
        partial(ConduitReads, views=("the feed",)),
        id="the-feed-fetches-what-it-shows",
        operations=(FEED,),
        title="The feed fetches what it shows",
        why="The most active members follow the most people, and wait longest.",
    ),
    *page_costs.a_far_page_fetches_what_it_shows.declare(
        ConduitReads, clause="W2", stage=7, operations=(LIST_ARTICLES,)
    ),
    *page_costs.what_hangs_on_it_is_counted_by_the_database.declare(
        partial(ConduitReads, comparisons=(article_by_fans(HALF), profile_by_followers(HALF))),
        clause="W2",
        stage=7,
        id="likes-are-counted-by-the-database",
        operations=(ARTICLE, PROFILE),
        title="Those who like an article or follow a person are counted by the database",
        why="Fetching all fans of an article only to count them works until an article has many.",
    ),
    *page_costs.an_answer_does_not_grow_with_what_hangs_on_it.declare(
        partial(ConduitReads, comparisons=answers_by_reactions()),
        clause="W2",
        stage=7,
        operations=(ARTICLE, PROFILE, LIST_ARTICLES),
        why="An article that includes all its fans, or its whole discussion, is megabytes long "
        "once it is popular.",
    ),
    *page_costs.a_page_never_holds_more_than_a_hundred.declare(
        ConduitReads,
        clause="W2",
        stage=7,
        operations=(LIST_ARTICLES, FEED),
        title="A page never holds more than 100 articles, whatever limit says",
    ),
    *page_costs.a_page_takes_the_same_cpu_however_many_there_are.declare(
        ConduitReads,
        clause="W1",
        stage=7,
        operations=(LIST_ARTICLES, FEED),
        title="Reading a page takes no more CPU when there are sixteen times as many articles",
    ),
]
