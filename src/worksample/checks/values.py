"""Small helpers for values in requests and answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlencode

from worksample.checks.expect import json_equal
from worksample.checks.formatting import shorten
from worksample.checks.model import Finding
from worksample.checks.outcome import CheckFailed


def in_any_order(wanted: Sequence[Any]) -> Callable[[Any], bool]:
    """Return a predicate for lists that hold exactly the values of `wanted`, in any order."""

    def test(values: Any) -> bool:
        if not isinstance(values, list) or len(values) != len(wanted):
            return False
        left = list(values)
        for value in wanted:
            found = next((i for i, other in enumerate(left) if json_equal(other, value)), None)
            if found is None:
                return False
            del left[found]
        return True

    return test


def segment(text: str) -> str:
    """Return `text` as one percent-encoded path segment."""
    return quote(text, safe="")


def as_query(query: Mapping[str, Any]) -> str:
    """Return `query` as a query string with its question mark, or an empty string."""
    return f"?{urlencode(query, quote_via=quote)}" if query else ""


def parse_timestamp(said: Any) -> datetime:
    """Parse an ISO 8601 time; one without a zone is read as UTC.

    Raises `CheckFailed` when `said` is not a time.
    """
    try:
        told = datetime.fromisoformat(said)
    except (TypeError, ValueError):
        raise CheckFailed(Finding(expected="a time in ISO 8601", actual=shorten(said))) from None
    return told if told.tzinfo else told.replace(tzinfo=UTC)
