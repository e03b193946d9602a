"""Holds: how long they last, and what comes after (H1, H2)."""

from __future__ import annotations

from worksample.checks import Aspect, Meaning, check, expect
from worksample.messages import message

from ..world import Booking, Reservation, instant

SKILLS = ("rest", "relational-databases")


@check(
    title="A hold lasts 900 seconds, or as many as I asked for",
    aspect=Aspect.BEHAVIOUR,
    stage=4,
    clause="H1",
    why="A boat full of seats that nobody pays for leaves empty.",
    skills=SKILLS,
)
async def a_hold_lasts_as_long_as_was_asked(world: Booking) -> None:
    sailing, traveller = await world.open_sailing(), await world.shared_member()
    for reservation, seconds in (
        (await traveller.reserves(sailing), 900),
        (await traveller.reserves(sailing, holdSeconds=60), 60),
        (await traveller.reserves(sailing, holdSeconds=1), 1),
    ):
        lasts = round(_seconds_of(reservation), 1)
        expect(lasts, "seconds from `createdAt` to `expiresAt`").equals(float(seconds))
    for seconds in (0, 901, -1):
        answer = await traveller.reserve(sailing, holdSeconds=seconds)
        expect(answer).means(
            Meaning.INVALID, because=message("holdSeconds is {seconds}", seconds=seconds)
        )


def _seconds_of(reservation: Reservation) -> float:
    """Return how long the hold lasts; 0 if one of its times cannot be read."""
    made = instant(reservation.shown.get("createdAt"))
    until = instant(reservation.shown.get("expiresAt"))
    return (until - made).total_seconds() if made and until else 0.0


@check(
    title="The seats of a hold that has expired are free again, and shown so",
    aspect=Aspect.BEHAVIOUR,
    stage=4,
    clause="H2",
    why="People look at the number and go elsewhere, although there is room.",
    hint="Count the seats of holds whose time is not over; no job has to run in between.",
    skills=SKILLS,
)
async def an_expired_hold_frees_its_seats(world: Booking) -> None:
    sailing, traveller = await world.open_sailing(seats=10), await world.shared_member()
    reservation = await traveller.reserves_and_lets_expire(sailing, 4)
    expect(await traveller.sees_seats_left(sailing), "`seatsLeft`").equals(
        10, because="the time of the hold is over"
    )
    shown = await traveller.sees(reservation)
    expect(shown.get("status"), "`status`").equals("expired")
    listed = expect(await traveller.list(from_=sailing.sent["from"])).ok()
    expect(listed.at("sailings", 0, "seatsLeft"), "`seatsLeft` in the list").equals(10)


@check(
    title="The next one gets the seats of a hold that has expired",
    aspect=Aspect.BEHAVIOUR,
    stage=4,
    clause="H2",
    why="A seat that is shown as free and cannot be had is worse than a full boat.",
    hint="Count the seats of holds whose time is not over; no job has to run in between.",
    skills=SKILLS,
)
async def seats_of_an_expired_hold_can_be_reserved(world: Booking) -> None:
    sailing = await world.open_sailing(seats=4)
    ann, bob = await world.shared_member(), await world.shared_member()
    await ann.reserves_and_lets_expire(sailing, 4)
    expect(await bob.reserve(sailing, 4)).created(because="the time of the hold is over")


@check(
    title="A hold that has expired is neither paid nor cancelled",
    aspect=Aspect.BEHAVIOUR,
    stage=5,
    clause="H2",
    why="Somebody else has the seats by then.",
    skills=SKILLS,
)
async def an_expired_hold_is_over(world: Booking) -> None:
    sailing, traveller = await world.open_sailing(), await world.shared_member()
    reservation = await traveller.reserves_and_lets_expire(sailing, 2)
    because = "the time of the hold is over"
    paid = await traveller.pay(reservation, reservation.total)
    expect(paid).means(Meaning.TAKEN, because=because)
    expect(await traveller.cancel(reservation)).means(Meaning.TAKEN, because=because)
    shown = await traveller.sees(reservation)
    expect(shown.get("status"), "`status`").equals("expired")
    expect(shown.get("charged"), "`charged`").equals(0)
