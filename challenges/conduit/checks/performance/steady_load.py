"""Open-loop load: every reader is served while others sign in or are rejected (W3)."""

from __future__ import annotations

from worksample.probes.exchange import Request
from worksample.suites import steady_load

from ..operations import ARTICLE, LIST_ARTICLES, LIST_COMMENTS, TAGS
from ..resilience.rejected_requests import ConduitRejections


class ConduitLoad(ConduitRejections):
    """People who read, authors who sign in, and requests that must be rejected."""

    def reads(self) -> list[Request]:
        """Read an article, the lists and, signed in, the comments."""
        path, token = self.article.path, self.author.token
        visits = [self.world.request("GET", each) for each in (path, "/articles", "/tags")]
        return [*visits, self.world.request("GET", f"{path}/comments", token=token)]

    def slow(self) -> Request:
        """Sign in."""
        credentials = {"user": {"email": self.author.email, "password": self.author.password}}
        return self.world.request("POST", "/users/login", credentials)


CHECKS = steady_load.SUITE.checks(
    ConduitLoad, clause="W3", stage=7, operations=(ARTICLE, LIST_ARTICLES, LIST_COMMENTS, TAGS)
)
