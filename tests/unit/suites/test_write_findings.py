"""What is said of an interrupted write, and when there is nothing that can be said."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from worksample.checks import Undecided
from worksample.probes.exchange import Exchange, Request, Trouble
from worksample.probes.write_operations import Attempt, Baseline, Observation
from worksample.suites.write_findings import describe_outcome, require_clear

UNANSWERED = Exchange(Request("POST", "/articles"), None, Trouble.CLOSED)
BEFORE, AFTER = {"title": "old", "n": 1}, {"title": "new", "n": 2}


def interrupted(state: Any) -> Attempt:
    """Return an edit that was killed, after which the server shows `state`."""
    baseline = Baseline("editing", UNANSWERED, BEFORE, AFTER, ())
    return Attempt(baseline, "killed before 2, UPDATE", 2, UNANSWERED, Observation(state))


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (BEFORE, "nothing of it is stored"),
        ({"title": "new", "n": 1}, "stored: title; not stored: n"),
        ({"title": "new", "n": 3}, "more than once: n"),
        ({"title": "x", "n": 1}, "what is stored cannot be told"),
    ],
)
def test_says_which_parts_are_stored(state: Any, said: str) -> None:
    wanted = f"editing got no answer; killed before 2, UPDATE; {said}"
    assert describe_outcome(interrupted(state)) == wanted


def test_says_what_an_edit_has_lost() -> None:
    edit = interrupted({"articles": []})
    kept = {"articles": [{"title": "old"}]}, {"articles": [{"title": "new"}]}
    edit = replace(edit, baseline=replace(edit.baseline, before=kept[0], after=kept[1]))
    assert describe_outcome(edit).endswith("; lost, although it was there before: articles.1")


def test_unclear_state_allows_no_verdict() -> None:
    require_clear([])
    with pytest.raises(Undecided) as raised:
        require_clear([interrupted({"title": "x", "n": 1})])
    assert raised.value.reason.startswith("after 1 interrupted writes the server showed neither")
    assert "cannot be told" in raised.value.reason
