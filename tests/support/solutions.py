"""Reference solutions that this machine can run."""

from __future__ import annotations

import asyncio

import pytest

from tests.support.dotnet import NO_DOTNET
from tests.support.machine import OF_THE_MACHINE
from tests.support.mariadb import missing_mariadb
from worksample.catalogue import load
from worksample.catalogue.solutions import stack_of
from worksample.errors import CannotBuildHere
from worksample.services.detection import used_services
from worksample.stacks.availability import missing_language, why_not_here


def require_language(stack: str) -> None:
    """Skip a test that builds a server of a stack where this machine lacks the language.

    Each is expected in CI, but .NET only where its SDK lies beside the checkout.
    """
    if tool := missing_language(stack):
        pytest.skip(NO_DOTNET if stack.startswith("csharp") else f"{tool.name} is not installed")


def require_solution(challenge: str, solution: str) -> None:
    """Skip a test that runs a reference solution where this machine cannot."""
    with load(challenge).answers("a test").whole(solution) as folder:
        on_mysql = any(each.service == "mysql" for each in used_services(folder))
        if on_mysql and (why := missing_mariadb()):
            pytest.skip(why)
        require_language(stack_of(folder))
        if why := asyncio.run(why_not_here(folder, stack_of(folder), reasons=CannotBuildHere)):
            pytest.skip(f"{OF_THE_MACHINE}{why}")
