"""The client of the members challenge."""

from __future__ import annotations

from worksample.checks import StagedOperation
from worksample.suites.account_member import AccountApi, Member
from worksample.suites.account_world import AccountWorld

REGISTERING = "registering-opens-an-account"


class Person(Member["Members"]):
    """A visitor or a member."""


class Members(AccountWorld[Person]):
    """Sends the requests of the members API."""

    operations = (StagedOperation("register", 1, REGISTERING),)
    api = AccountApi(
        register="/members", login="/session", own="/member", member="member", name="name",
        text="motto", registering_check=REGISTERING,
        signing_in_check="signing-in-opens-the-account",
        changing_check="a-motto-can-be-changed",
    )  # fmt: skip

    def person(self, name: str = "", token: str | None = None, **account: str) -> Person:
        """Return a client that sends `token`."""
        return Person(self, name, token, **account)
