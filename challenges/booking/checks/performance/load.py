"""Password hashing blocks nobody and no transaction; refusals leave nothing behind (W3, W5)."""

from __future__ import annotations

from worksample.checks import Answer, Meaning
from worksample.probes.exchange import Request
from worksample.suites import password_hashing, steady_load

from ..resilience.rejections import BookingRejections
from ..world import OPENING, REGISTERING, SIGNING_IN, Booking, Person


class SigningIn:
    """Signing in to an account, and listing sailings beside it."""

    meaning = Meaning.OK
    needs = SIGNING_IN
    cheap_name = "GET /sailings"
    cheap_needs = OPENING
    person: Person

    def __init__(self, world: Booking) -> None:
        self.world = world

    async def prepare(self) -> None:
        """Open the account."""
        self.person = await self.world.sign_up()

    async def slow(self) -> Answer:
        """Sign in."""
        return await self.world.log_in(self.person.email, self.person.password)

    async def cheap(self) -> Answer:
        """List the sailings."""
        label = "a visitor lists the sailings"
        return await self.world.send("GET", "/sailings", label=label, fresh=True)


class Registering(SigningIn):
    """Registering a new account each time."""

    meaning = Meaning.CREATED
    needs = REGISTERING

    async def prepare(self) -> None:
        """Nothing is needed."""

    async def slow(self) -> Answer:
        """Register."""
        return await self.world.register(self.world.new_account())


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
        SigningIn,
        id="signing-in-does-not-hold-up-readers",
        title="Signing in does not hold up readers",
        clause="W3",
        stage=7,
    ),
    *password_hashing.no_transaction_is_open_while_hashing.declare(
        Registering,
        id="no-transaction-is-open-while-registering",
        title="No transaction is open while the password of a new account is hashed",
        clause="W5",
        stage=7,
    ),
    *steady_load.a_refusal_leaves_nothing_behind.declare(BookingLoad, clause="W5", stage=7),
]
