"""Odd content types and encodings, all of them or one of each kind."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from worksample.probes.exchange import Request
from worksample.probes.hostile import NamedRequests, content_encodings, content_types

REQUEST = Request("POST", "/users", (("Content-Type", "application/json"),), b"{}")


@pytest.mark.parametrize(
    ("kind", "header", "count"),
    [(content_types, "Content-Type", 5), (content_encodings, "Content-Encoding", 3)],
)
def test_sends_one_of_each_kind_instead_of_all(
    kind: Callable[..., NamedRequests], header: str, count: int
) -> None:
    everything, few = list(kind(REQUEST)), list(kind(REQUEST, one_of_each_kind=True))
    assert len(few) < len(everything)
    assert all(each in everything for each in few)
    values = [dict(each.headers).get(header) for _, each in few]
    assert sum(value is not None for value in values) == count
