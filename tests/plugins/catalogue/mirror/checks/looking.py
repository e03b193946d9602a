"""The checks of the mirror challenge: a suite of the plugin folder."""

from __future__ import annotations

from worksample.suites.header_names import SUITE  # type: ignore[import-not-found]

from worksample.probes.exchange import Request

from .world import Mirror


class Look:
    """The adapter of the suite."""

    def __init__(self, world: Mirror) -> None:
        self.world = world

    def request(self) -> Request:
        """Return a request that says a word."""
        return self.world.request("GET", "/", headers=[("X-Word", self.world.unique_name())])


CHECKS = SUITE.checks(Look, clause="M1", stage=1)
