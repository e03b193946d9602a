"""The large data set: sailings of one port, reservations in them, and how they are read."""

from __future__ import annotations

from worksample.suites.large_data import LargeData

from .performance.indexes import BookingLookups
from .performance.reads import BookingReads

LARGE_DATA = LargeData(BookingReads, BookingLookups)
