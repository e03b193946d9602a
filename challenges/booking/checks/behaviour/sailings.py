"""Sailings: opening, reading and listing them (D1, D2, L1, L2, G5)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from worksample.checks import Aspect, check, expect
from worksample.messages import message

from ..operations import RESERVE
from ..world import NO_ID, Booking, Json, Person, Sailing, departure, instant

SKILLS = ("rest", "relational-databases")
FIELDS = ("from", "to", "seats", "price")


@check(
    title="A sailing is listed and read as it was opened, with all seats free",
    aspect=Aspect.BEHAVIOUR,
    stage=3,
    clause="D1",
    why="What is not listed is never booked.",
    skills=SKILLS,
)
async def an_operator_opens_a_sailing(world: Booking) -> None:
    sent = world.sailing(seats=42, price=999)
    answer = expect(await (await world.operator()).open(sent)).created()
    number = answer.at("sailing", "id")
    expect_sailing(answer.at("sailing"), sent)
    read = expect(await world.visitor().read(Sailing(number, sent, {}))).ok()
    expect_sailing(read.at("sailing"), sent)
    listed = expect(await world.visitor().list(from_=sent["from"])).ok()
    expect(listed.each("sailings", "id"), "the ids in the list").equals([number])
    expect_sailing(listed.at("sailings", 0), sent)


def expect_sailing(shown: Any, sent: Json) -> None:
    """Expect the sailing that was sent, with all seats free."""
    found = shown if isinstance(shown, dict) else {}
    for field in FIELDS:
        expect(found.get(field), f"`{field}`").equals(sent[field])
    expect(instant(found.get("departsAt")), "the time in `departsAt`").equals(
        instant(sent["departsAt"])
    )
    expect(found.get("seatsLeft"), "`seatsLeft`").equals(sent["seats"])


@check(
    title="A sailing that makes no sense is refused",
    aspect=Aspect.BEHAVIOUR,
    stage=3,
    clause="D2",
    why="A boat that left yesterday, or costs nothing, is booked before anybody sees the mistake.",
    skills=SKILLS,
)
async def a_senseless_sailing_is_refused(world: Booking) -> None:
    operator, port = await world.operator(), world.port()
    for fields, because in (
        ({"to": port}, "both ports are the same"),
        ({"to": ""}, "the port is blank"),
        ({"to": "   "}, "the port is blank"),
        ({"departsAt": departure(days=-1)}, "it departed yesterday"),
        ({"departsAt": "soon"}, "the departure is no time"),
        ({"seats": 0}, "there are no seats"),
        ({"seats": 5001}, "there are more than 5,000 seats"),
        ({"seats": 1.5}, "half a seat is no seat"),
        ({"price": 0}, "it costs nothing"),
        ({"price": -1}, "the price is negative"),
        ({"price": 1_000_001}, "a seat costs more than 1,000,000"),
    ):
        answer = await operator.open(world.sailing(**{"from": port, **fields}))
        expect(answer).invalid(because=because)
    listed = expect(await operator.list(from_=port)).ok()
    expect(listed.at("sailings"), "the sailings of the port").equals([])


@check(
    title="The next departure comes first",
    aspect=Aspect.BEHAVIOUR,
    stage=3,
    clause="L1",
    why="People look for the next boat, not for the last one of the year.",
    skills=("rest", "sql"),
)
async def the_next_departure_comes_first(world: Booking) -> None:
    operator, port = await world.operator(), world.port()
    opened = {}
    for days in (20, 3, 300, 1):
        opened[days] = await operator.opens(from_=port, departsAt=departure(days=days))
    listed = expect(await world.visitor().list(from_=port)).ok()
    wanted = [opened[days].id for days in sorted(opened)]
    expect(listed.each("sailings", "id"), "the ids, the next departure first").equals(wanted)
    expect(listed.at("sailingsCount"), "`sailingsCount`").equals(len(opened))


@check(
    title="A list that was read before shows the sailing that was opened since",
    aspect=Aspect.BEHAVIOUR,
    stage=3,
    clause="L1",
    why="A list that is kept to save work goes on selling the boats of yesterday.",
    skills=SKILLS,
)
async def a_list_shows_what_was_opened_since(world: Booking) -> None:
    operator, port = await world.operator(), world.port()
    before = expect(await world.visitor().list(from_=port)).ok()
    expect(before.at("sailings"), "the sailings of a new port").equals([])
    sailing = await operator.opens(from_=port)
    listed = expect(await world.visitor().list(from_=port)).ok()
    expect(listed.each("sailings", "id"), "the ids in the list").equals([sailing.id])
    expect(listed.at("sailingsCount"), "`sailingsCount`").equals(1)


@check(
    title="Times come back in UTC, as they were sent",
    aspect=Aspect.BEHAVIOUR,
    stage=3,
    clause="G5",
    why="Whoever arrives two hours late has missed the boat.",
    cites="RFC 3339 5.6",
    skills=("rest", "databases"),
)
async def times_are_told_in_utc(world: Booking) -> None:
    operator, year = await world.operator(), datetime.now(UTC).year + 1
    for text in (f"{year}-01-14T15:09:26.535Z", f"{year}-07-31T23:30:00Z"):
        sailing = await operator.opens(departsAt=text)
        shown = (await world.visitor().sees(sailing)).get("departsAt")
        expect(_is_utc(shown), message("{shown} is a time in UTC", shown=repr(shown))).is_true()
        expect(
            instant(shown) == instant(text),
            message("{shown} is the time {text}", shown=shown, text=text),
        ).is_true()
    if world.asks(RESERVE):
        reservation = await (await world.shared_member()).reserves(await operator.opens())
        made = instant(reservation.shown.get("createdAt"))
        expect(reservation.shown.get("createdAt"), "`createdAt`").satisfies(
            lambda _: made is not None and abs((datetime.now(UTC) - made).total_seconds()) < 600,
            "about now, in UTC",
        )


def _is_utc(value: object) -> bool:
    return isinstance(value, str) and value.endswith(("Z", "+00:00"))


@check(
    title="From and to narrow the list, and both must match",
    aspect=Aspect.BEHAVIOUR,
    stage=3,
    clause="L2",
    why="Whoever wants to go from here to there is not interested in boats that only start here.",
    skills=("rest", "sql"),
)
async def a_list_is_narrowed_by_port(world: Booking) -> None:
    operator, here, there = await world.operator(), world.port(), world.port()
    outward = await operator.opens(from_=here, to=there)
    elsewhere = await operator.opens(from_=here)
    arriving = await operator.opens(to=there)
    await expect_listed(operator, [outward, elsewhere], from_=here)
    await expect_listed(operator, [outward, arriving], to=there)
    await expect_listed(operator, [outward], from_=here, to=there)
    await expect_listed(operator, [], from_=there, to=here)
    await expect_listed(operator, [], from_=world.port())


async def expect_listed(person: Person, sailings: list[Sailing], **query: str) -> None:
    """Expect that the list for `query` holds these sailings, in any order, and counts them."""
    listed = expect(await person.list(**query)).ok()
    names = " and ".join(name.rstrip("_") for name in query)
    shown = sorted(map(str, listed.each("sailings", "id")))
    expect(shown, message("the ids of the list by {names}", names=names)).equals(
        sorted(str(s.id) for s in sailings)
    )
    expect(listed.at("sailingsCount"), "`sailingsCount`").equals(len(sailings))


@check(
    title="A sailing that does not exist is not found",
    aspect=Aspect.BEHAVIOUR,
    stage=3,
    clause="G3",
    why="Links to boats of last summer are everywhere.",
    skills=("rest",),
)
async def a_sailing_that_does_not_exist_is_not_found(world: Booking) -> None:
    because = "there is no such sailing"
    missing = Sailing(NO_ID, {}, {})
    expect(await world.visitor().read(missing)).missing(because=because)
