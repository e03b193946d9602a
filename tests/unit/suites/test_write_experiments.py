"""Tests of `require_complete_series`: what is concluded from a series of lost connections."""

from __future__ import annotations

import pytest

from tests.support import reports
from worksample.checks import PreconditionFailed, Undecided
from worksample.probes.connection_losses import LossHistory
from worksample.suites.write_experiments import RECOVERS_CHECK, require_complete_series


def test_a_complete_series_without_findings_is_enough() -> None:
    require_complete_series(LossHistory())


def test_a_series_that_was_cut_short_is_undecided() -> None:
    with pytest.raises(Undecided) as undecided:
        require_complete_series(LossHistory(left_out=3))
    assert undecided.value.reason == (
        "0 lost connections showed nothing, but there was no time for 3 more"
    )


def test_a_server_that_did_not_recover_blocks() -> None:
    history = LossHistory(left_out=3, failed_request=reports.broken_exchange())
    with pytest.raises(PreconditionFailed) as failed:
        require_complete_series(history)
    assert failed.value.needs == RECOVERS_CHECK
