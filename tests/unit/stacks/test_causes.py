"""The order in which the causes of a failure are tried."""

from __future__ import annotations

import itertools

import pytest

from worksample.messages import PLACEHOLDER
from worksample.stacks.base import stacks
from worksample.stacks.building import build_cause
from worksample.stacks.causes import GENERAL_BUILD_CAUSES, Cause, likely_cause
from worksample.targets.causes import GENERAL_CAUSES, start_cause


def test_vague_causes_come_last() -> None:
    own = [Cause("broken", "vague", vague=True), Cause("bro(k)en", "own {found}")]
    general = [Cause("broken", "general")]
    assert likely_cause("broken", own, general) == "own k"
    assert likely_cause("broken", own[:1], general) == "general"
    assert likely_cause("broken", own[:1]) == "vague"
    assert likely_cause("whole", own, general) == ""


def test_advice_names_only_what_its_pattern_captured() -> None:
    of_stacks = [(*each.build_causes, *each.start_causes) for each in stacks().values()]
    for cause in (*GENERAL_BUILD_CAUSES, *GENERAL_CAUSES, *itertools.chain(*of_stacks)):
        assert set(PLACEHOLDER.findall(cause.advice)) <= {"found"}
        assert "{{" not in cause.advice


@pytest.mark.parametrize(
    ("stack", "expected"),
    [
        ("python-fastapi", "set PIP_CERT"),
        ("node-express", "let your package manager trust"),
        ("other", "let your package manager trust"),
    ],
)
def test_build_causes_of_the_detected_stack_come_first(stack: str, expected: str) -> None:
    assert expected in build_cause("SSL: certificate verify failed", stack)


def test_causes_of_other_stacks_are_tried_too() -> None:
    log = "Error: Cannot find module 'express'"
    assert "the module express was not found" in start_cause(log, "python-flask")


def test_refused_connection_wins_over_the_exception_that_follows() -> None:
    log = "ECONNREFUSED 127.0.0.1:5432\nKeyError: 'SHOP_NAME'"
    assert "a connection was refused" in start_cause(log, "python-flask")
