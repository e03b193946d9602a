"""What the server shows after a race: seats, reservations and accounts, without ids and times."""

from __future__ import annotations

from typing import Any

from worksample.checks import Answer

from ..world import Json, Person, Reservation, Sailing

MONEY = ("status", "seats", "charged", "refunded")


def money_in_answer(answer: Answer) -> Any:
    """Return status, seats and money of the reservation in an answer."""
    shown = answer.at("reservation")
    return {field: shown.get(field) for field in MONEY} if isinstance(shown, dict) else shown


async def seats_and_money(sailing: Sailing, *people: Person) -> Any:
    """Return `seatsLeft` and, for each of the people, what they have reserved in the sailing."""
    state: Json = {"seatsLeft": await people[0].sees_seats_left(sailing)}
    for number, person in enumerate(people, 1):
        listed = (await person.reservations(limit=100)).at("reservations")
        state[f"reservations of person {number}"] = sorted(
            str({field: each.get(field) for field in MONEY})
            for each in listed
            if each.get("sailing", {}).get("id") == sailing.id
        )
    return state


async def of_reservation(owner: Person, reservation: Reservation) -> Any:
    """Return status and money of a reservation, and `seatsLeft` of its sailing."""
    shown = await owner.sees(reservation)
    return {
        **{field: shown.get(field) for field in MONEY},
        "seatsLeft": await owner.sees_seats_left(reservation.sailing),
    }
