"""Requests that must be rejected, one of each kind."""

from __future__ import annotations

from worksample.probes.exchange import Request

from ..world import NO_ID, Booking, Person, Reservation, Sailing
from .bystanders import Traveller


class BookingRejections:
    """Requests that are invalid, or concern full, foreign or missing things."""

    bystander: Traveller
    owner: Person
    stranger: Person
    sailing: Sailing
    full: Sailing
    reservation: Reservation

    def __init__(self, world: Booking) -> None:
        self.world, self.bystander = world, Traveller(world)

    async def prepare(self) -> None:
        """Fill a boat, make a reservation in another, and sign up a stranger."""
        operator = await self.world.operator()
        self.owner, self.stranger = await self.world.own_member(), await self.world.own_member()
        self.sailing, self.full = await operator.opens(), await operator.opens(seats=1)
        self.reservation = await self.owner.reserves(self.sailing, 2)
        await self.owner.reserves(self.full)

    def expensive(self) -> list[Request]:
        """Register a taken address, which may hash a password."""
        account = self.world.new_account(email=self.owner.email)
        return [self.world.request("POST", "/accounts", {"account": account})]

    def cheap(self) -> list[Request]:
        """All other rejected requests."""
        request, path = self.world.request, self.reservation.path
        token, owner = self.stranger.token, self.owner.token
        seat = {"reservation": {"seats": 1}}
        total, amount = {"payment": {"amount": self.reservation.total}}, {"payment": {"amount": 1}}
        return [
            request("POST", f"{self.full.path}/reservations", seat, token=token),
            request("POST", f"/sailings/{NO_ID}/reservations", seat, token=token),
            request("POST", f"{self.sailing.path}/reservations", {"reservation": {}}, token=token),
            request("GET", path, token=token),
            request("POST", f"{path}/payment", total, token=token),
            request("POST", f"{path}/payment", amount, token=owner),
            request("POST", f"{path}/cancellation", token=token),
            request("POST", f"/reservations/{NO_ID}/cancellation", token=token),
            request("POST", "/sailings", {"sailing": self.world.sailing()}, token=token),
            request("GET", f"/sailings/{NO_ID}"),
            request("GET", "/account", token="not-a-token"),
        ]
