"""Reservations: seats, keys and the own list (B1 to B5)."""

from __future__ import annotations

from worksample.checks import Aspect, Meaning, check, expect
from worksample.messages import message

from ..world import Booking

SKILLS = ("rest", "relational-databases")
KEYS = ("rest", "api-design", "relational-databases")
IDEMPOTENCY = "draft-ietf-httpapi-idempotency-key-header"


@check(
    title="Reserving holds seats, at seats times price",
    aspect=Aspect.BEHAVIOUR,
    stage=4,
    clause="B1",
    why="Seats that are not held are sold to somebody else before one has paid.",
    skills=SKILLS,
)
async def a_reservation_holds_seats(world: Booking) -> None:
    sailing, traveller = await world.open_sailing(seats=10, price=1250), await world.shared_member()
    answer = expect(await traveller.reserve(sailing, 3)).created()
    for field, value in (
        ("seats", 3), ("total", 3750), ("status", "held"), ("charged", 0), ("refunded", 0),
    ):  # fmt: skip
        expect(answer.at("reservation", field), f"`{field}`").equals(value)
    number = answer.at("reservation", "sailing", "id")
    expect(number, "the id of its sailing").equals(sailing.id)
    expect(await traveller.sees_seats_left(sailing), "`seatsLeft`").equals(7)


@check(
    title="No seat, ten seats and half a seat cannot be reserved",
    aspect=Aspect.BEHAVIOUR,
    stage=4,
    clause="B1",
    why="Groups telephone; whoever reserves a hundred seats for fun leaves the boat empty.",
    skills=SKILLS,
)
async def a_reservation_has_one_to_nine_seats(world: Booking) -> None:
    sailing, traveller = await world.open_sailing(), await world.shared_member()
    for seats in (0, -1, 10, 1.5, "three", None):
        answer = await traveller.reserve(sailing, seats)
        expect(answer).means(
            Meaning.INVALID, because=message("seats is {seats}", seats=repr(seats))
        )
    expect(await traveller.sees_seats_left(sailing), "`seatsLeft`").equals(20)
    expect(await traveller.reserve(sailing, 9)).created(because="nine are allowed")


@check(
    title="When too few seats are left, all of the reservation is refused",
    aspect=Aspect.BEHAVIOUR,
    stage=4,
    clause="B2",
    why="We sold more seats than the boat has, twice, and nobody wants half a family on board.",
    skills=SKILLS,
)
async def a_full_boat_takes_nobody(world: Booking) -> None:
    sailing, traveller = await world.open_sailing(seats=5), await world.own_member()
    await traveller.reserves(sailing, 3)
    answer = await traveller.reserve(sailing, 4)
    expect(answer).means(Meaning.TAKEN, because="two seats are left, and four were wanted")
    expect(await traveller.sees_seats_left(sailing), "`seatsLeft`").equals(2)
    expect(await traveller.reserve(sailing, 2)).created(because="two seats are left")
    expect(await traveller.sees_seats_left(sailing), "`seatsLeft`").equals(0)
    answer = await traveller.reserve(sailing, 1)
    expect(answer).means(Meaning.TAKEN, because="the boat is full")
    listed = expect(await traveller.reservations()).ok()
    expect(listed.at("reservationsCount"), "`reservationsCount`").equals(2)


@check(
    title="My list shows my reservations, the newest first, and nobody else's",
    aspect=Aspect.SECURITY,
    stage=4,
    clause="B3",
    why="Where somebody spends the weekend is nobody else's business.",
    cites="OWASP API1:2023 Broken Object Level Authorization (CWE-639)",
    skills=("access-control", "rest"),
)
async def ones_own_reservations_are_listed(world: Booking) -> None:
    sailing = await world.open_sailing()
    ann, bob = await world.own_member(), await world.own_member()
    first = await ann.reserves(sailing)
    other = await bob.reserves(sailing)
    second = await ann.reserves(sailing, 2)
    for person, wanted in ((ann, [second.id, first.id]), (bob, [other.id])):
        listed = expect(await person.reservations()).ok()
        shown = listed.each("reservations", "id")
        expect(shown, "the ids of the own list, the newest first").equals(wanted)
        expect(listed.at("reservationsCount"), "`reservationsCount`").equals(len(wanted))


