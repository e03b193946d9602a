"""Every suite says what an adapter lacks."""

from __future__ import annotations

import importlib
import pkgutil
from functools import partial
from typing import Any

import pytest

import worksample.suites
from worksample.checks import InvalidCheck, Suite
from worksample.checks.adapters import missing_members
from worksample.suites.races import SUITE as RACES


def all_suites() -> list[Suite[Any]]:
    """Return the suite of every module in `worksample.suites` that has one."""
    names = [each.name for each in pkgutil.iter_modules(worksample.suites.__path__)]
    modules = [importlib.import_module(f"worksample.suites.{name}") for name in names]
    return [module.SUITE for module in modules if hasattr(module, "SUITE")]


class Nothing:
    """An adapter without any member."""

    def __init__(self, world: Any) -> None: ...


@pytest.mark.parametrize("suite", all_suites(), ids=lambda suite: suite.name)
def test_names_each_member_that_the_adapter_lacks(suite: Suite[Any]) -> None:
    mistakes = [
        str(each)
        for each in suite.checks(Nothing, clause="A1", stage=1)
        if isinstance(each, InvalidCheck)
    ]
    lacking = missing_members(Nothing, suite.adapter)
    assert len(mistakes) == len(lacking) > 0
    for name, mistake in zip(lacking, mistakes, strict=True):
        assert f"the adapter Nothing lacks `{name}`, which the suite {suite.name} needs" in mistake


def test_names_the_class_of_a_partial_adapter() -> None:
    adapter = partial(Nothing)
    (first, *_) = all_suites()[0].unfit(adapter, "checks/outages.py:7")
    assert str(first).startswith("checks/outages.py:7: the adapter Nothing lacks")


def test_suite_names_and_check_ids_are_unique() -> None:
    suites = all_suites()
    assert len({suite.name for suite in suites}) == len(suites)
    ids = [name for suite in suites for name in suite.templates]
    assert len(set(ids)) == len(ids)
    assert RACES in suites
