"""The number of database statements for the first page of articles (N+1)."""

from __future__ import annotations

from functools import partial

from worksample.suites import statement_counts

from ..operations import LIST_ARTICLES
from .reads import ConduitReads

CHECKS = statement_counts.a_page_costs_the_same_for_one_or_twenty.declare(
    partial(ConduitReads, views=("articles",)),
    clause="W1",
    stage=7,
    operations=(LIST_ARTICLES,),
    title="A page of articles costs the same statements, whether it shows one or twenty",
)
