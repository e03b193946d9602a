"""What is prepared on the target before the checks, and what happens if that fails."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from tests.engine.harness import EngineHarness, FakeTarget, World
from worksample.checks import Verdict

ACCOUNTS = ("ann", "bob")


class Failing(World):
    """A world whose preparation fails."""

    async def prepare(self, count: int) -> Sequence[Any]:
        raise RuntimeError(count)


@pytest.fixture
def harness() -> EngineHarness:
    """A harness whose world prepares accounts."""
    return EngineHarness(target=FakeTarget(), prepared=ACCOUNTS)


def seen_by_checks(harness: EngineHarness) -> list[Any]:
    """Return what each of three checks finds prepared."""
    seen: list[Any] = []

    async def looking(world: World) -> None:
        seen.append(world.context.server_state.get("prepared"))

    for number in range(3):
        harness.check(f"looks-{number}", looking)
    results = harness.run()
    assert {each.verdict for each in results.values()} == {Verdict.PASS}
    return seen


def test_checks_on_the_target_find_what_was_prepared(harness: EngineHarness) -> None:
    assert seen_by_checks(harness) == [ACCOUNTS] * 3


def test_checks_run_where_preparing_fails(
    harness: EngineHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(World, "prepare", Failing.prepare)
    assert seen_by_checks(harness) == [()] * 3