@check(
    title="Status narrows my list",
    aspect=Aspect.BEHAVIOUR,
    stage=5,
    clause="B3",
    why="Before a trip people look for what is paid, and after a storm for what is cancelled.",
    skills=("rest", "sql"),
)
async def reservations_are_narrowed_by_status(world: Booking) -> None:
    sailing, traveller = await world.open_sailing(), await world.own_member()
    made = {name: await traveller.reserves(sailing) for name in ("held", "paid", "cancelled")}
    await traveller.pays(made["paid"])
    await traveller.cancels(made["cancelled"])
    made["expired"] = await traveller.reserves_and_lets_expire(sailing)
    for status, reservation in made.items():
        listed = expect(await traveller.reservations(status=status)).ok()
        shown = listed.each("reservations", "id")
        expect(shown, message("the ids of what is {status}", status=status)).equals(
            [reservation.id]
        )
        expect(listed.each("reservations", "status"), "their `status`").equals([status])
        expect(listed.at("reservationsCount"), "`reservationsCount`").equals(1)


@check(
    title="The same Idempotency-Key reserves once",
    aspect=Aspect.BEHAVIOUR,
    stage=4,
    clause="B5",
    why="Telephones lose answers at sea and ask again: a family then has eight seats.",
    cites=IDEMPOTENCY,
    skills=KEYS,
)
async def a_repeated_key_reserves_once(world: Booking) -> None:
    sailing, traveller = await world.open_sailing(), await world.shared_member()
    key = world.unique_name("key")
    reservation = await traveller.reserves(sailing, 2, key=key)
    again = expect(await traveller.reserve(sailing, 2, key=key)).created(
        because="the same request was sent again"
    )
    expect(again.at("reservation", "id"), "the id of the reservation").equals(reservation.id)
    expect(await traveller.sees_seats_left(sailing), "`seatsLeft`").equals(18)
    other = await traveller.reserves(sailing, 2, key=world.unique_name("key"))
    expect(other.id, "the id for another key").differs_from(reservation.id)
    expect(await traveller.sees_seats_left(sailing), "`seatsLeft`").equals(16)


@check(
    title="A key that was used for something else is refused",
    aspect=Aspect.BEHAVIOUR,
    stage=4,
    clause="B5",
    why="Whoever wanted four seats must not be shown a ticket for two and believe it.",
    cites=IDEMPOTENCY,
    skills=KEYS,
)
async def a_key_is_for_one_reservation(world: Booking) -> None:
    operator, traveller = await world.operator(), await world.shared_member()
    sailing, other = await operator.opens(), await operator.opens()
    key = world.unique_name("key")
    await traveller.reserves(sailing, 2, key=key)
    because = "the key was used for two seats in another sailing"
    expect(await traveller.reserve(sailing, 3, key=key)).means(
        Meaning.INVALID, because="the key was used for two seats"
    )
    expect(await traveller.reserve(other, 2, key=key)).means(Meaning.INVALID, because=because)
    expect(await traveller.sees_seats_left(sailing), "`seatsLeft`").equals(18)
    expect(await traveller.sees_seats_left(other), "`seatsLeft` of the other").equals(20)


@check(
    title="Two people may use the same key",
    aspect=Aspect.BEHAVIOUR,
    stage=4,
    clause="B5",
    why="The app counts its keys from one on every telephone.",
    cites=IDEMPOTENCY,
    skills=KEYS,
)
async def everyone_has_keys_of_their_own(world: Booking) -> None:
    sailing, key = await world.open_sailing(), world.unique_name("key")
    ann, bob = await world.shared_member(), await world.shared_member()
    mine = await ann.reserves(sailing, 2, key=key)
    answer = expect(await bob.reserve(sailing, 2, key=key)).created(
        because="the key of another person has nothing to do with it"
    )
    expect(answer.at("reservation", "id"), "the id of the other's").differs_from(mine.id)
    expect(await ann.sees_seats_left(sailing), "`seatsLeft`").equals(16)
