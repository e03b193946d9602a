"""The judge of races: what comes of two that overlap must be what one of the orders brings."""

from __future__ import annotations

from typing import Any

import pytest

from tests.wire.shop import answer
from worksample.checks import Answer, Dialect, Meaning, gone_or_done
from worksample.checks.either_order import acceptable
from worksample.checks.races import Outcome, sort_of

BOTH = ("done", "done")


def came(
    sorts: tuple[str, str] = BOTH, state: Any = None, views: tuple[Any, Any] = (None, None)
) -> Outcome:
    return Outcome(sorts, views, state)


ONE_NAME = [came(("done", "refused"), {"owners": 1}), came(("refused", "done"), {"owners": 1})]
TWO_HEARTS = [came(state=2, views=(1, 2)), came(state=2, views=(2, 1))]
SET_OR_NOT = [came(state=0), came(state=1)]


@pytest.mark.parametrize(
    ("outcome", "allowed"),
    [
        (came(("refused", "done"), {"owners": 1}), ONE_NAME),
        (came(state=2, views=(2, 2)), TWO_HEARTS),
        (came(state=2, views=(2, 1)), TWO_HEARTS),
        (came(state=1), SET_OR_NOT),
        (came(state={"b": [1], "a": 2}), [came(state={"a": 2, "b": [1]})]),
    ],
)
def test_what_one_order_brings_is_right(outcome: Outcome, allowed: list[Outcome]) -> None:
    assert acceptable(outcome, allowed)


@pytest.mark.parametrize(
    ("outcome", "allowed"),
    [
        (came(BOTH, {"owners": 1}), ONE_NAME),
        (came(("done", "refused"), {"owners": 2}), ONE_NAME),
        (came(("refused", "refused"), {"owners": 0}), ONE_NAME),
        (came(("done", "failed"), {"owners": 1}), ONE_NAME),
        (came(state=1, views=(1, 1)), TWO_HEARTS),
        (came(state=2, views=(1, 3)), TWO_HEARTS),
        (came(("done", "refused"), 1), SET_OR_NOT),
        (came(state=True), [came(state=1)]),
    ],
)
def test_what_no_order_brings_is_wrong(outcome: Outcome, allowed: list[Outcome]) -> None:
    assert not acceptable(outcome, allowed)


def test_answers_of_one_order_with_the_state_of_the_other_are_wrong() -> None:
    orders = [came(("done", "refused"), "A has it"), came(("refused", "done"), "B has it")]
    assert not acceptable(came(("done", "refused"), "B has it"), orders)


def test_a_failure_is_wrong_even_where_an_order_fails_too() -> None:
    failing = came(("failed", "done"), 1)
    assert not acceptable(failing, [failing])


def test_what_a_refusal_shows_is_not_looked_at() -> None:
    allowed = [came(("done", "refused"), 1, (1, None)), came(("refused", "done"), 1, (None, 1))]
    assert acceptable(came(("done", "refused"), 1, (1, "taken")), allowed)


@pytest.mark.parametrize(
    ("status", "sort", "deleting"),
    [
        (200, "done", "done"),
        (204, "done", "done"),
        (404, "missing", "done"),
        (403, "refused", "refused"),
        (409, "refused", "refused"),
        (422, "refused", "refused"),
        (500, "failed", "failed"),
        (503, "failed", "failed"),
        (302, "failed", "failed"),
        (0, "failed", "failed"),
    ],
)
def test_an_answer_comes_to_one_of_four(status: int, sort: str, deleting: str) -> None:
    got = Answer(answer(status), Dialect())
    assert (sort_of(got), gone_or_done(got)) == (sort, deleting)


def test_a_server_may_say_gone_in_a_number_of_its_own() -> None:
    dialect = Dialect().learning(Meaning.MISSING, 422).learning(Meaning.MISSING, 410)
    assert gone_or_done(Answer(answer(422), dialect)) == "done"
    assert gone_or_done(Answer(answer(410), dialect)) == "done"
    assert sort_of(Answer(answer(422), dialect)) == "refused"
