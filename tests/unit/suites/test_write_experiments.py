"""Lost connections: who tries which, and what is concluded from a series of them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import Any

import pytest

from tests.support import reports
from worksample.checks import PreconditionFailed, Undecided
from worksample.probes.connection_losses import LossHistory
from worksample.suites.write_experiments import (
    RECOVERS_CHECK,
    ConnectionLosses,
    connection_loss_experiment,
    require_complete_series,
)
from worksample.suites.writes import WorkingWrites


def test_a_complete_series_without_findings_is_enough() -> None:
    require_complete_series(ConnectionLosses([LossHistory()]))


def test_a_series_that_was_cut_short_is_undecided() -> None:
    with pytest.raises(Undecided) as undecided:
        require_complete_series(ConnectionLosses([LossHistory(left_out=3), LossHistory()]))
    assert undecided.value.reason == (
        "0 lost connections showed nothing, but there was no time for 3 more"
    )


def test_a_server_that_did_not_recover_blocks() -> None:
    history = LossHistory(left_out=3, failed_request=reports.broken_exchange())
    with pytest.raises(PreconditionFailed) as failed:
        require_complete_series(ConnectionLosses([LossHistory(), history]))
    assert failed.value.needs == RECOVERS_CHECK


class _World:
    """A world in which other checks have `begun` some experiments; `results` are those of all."""

    def __init__(self, begun: Sequence[str], results: Mapping[str, Any]) -> None:
        self.context = SimpleNamespace(shared=dict.fromkeys(begun))
        self.asked: list[str] = []
        self.unprepared: list[PreconditionFailed] = []
        self._results = results

    async def once_per_run(self, name: str, make: object) -> Any:
        self.asked.append(name)
        if isinstance(result := self._results[name], Exception):
            raise result
        return WorkingWrites((), {}), result


def _writes(*kinds: str) -> Any:
    return SimpleNamespace(kinds=dict.fromkeys(kinds), judged=(), needs="writing")


_WRITES = _writes("one", "two")
_FIRST, _SECOND = LossHistory(left_out=1), LossHistory(left_out=2)
_BOTH = {"losses 0": _FIRST, "losses 1": _SECOND}


@pytest.mark.parametrize(
    "begun, asked",
    [
        ([], ["losses 0", "losses 1"]),
        (["losses 0"], ["losses 1", "losses 0"]),
        (["losses 1", "losses 0"], ["losses 0", "losses 1"]),
    ],
)
def test_a_check_begins_with_the_half_that_no_other_one_tries(
    begun: list[str], asked: list[str]
) -> None:
    world: Any = _World(begun, _BOTH)
    found = asyncio.run(connection_loss_experiment(world, _WRITES))
    assert world.asked == asked
    assert (found.histories, found.left_out) == ([_FIRST, _SECOND], 3)


def test_a_half_that_cannot_be_judged_is_told_beside_the_other_one() -> None:
    failure = PreconditionFailed("writing", reports.finding())
    world: Any = _World([], {**_BOTH, "losses 0": failure})
    found = asyncio.run(connection_loss_experiment(world, _WRITES))
    assert (found.histories, world.unprepared) == ([_SECOND], [failure])


def test_a_check_is_blocked_where_no_half_can_be_judged() -> None:
    failures = [PreconditionFailed(needs, reports.finding()) for needs in ("first", "second")]
    world: Any = _World([], dict(zip(_BOTH, failures, strict=True)))
    with pytest.raises(PreconditionFailed) as failed:
        asyncio.run(connection_loss_experiment(world, _WRITES))
    assert failed.value.needs == "first"


def test_a_single_kind_of_write_is_tried_once() -> None:
    world: Any = _World([], _BOTH)
    found = asyncio.run(connection_loss_experiment(world, _writes("one")))
    assert (world.asked, found.histories) == (["losses 0"], [_FIRST])


@pytest.mark.parametrize("begun, asked", [([], 1), (["losses 0"], 2), (["losses 1"], 2)])
def test_a_check_does_not_go_on_in_a_lab_whose_server_did_not_recover(
    begun: list[str], asked: int
) -> None:
    broken = LossHistory(failed_request=reports.broken_exchange())
    world: Any = _World(begun, {**_BOTH, "losses 0": broken})
    found = asyncio.run(connection_loss_experiment(world, _WRITES))
    assert (found.unrecovered, len(world.asked)) == (broken, asked)
