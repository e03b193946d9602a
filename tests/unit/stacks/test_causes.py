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
    assert "connects to port 5432" in start_cause(log, "python-flask")


@pytest.mark.parametrize(
    ("stack", "log", "expected"),
    [
        (
            "python-flask",
            "  error: command '/usr/bin/gcc' failed with exit code 1\n  [end of output]\n"
            "  ERROR: Failed building wheel for asyncpg\nFailed to build asyncpg\n",
            "asyncpg has no wheel for this Python and does not compile",
        ),
        ("python", "error: command 'gcc' failed: No such file or directory", "compiler is missing"),
        ("python", "error in anyjson setup command: use_2to3 is invalid.", "no longer has"),
        ("python", "ModuleNotFoundError: No module named 'distutils'", "an older Python"),
        (
            "python",
            "ERROR: Failed to build installable wheels\nFailed to build odd",
            "odd cannot be",
        ),
        ("python", "ERROR: HTTP error 403 while getting https://example.org/x.whl", "was refused"),
        ("node", "npm error code E403\nnpm error 403 403 Forbidden - GET https://x", "was refused"),
        ("node", "ERR_PNPM_FETCH_401  GET https://x: Unauthorized - 401", "was refused"),
        ("node", "error:0308010C:digital envelope routines::unsupported", "too old for this Node"),
        (
            "node",
            "npm error path /tmp/run/node_modules/bcrypt\nnpm error gyp ERR! build error\n",
            "bcrypt must be compiled",
        ),
        ("node", "gyp ERR! stack ModuleNotFoundError: No module named 'distutils'", "node-gyp"),
        ("other", "requests: 4013 packages, 401 files", ""),
    ],
)
def test_failing_build_names_package_or_step(stack: str, log: str, expected: str) -> None:
    cause = build_cause(log, stack)
    assert expected in cause
    assert bool(expected) == bool(cause)
