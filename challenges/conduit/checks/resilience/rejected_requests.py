"""Rejected requests release their transactions and connections (W5, G4)."""

from __future__ import annotations

from worksample.checks import Words
from worksample.probes.exchange import Request
from worksample.suites import rejected_requests

from ..world import Article, Comment, Conduit, Person, article_path, profile_path
from .bystanders import Commenter


class ConduitRejections:
    """Requests that are invalid, or concern taken, foreign or missing resources."""

    bystander: Commenter
    author: Person
    stranger: Person
    article: Article
    comment: Comment

    def __init__(self, world: Conduit) -> None:
        self.world, self.bystander = world, Commenter(world)

    async def prepare(self) -> None:
        """Create an article with a comment, and a stranger."""
        self.author, self.stranger = await self.world.own_member(), await self.world.own_member()
        self.article = await self.author.publish()
        self.comment = await self.author.add_comment(self.article)

    def expensive(self) -> list[Request]:
        """Register a taken name, which may hash a password."""
        account = self.world.new_account(username=self.author.username)
        return [self.world.request("POST", "/users", {"user": account})]

    def cheap(self) -> list[Request]:
        """All other rejected requests."""
        request, path, token = self.world.request, self.article.path, self.stranger.token
        nowhere = article_path(self.world.unique_name("no-such-"))
        nobody = profile_path(self.world.unique_name("no"))
        renaming = {"user": {"username": self.author.username}}
        return [
            request("PUT", "/user", renaming, token=token),
            request("PUT", path, {"article": {"body": "mine"}}, token=token),
            request("DELETE", path, token=token),
            request("DELETE", f"{path}/comments/{self.comment.id}", token=token),
            request("PUT", nowhere, {"article": {"body": "x"}}, token=token),
            request("DELETE", nowhere, token=token),
            request("POST", f"{nowhere}/favorite", token=token),
            request("POST", f"{nowhere}/comments", {"comment": {"body": "x"}}, token=token),
            request("POST", f"{nobody}/follow", token=token),
            request("POST", "/articles", {"article": {"title": ""}}, token=token),
            request("GET", nowhere),
            request("GET", nobody),
            request("GET", "/user", token="not-a-token"),
        ]


CHECKS = rejected_requests.SUITE.checks(
    ConduitRejections,
    stage=8,
    clause="W5",
    words={"refusals-cost-no-connection": Words(clause="G4")},
)
