"""Watches: they see everything, say each kind once, and do not stop a run when they break."""

from __future__ import annotations

from collections.abc import Iterable

from tests.engine.stage import Stage, World
from worksample.checks import Finding, Verdict, Watch
from worksample.probes.exchange import Exchange


async def asking_much(world: World) -> None:
    """Ask for a hundred things."""
    for number in range(100):
        await world.ask(f"/{number % 20}")


def played(watch: type[Watch], *, ask: bool = True) -> Stage:
    """Return a stage with one watch, and a check that asks much."""
    stage = Stage()
    stage.watch("watch", watch)
    if ask:
        stage.check("asking", asking_much)
    return stage


class Content(Watch):
    """Finds nothing wrong."""

    def see(self, exchange: Exchange) -> Iterable[Finding]:
        """See `Watch`."""
        return ()


class Grumbling(Watch):
    """Finds every path wrong; a path is a kind."""

    def see(self, exchange: Exchange) -> Iterable[Finding]:
        """See `Watch`."""
        yield Finding("silence", exchange.request.target, cause=exchange.request.target)


class Repeating(Watch):
    """Finds the same wrong with everything."""

    def see(self, exchange: Exchange) -> Iterable[Finding]:
        """See `Watch`."""
        yield Finding("silence", exchange.request.target)


class Broken(Watch):
    """Cannot see."""

    def see(self, exchange: Exchange) -> Iterable[Finding]:
        """See `Watch`."""
        raise KeyError("eyes")


def test_a_watch_that_finds_nothing_passes() -> None:
    found = played(Content).play()["watch"]
    assert (found.verdict, found.requests) == (Verdict.PASS, 100)


def test_the_first_of_a_kind_is_kept() -> None:
    found = played(Repeating).play()["watch"]
    assert found.verdict is Verdict.FAIL
    assert [finding.actual for finding in found.findings] == ["/0"]


def test_kinds_are_bounded() -> None:
    found = played(Grumbling).play()["watch"]
    assert [finding.actual for finding in found.findings] == [f"/{n}" for n in range(12)]


def test_a_broken_watch_is_our_error_and_stops_nobody() -> None:
    found = played(Broken).play()
    assert found["watch"].verdict is Verdict.ERROR
    assert found["watch"].reason == "KeyError: 'eyes'"
    assert found["asking"].verdict is Verdict.PASS


def test_a_watch_that_saw_nothing_is_blocked() -> None:
    found = played(Content, ask=False).play()["watch"]
    assert (found.verdict, found.reason) == (Verdict.BLOCKED, "nothing was asked in this run")
