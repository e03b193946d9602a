"""Attribution of round trips when one connection serves several requests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

import pytest

from tests.unit.wire.postgres.harness import SYNC, ProtocolHarness, bind, execute, parse
from worksample.wire.attribution import Attribution
from worksample.wire.background import Background
from worksample.wire.condition import Condition
from worksample.wire.connection import Connection
from worksample.wire.traces import Trace


@dataclass
class FakeConnection:
    """The attributes of a connection, and of its tracker, that attribution uses."""

    number: int = 1
    in_transaction: bool = False
    pipelined: bool = False

    @property
    def tracker(self) -> FakeConnection:
        return self


async def never(trace: Trace) -> Any:
    raise AssertionError("not called")


@pytest.mark.parametrize("transaction", [True, False])
def test_round_trip_pipelined_behind_another_request_is_unsure(transaction: bool) -> None:
    harness = ProtocolHarness()
    attribution = Attribution(Background(lambda number: True))
    attribution.open += [Trace(name, None, Condition(), never) for name in "AB"]
    for _ in range(2):
        harness.client(parse("select a"), bind(), execute(), SYNC)
    first, second = harness.opened
    attribution.assign(cast(Connection, FakeConnection()), first)
    connection = FakeConnection(in_transaction=True, pipelined=not transaction)
    attribution.assign(cast(Connection, connection), second)
    assert first.request == second.request == "B"
    assert second.sure is transaction
