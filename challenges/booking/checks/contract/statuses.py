"""Deviations from the contract that servers share: path prefix, statuses, the form of refusals.

Each deviation fails one check here. All other checks accept it, as the dialect is detected first.
"""

from __future__ import annotations

from worksample.checks import Answer, Aspect, Meaning, check, expect
from worksample.messages import message

from ..operations import RESERVATION
from ..world import NO_ID, Booking, Reservation, Sailing

SKILLS = ("rest", "api-design", "openapi")
ONE_STATUS = (
    "The app branches on the status. A wrong one sends people to the wrong screen, and they give "
    "up."
)


@check(
    title="Every path begins with /api",
    aspect=Aspect.CONTRACT,
    stage=1,
    clause="G1",
    why="The app has the path built in, and gets a 404.",
    skills=SKILLS,
)
async def every_path_begins_with_api(world: Booking) -> None:
    expect(world.dialect.prefix, "the prefix of every path").equals(
        world.context.base_path or "/api"
    )
    answer = expect(await world.visitor().list()).ok()
    expect(answer.at("sailings"), "sailings").satisfies(
        lambda shown: isinstance(shown, list), "a list"
    )


@check(
    title="A path that does not exist answers 404",
    aspect=Aspect.CONTRACT,
    stage=1,
    clause="G6",
    why="The app takes an empty 200 for an empty list, and nobody finds the typing error.",
    cites="RFC 9110 15.5.5",
    skills=SKILLS,
)
async def unknown_paths_are_not_found(world: Booking) -> None:
    for path in ("/nowhere", "/sailing", f"/{world.unique_name('x')}/1"):
        answer = await world.visitor().ask("GET", path, "opens a path that does not exist")
        expect(answer).status(404, because="the contract has no such path")


@check(
    title="Creating an account, a sailing or a reservation answers 201",
    aspect=Aspect.CONTRACT,
    stage=4,
    clause="G2",
    why=ONE_STATUS,
    cites="RFC 9110 15.3.2",
    skills=SKILLS,
)
async def creating_answers_created(world: Booking) -> None:
    expect(await world.register(world.new_account())).exactly(Meaning.CREATED)
    operator = await world.operator()
    answer = expect(await operator.open(world.sailing())).exactly(Meaning.CREATED)
    sailing = Sailing(answer.at("sailing", "id"), {}, {})
    expect(await operator.reserve(sailing)).exactly(Meaning.CREATED)


@check(
    title="A request without a token where one is needed answers 401",
    aspect=Aspect.CONTRACT,
    stage=2,
    clause="G3",
    why="On 401 the app shows the sign-in screen; on 403 it says that access is denied.",
    cites="RFC 9110 15.5.2",
    skills=("rest", "oauth-jwt"),
)
async def no_token_answers_unauthorized(world: Booking) -> None:
    because = "the request has no token"
    expect(await world.visitor().me()).exactly(Meaning.UNAUTHENTICATED, because=because)


@check(
    title="What belongs to somebody else answers 403",
    aspect=Aspect.CONTRACT,
    stage=4,
    clause="G3",
    why=ONE_STATUS,
    cites="RFC 9110 15.5.4",
    skills=("rest", "access-control"),
)
async def not_yours_answers_forbidden(world: Booking) -> None:
    sailing, owner = await world.open_sailing(), await world.shared_member()
    reservation = await owner.reserves(sailing)
    stranger = await world.shared_member()
    answer = await stranger.read(reservation)
    expect(answer).exactly(Meaning.FORBIDDEN, because="somebody else made the reservation")


@check(
    title="What is not there answers 404",
    aspect=Aspect.CONTRACT,
    stage=3,
    clause="G3",
    why=ONE_STATUS,
    cites="RFC 9110 15.5.5",
    skills=SKILLS,
)
async def not_there_answers_not_found(world: Booking) -> None:
    answer = await world.visitor().read(Sailing(NO_ID, {}, {}))
    expect(answer).exactly(Meaning.MISSING, because="there is no such sailing")


@check(
    title="What is taken answers 409",
    aspect=Aspect.CONTRACT,
    stage=2,
    clause="G3",
    why="On 409 the app says “somebody was faster”; on 422 it says that the form is wrong.",
    cites="RFC 9110 15.5.10",
    skills=SKILLS,
)
async def taken_answers_conflict(world: Booking) -> None:
    person = await world.sign_up()
    answer = await world.register(world.new_account(email=person.email))
    expect(answer).exactly(Meaning.TAKEN, because="the address is taken")


@check(
    title="Every answer says that it is JSON",
    aspect=Aspect.CONTRACT,
    stage=3,
    clause="G1",
    why="A client that is told `text/html` shows the answer as a page, or nothing at all.",
    cites="RFC 9110 8.3",
    skills=SKILLS,
)
async def answers_call_themselves_json(world: Booking) -> None:
    for answer in await _various_answers(world):
        kind = answer.response.header("content-type").partition(";")[0].strip().lower()
        expect(kind, message("Content-Type when {label}", label=answer.exchange.label)).equals(
            "application/json"
        )


@check(
    title="Every refusal says why, in one shape",
    aspect=Aspect.CONTRACT,
    stage=3,
    clause="G3",
    why="The app shows the reasons next to the fields; without them people do not know what to do.",
    skills=SKILLS,
)
async def refusals_say_why(world: Booking) -> None:
    for answer in await _various_answers(world):
        if answer.status < 400:
            continue
        errors = answer.at("errors")
        expect(errors, message("`errors` when {label}", label=answer.exchange.label)).satisfies(
            _is_object_of_lists, "an object of non-empty lists of texts"
        )


async def _various_answers(world: Booking) -> list[Answer]:
    """Return a success and one refusal of each kind."""
    visitor, traveller = world.visitor(), await world.sign_up()
    answers = [
        await visitor.list(),
        await visitor.me(),
        await world.log_in(traveller.email, world.password()),
        await world.register(world.new_account(name="")),
        await world.register(world.new_account(email=traveller.email)),
        await traveller.open(world.sailing()),
        await visitor.read(Sailing(NO_ID, {}, {})),
        await visitor.list(limit="x"),
        await visitor.ask("GET", "/nowhere", "opens a path that does not exist"),
    ]
    if world.asks(RESERVATION):
        nothing = Reservation(NO_ID, Sailing(NO_ID, {}, {}), {})
        answers.append(await traveller.read(nothing))
    return answers


def _is_object_of_lists(errors: object) -> bool:
    return (
        isinstance(errors, dict)
        and bool(errors)
        and all(
            isinstance(why, list) and why and all(isinstance(each, str) for each in why)
            for why in errors.values()
        )
    )
