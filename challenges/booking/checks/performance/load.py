"""Password hashing blocks nobody and no transaction; refusals leave nothing behind (W3, W5)."""

from __future__ import annotations

from functools import partial

from worksample.probes.exchange import Request
from worksample.suites import password_hashing, steady_load
from worksample.suites.account_requests import CheapRead, Registering, SigningIn

from ..resilience.rejections import BookingRejections
from ..world import OPENING

SAILINGS = CheapRead("/sailings", "lists the sailings", OPENING)


class BookingLoad(BookingRejections):
    """Visitors who read, people who sign in, and requests that must be rejected."""

    def reads(self) -> list[Request]:
        """Read a sailing and the list."""
        return [self.world.request("GET", path) for path in (self.sailing.path, "/sailings")]

    def slow(self) -> Request:
        """Sign in."""
        credentials = {"account": {"email": self.owner.email, "password": self.owner.password}}
        return self.world.request("POST", "/login", credentials)


CHECKS = [
    *password_hashing.hashing_does_not_hold_up_readers.declare(
        partial(SigningIn, beside=SAILINGS),
        id="signing-in-does-not-hold-up-readers",
        title="Signing in does not hold up readers",
        clause="W3",
        stage=7,
    ),
    *password_hashing.no_transaction_is_open_while_hashing.declare(
        partial(Registering, beside=SAILINGS),
        id="no-transaction-is-open-while-registering",
        title="No transaction is open while the password of a new account is hashed",
        clause="W5",
        stage=7,
    ),
    *steady_load.a_refusal_leaves_nothing_behind.declare(BookingLoad, clause="W5", stage=7),
]
