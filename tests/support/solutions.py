"""Reference solutions that this machine can build."""

from __future__ import annotations

import asyncio

import pytest

from tests.support.machine import OF_THE_MACHINE
from worksample.catalogue import load
from worksample.catalogue.solutions import stack_of
from worksample.errors import CannotBuildHere
from worksample.stacks.availability import missing_language, why_not_here


def require_solution(challenge: str, solution: str) -> None:
    """Skip a test that builds a reference solution where this machine cannot build it."""
    folder = load(challenge).answers("a test").solutions[solution]
    if tool := missing_language(stack_of(folder)):
        pytest.skip(f"{tool.name} is not installed")
    if why := asyncio.run(why_not_here(folder, stack_of(folder), reasons=CannotBuildHere)):
        pytest.skip(f"{OF_THE_MACHINE}{why}")
