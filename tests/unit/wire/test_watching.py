"""Whose a round trip is, where one connection serves several requests at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

import pytest

from tests.unit.wire.talk import SYNC, Talk, bind, execute, parse
from worksample.wire.background import Background
from worksample.wire.connection import Connection
from worksample.wire.news import News
from worksample.wire.traces import Trace
from worksample.wire.watching import Watching


@dataclass
class Line:
    """As much of a connection as decides whose a round trip is."""

    number: int = 1
    in_transaction: bool = False
    pipelined: bool = False


async def never(trace: Trace) -> Any:
    raise AssertionError("nobody asks")


@pytest.mark.parametrize("transaction", [True, False])
def test_what_is_pipelined_behind_another_request_is_not_sure(transaction: bool) -> None:
    talk = Talk()
    watching = Watching(Background(lambda number: True))
    watching.open += [Trace(name, None, News(), never) for name in "AB"]
    for _ in range(2):
        talk.client(parse("select a"), bind(), execute(), SYNC)
    first, second = talk.opened
    watching.assign(cast(Connection, Line()), first)
    line = Line(in_transaction=True, pipelined=not transaction)
    watching.assign(cast(Connection, line), second)
    assert first.request == second.request == "B"
    assert second.sure is transaction
