"""Every kind of write, each on data of its own, and how to read its effect."""

from __future__ import annotations

from typing import Any

from worksample.checks.world import NO_PAYLOAD
from worksample.probes.exchange import Exchange
from worksample.probes.write_operations import Prepare, WriteOperation
from worksample.suites.member_writes import MemberWrites
from worksample.suites.writes import Names, Observe, StateReader, labelled

from ..world import RESERVING, Booking, Person, Reservation, Sailing, path_with


class BookingWrites(MemberWrites[Booking, Person]):
    """Prepares writes: of an operator, who opens sailings, and of a traveller."""

    needs = RESERVING
    promised = (
        *("name", "email", "role"),
        *("from", "to", "seats", "seatsLeft", "price"),
        *("sailing", "total", "status", "charged", "refunded"),
    )

    @property
    def kinds(self) -> dict[str, Prepare]:
        """Name -> coroutine function that prepares a write; it raises `PreparationFailed`."""
        return labelled(
            {
                "registering": self._registering,
                "changing an account": self._changing,
                "opening a sailing": self._opening,
                "reserving": self._reserving,
                "paying": self._paying,
                "cancelling": self._cancelling,
            }
        )

    async def unrelated(self) -> Exchange:
        """Send a read that has nothing to do with the writes."""
        world = self.world
        request = world.request("GET", "/sailings?limit=1")
        label = "a visitor reads the next sailing"
        return (await world.send_raw(request, label=label, fresh=True, timeout=10.0)).exchange

    async def _both(self) -> tuple[Person, Person]:
        """Return the operator and the traveller."""
        if not self.members:
            code = self.world.operator_code
            self.members.append(await self.world.sign_up(operatorCode=code))
            self.members.append(await self.world.own_member())
        operator, traveller = self.members
        return operator, traveller

    async def _registering(self) -> WriteOperation:
        world, account = self.world, self.world.new_account()
        names = {account["email"]: "<address>", account["name"]: "<name>"}
        await self.sign_ins.prepare()

        async def observe(view: StateReader) -> Any:
            return {"sign-in": await self.sign_ins.observe(view, account)}

        return self.write(
            world.visitor(), "POST", "/accounts", {"account": account}, "registers", names, observe
        )

    async def _changing(self) -> WriteOperation:
        world, person = self.world, await self.world.own_member()
        new = {"name": world.unique_name("n"), "password": world.password()}
        names = {person.email: "<address>", person.name: "<old name>", new["name"]: "<new name>"}

        async def observe(view: StateReader) -> Any:
            return {
                what: view.extract(await world.log_in(person.email, password), "account")
                for what, password in (("old password", person.password), ("new", new["password"]))
            }

        payload = {"account": new}
        return self.write(
            person, "PUT", "/account", payload, "changes name and password", names, observe
        )

    async def _opening(self) -> WriteOperation:
        operator, _ = await self._both()
        sent = self.world.sailing()

        async def observe(view: StateReader) -> Any:
            path = path_with("/sailings", {"from": sent["from"]})
            return {"sailings": await view.entries(path, "sailings")}

        return self.write(
            operator,
            "POST",
            "/sailings",
            {"sailing": sent},
            "opens a sailing",
            ports(sent),
            observe,
        )

    async def _reserving(self) -> WriteOperation:
        operator, traveller = await self._both()
        sailing = await operator.opens()
        return self.write(
            traveller,
            "POST",
            f"{sailing.path}/reservations",
            {"reservation": {"seats": 2}},
            "reserves two seats",
            ports(sailing.sent),
            self._state_of(sailing, traveller),
        )

    async def _paying(self) -> WriteOperation:
        operator, traveller = await self._both()
        reservation = await traveller.reserves(await operator.opens(), 2)
        payload = {"payment": {"amount": reservation.total}}
        return self._act(traveller, reservation, "payment", payload, "pays")

    async def _cancelling(self) -> WriteOperation:
        operator, traveller = await self._both()
        reservation = await traveller.reserves(await operator.opens(), 2)
        await traveller.pays(reservation)
        return self._act(traveller, reservation, "cancellation", NO_PAYLOAD, "cancels")

    def _act(
        self, traveller: Person, reservation: Reservation, what: str, payload: Any, label: str
    ) -> WriteOperation:
        sailing = reservation.sailing
        return self.write(
            traveller,
            "POST",
            f"{reservation.path}/{what}",
            payload,
            label,
            ports(sailing.sent),
            self._state_of(sailing, traveller),
        )

    def _state_of(self, sailing: Sailing, traveller: Person) -> Observe:
        """Return a function that reads the seats of a sailing, and what is reserved in it."""

        async def observe(view: StateReader) -> Any:
            shown = await view.get(sailing.path, "sailing")
            listed = await view.entries("/reservations?limit=50", "reservations", traveller.token)
            return {
                "seatsLeft": shown.get("seatsLeft"),
                "reservations": [e for e in listed if e.get("sailing", {}).get("id") == sailing.id],
            }

        return observe


def ports(sent: dict[str, Any]) -> Names:
    """Map the ports of a sailing to the names of their roles."""
    return {sent["from"]: "<from>", sent["to"]: "<to>"}
