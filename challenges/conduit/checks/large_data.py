"""The large data set: articles of many authors, what hangs on them, and how they are read."""

from __future__ import annotations

from worksample.suites.large_data import LargeData

from .performance.lookups import ConduitLookups
from .performance.reads import ConduitReads

LARGE_DATA = LargeData(ConduitReads, ConduitLookups)
