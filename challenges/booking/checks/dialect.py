"""Detection of a server's dialect: path prefix and status codes.

What differs from the contract is reported by one contract check each, and accepted by all others.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from worksample.checks import CheckContext, Dialect, Meaning
from worksample.checks.dialect_detection import KnownDeviations, holds

if TYPE_CHECKING:
    from .world import Booking, Person

KNOWN = KnownDeviations(
    also_allowed={},
    statuses={
        Meaning.UNAUTHENTICATED: (401, 403, 422, 400),
        Meaning.BAD_LOGIN: (401, 403, 422, 400, 404),
        Meaning.FORBIDDEN: (403, 401, 404),
        Meaning.MISSING: (404, 400, 422),
        Meaning.INVALID: (422, 400),
        Meaning.TAKEN: (409, 422, 400),
        Meaning.CREATED: (201, 200),
    },
    prefixes=("/api", ""),
    schemes=("Bearer",),
)


def allowed_dialect(context: CheckContext) -> Dialect:
    """Return the dialect that contract and workspace allow; the brief wants 409 for what is taken.

    Raises `WorkspaceError` when worksample.toml declares what no known server does.
    """
    dialect = KNOWN.allowed_dialect(context)
    if "taken" in context.declared:
        return dialect
    return replace(dialect, allowed={**dialect.allowed, Meaning.TAKEN: frozenset({409})})


async def detect_dialect(world: Booking) -> Dialect:
    """Send requests whose correct answer is unambiguous and return the dialect of the answers."""
    await KNOWN.learn_prefix(world, lambda: _lists_sailings(world))
    account = world.new_account()
    answer = await world.register(account)
    KNOWN.learn_status(world, Meaning.CREATED, answer)
    traveller = await world.owner_if_any(account, answer)
    if traveller is None:
        return world.dialect
    for meaning, answer in (
        (Meaning.UNAUTHENTICATED, await world.visitor().me()),
        (Meaning.BAD_LOGIN, await world.log_in(account["email"], world.password())),
        (Meaning.TAKEN, await world.register(account)),
        (Meaning.INVALID, await world.register(world.new_account(name=""))),
        (
            Meaning.MISSING,
            await world.visitor().ask("GET", "/sailings/2147483647", "reads nothing"),
        ),
    ):
        KNOWN.learn_status(world, meaning, answer)
    await _learn_from_reservation(world, traveller)
    return world.dialect


async def _lists_sailings(world: Booking) -> bool:
    answer = await world.visitor().list()
    return answer.status == 200 and holds(answer, "sailings")


async def _learn_from_reservation(world: Booking, traveller: Person) -> None:
    """Make a reservation and read it as somebody else, if the server can already do so."""
    account = world.new_account(operatorCode=world.operator_code)
    operator = await world.owner_if_any(account, await world.register(account))
    if operator is None:
        return
    opened = await operator.open(world.sailing())
    KNOWN.learn_status(world, Meaning.CREATED, opened)
    if not holds(opened, "sailing", "id"):
        return
    path = f"/sailings/{opened.at('sailing', 'id')}/reservations"
    payload = {"reservation": {"seats": 1}}
    reserved = await traveller.ask("POST", path, "reserves a seat", payload=payload)
    KNOWN.learn_status(world, Meaning.CREATED, reserved)
    if holds(reserved, "reservation", "id"):
        path = f"/reservations/{reserved.at('reservation', 'id')}"
        answer = await operator.ask("GET", path, "reads somebody else's reservation")
        KNOWN.learn_status(world, Meaning.FORBIDDEN, answer)
