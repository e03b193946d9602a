"""Tests of `serializable`: an outcome passes if it equals one of the two serial orders."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import replace
from itertools import chain, repeat
from types import SimpleNamespace
from typing import Any

import pytest

from tests.support import reports
from worksample.checks import (
    Answer,
    CheckFailed,
    PreconditionFailed,
    Profile,
    Race,
    serializable,
)
from worksample.checks.dialect import Dialect
from worksample.checks.judging import Judging
from worksample.checks.races import Outcome, deletion_response_class, response_class
from worksample.checks.serializable import is_serializable
from worksample.checks.world import World
from worksample.grading.fingerprint import symptom_of
from worksample.probes.exchange import Exchange, Request, Response, Trouble

ONE_OF_TWO = (("done", "refused"),)
FIRST = Outcome(("done", "refused"), (1, None), {"rows": 1})
SECOND = Outcome(("refused", "done"), (None, 1), {"rows": 1})
GONE = Outcome(("done", "done"), (2, None), {"rows": 0})
SEEN = Outcome(("done", "done"), (3, None), {"rows": 4})


@pytest.mark.parametrize("outcome", [FIRST, SECOND])
def test_accepts_outcome_of_either_serial_order(outcome: Outcome) -> None:
    assert is_serializable(outcome, [FIRST, SECOND])


@pytest.mark.parametrize(
    "outcome",
    [
        Outcome(("done", "done"), (1, 1), {"rows": 1}),
        Outcome(("refused", "refused"), (None, None), {"rows": 1}),
        Outcome(("done", "missing"), (1, None), {"rows": 1}),
        Outcome(("done", "refused"), (1, None), {"rows": 2}),
        Outcome(("done", "refused"), (7, None), {"rows": 1}),
        Outcome(("failed", "done"), (None, 1), {"rows": 1}),
    ],
)
def test_rejects_outcome_of_neither_serial_order(outcome: Outcome) -> None:
    assert not is_serializable(outcome, [FIRST, SECOND])


def test_rejects_answers_of_one_order_with_state_of_the_other() -> None:
    done = Outcome(("done", "done"), (None, None), "first")
    refused = Outcome(("done", "refused"), (None, None), "second")
    assert is_serializable(done, [done, refused])
    assert not is_serializable(Outcome(done.classes, done.views, refused.state), [done, refused])


def test_accepts_view_of_the_other_order() -> None:
    mixed = Outcome(("done", "done"), (SEEN.views[0], None), GONE.state)
    assert is_serializable(mixed, [GONE, SEEN])


def test_rejects_server_error_even_if_serial_runs_fail() -> None:
    failed = Outcome(("failed", "done"), (None, None), 0)
    assert not is_serializable(failed, [failed])


def test_true_is_not_equal_to_one_in_state() -> None:
    state = Outcome(("done", "done"), (None, None), {"marked": True})
    assert not is_serializable(Outcome(state.classes, state.views, {"marked": 1}), [state])


@pytest.mark.parametrize(
    ("status", "expected", "deletion_class"),
    [
        (201, "done", "done"),
        (204, "done", "done"),
        (404, "missing", "done"),
        (422, "refused", "refused"),
        (409, "refused", "refused"),
        (500, "failed", "failed"),
        (503, "failed", "failed"),
        (302, "failed", "failed"),
        (0, "failed", "failed"),
    ],
)
def test_response_class_of_each_status(status: int, expected: str, deletion_class: str) -> None:
    answer = answer_with(status)
    assert (response_class(answer), deletion_response_class(answer)) == (expected, deletion_class)


def answer_with(status: int) -> Answer:
    """Return an answer with this status; 0 is a closed connection."""
    response = Response(status, (), b"{}") if status else None
    trouble = None if status else Trouble.CLOSED
    return Answer(Exchange(Request("POST", "/things"), response, trouble), Dialect())


class Server:
    """A session whose server answers each run of the race with a given pair of statuses."""

    def __init__(self, *runs: tuple[int, int]) -> None:
        self.exchanges: list[Exchange] = []
        self.client = SimpleNamespace(without_keep_alive=nullcontext)
        self.runs = 0
        self._pairs: Iterator[tuple[int, int]] = chain(runs, repeat(runs[-1]))

    async def race(self) -> Race:
        """Return the two requests of the next run."""
        self.runs += 1
        first, second = next(self._pairs)

        async def send(status: int) -> Answer:
            answer = answer_with(status)
            self.exchanges.append(answer.exchange)
            return answer

        async def read_state() -> Any:
            return sorted((first, second))

        return Race(lambda: send(first), lambda: send(second), read_state)


def new_world(server: Any) -> World:
    """Return the world of a check without a lab."""
    context: Any = SimpleNamespace(lab=None, extra_clients=[])
    return World(context, server, random.Random(7))


def judge(*runs: tuple[int, int]) -> Server:
    """Run `serializable` without a wire: two serial runs, then 32 in bursts."""
    server: Any = Server(*runs)
    world = new_world(server)
    asyncio.run(
        serializable(
            world,
            server.race,
            needs="one-is-refused",
            serial_outcomes=ONE_OF_TWO,
            outcomes_rule="once",
        )
    )
    assert isinstance(server, Server)
    return server


SERIAL = ((201, 422), (422, 201))


def test_runs_both_serial_orders_then_bursts() -> None:
    assert judge(*SERIAL, (201, 422)).runs == 34


def test_one_anomaly_in_twenty_runs_fails() -> None:
    runs = (*SERIAL, *[(201, 422)] * 19, (201, 201), *SERIAL)
    with pytest.raises(CheckFailed) as caught:
        judge(*runs)
    (finding,) = caught.value.findings
    assert finding.expected == (
        "the same result as if one request had run after the other (serializable): "
        "A 201, B 422, state: [201,422]; or A 422, B 201, state: [201,422]"
    )
    assert finding.actual == "A 201, B 201, state: [201,201]"
    assert [each.label for each in finding.exchanges] == ["A: ", "B: "]


def test_races_of_one_operation_that_bursts_find_share_fingerprint() -> None:
    found: list[str] = []
    for anomaly in ((201, 201), (422, 422)):
        with pytest.raises(CheckFailed) as caught:
            judge(*SERIAL, anomaly, *SERIAL)
        found.append(symptom_of(caught.value.findings[0]).key)
    assert found[0] == found[1] != ""


def test_server_error_is_the_culprit() -> None:
    with pytest.raises(CheckFailed) as caught:
        judge(*SERIAL, (201, 500), *SERIAL)
    (finding,) = caught.value.findings
    assert finding.culprit == 1
    assert finding.exchanges[1].status == 500


def test_repeats_serial_runs_before_failing() -> None:
    new_answer = (201, 409)
    burst = (new_answer, *[(201, 422)] * 7)
    assert judge(*SERIAL, *burst, (201, 409), (409, 201), (201, 422)).runs == 36


@pytest.mark.parametrize("runs", [((201, 201),), ((201, 500),), ((201, 422), (201, 422))])
def test_wrong_serial_run_is_a_failed_precondition(
    runs: tuple[tuple[int, int], ...],
) -> None:
    with pytest.raises(PreconditionFailed) as caught:
        judge(*runs)
    assert caught.value.needs == "one-is-refused"
    assert caught.value.finding.expected == "two requests, one after the other: done, then refused"


def judge_refusal(*runs: tuple[int, int]) -> list[str]:
    """Run `serializable` where both should succeed; return which checks excuse a detour."""
    server: Any = Server(*runs)
    world, outcomes = new_world(server), (("done", "done"),)
    asyncio.run(serializable(world, server.race, needs="twice", serial_outcomes=outcomes))
    return [each.needs for each in world.detours]


def test_refusal_where_both_should_succeed_does_not_hide_the_race() -> None:
    assert judge_refusal((201, 201)) == []
    assert judge_refusal(*SERIAL, (201, 422)) == ["twice", "twice"]
    with pytest.raises(CheckFailed):
        judge_refusal(*SERIAL, (201, 500), *SERIAL)


@pytest.mark.parametrize("runs", [((201, 500),), ((422, 422),)])
def test_no_race_where_neither_succeeds_or_one_fails(runs: tuple[tuple[int, int], ...]) -> None:
    with pytest.raises(PreconditionFailed):
        judge_refusal(*runs)


def judge_without_rule(*runs: tuple[int, int]) -> list[str]:
    """Run `serializable` by a profile that leaves out the rule of the serial outcomes.

    Returns what is only a remark.
    """
    rules = (("once", "B1"),)
    check = replace(reports.check("race"), rules=rules)
    with Judging(check, Profile("public", "the public rules", frozenset({"B1"}))) as judging:
        judge(*runs)
    return [each.actual for each in judging.remarks]


def test_requests_race_where_the_rule_of_serial_outcomes_is_left_out() -> None:
    assert judge_without_rule((201, 201)) == ["done, then done (201 {})"]
    with pytest.raises(CheckFailed) as caught:
        judge_without_rule((201, 201), (201, 201), (201, 422), (201, 201))
    assert caught.value.findings[0].clause == ""


def test_refusal_in_a_serial_run_is_the_culprit() -> None:
    assert judge_without_rule((422, 422)) == ["refused, then refused (422 {})"]


def test_failure_in_a_serial_run_is_no_remark() -> None:
    with pytest.raises(PreconditionFailed):
        judge_without_rule((201, 500))
