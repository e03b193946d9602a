"""Access control: who may do what (S1, B4, D1, A10, G3)."""

from __future__ import annotations

from worksample.checks import Answer, Aspect, check, expect

from ..world import Booking, Person, Reservation

OBJECTS = "OWASP API1:2023 Broken Object Level Authorization (CWE-639)"
FUNCTIONS = "OWASP API5:2023 Broken Function Level Authorization (CWE-285)"
AUTHENTICATION = "OWASP API2:2023 Broken Authentication (CWE-306)"
SKILLS = ("access-control", "security-practices")


@check(
    title="Our code makes an operator, a wrong one makes nothing",
    aspect=Aspect.SECURITY,
    stage=2,
    clause="A10",
    why="Whoever is an operator can open sailings that do not exist and sell them.",
    cites=FUNCTIONS,
    skills=SKILLS,
)
async def the_operator_code_makes_an_operator(world: Booking) -> None:
    account = world.new_account(operatorCode=world.operator_code)
    answer = expect(await world.register(account)).created()
    expect(answer.at("account", "role"), "the role").equals("operator")
    code = world.operator_code
    for wrong in (code + "x", code[:-1], code.upper() if code.islower() else code.lower()):
        account = world.new_account(operatorCode=wrong)
        expect(await world.register(account)).forbidden(because="the code is wrong")
        expect(await world.log_in(account["email"], account["password"])).bad_login(
            because="no account is made with a wrong code"
        )


@check(
    title="My account is shown and changed only with a token",
    aspect=Aspect.SECURITY,
    stage=2,
    clause="G3",
    why="Somebody else could change a name, or see an address.",
    cites=AUTHENTICATION,
    skills=SKILLS,
)
async def accounts_need_a_token(world: Booking) -> None:
    person = await world.own_member()
    for client in (world.visitor(), world.person("somebody", "no-token")):
        expect(await client.me()).unauthenticated(because="there is no valid token")
        expect(await client.change(name="theirs")).unauthenticated(
            because="there is no valid token"
        )
    me = expect(await person.me()).ok()
    expect(me.at("account", "name"), "the name").equals(person.name)


@check(
    title="Only operators open sailings",
    aspect=Aspect.SECURITY,
    stage=3,
    clause="D1",
    why="People would book boats that somebody made up.",
    cites=FUNCTIONS,
    skills=SKILLS,
)
async def only_operators_open_sailings(world: Booking) -> None:
    port, traveller = world.port(), await world.shared_member()
    expect(await traveller.open(world.sailing(from_=port))).forbidden(
        because="a traveller is no operator"
    )
    expect(await world.visitor().open(world.sailing(from_=port))).unauthenticated(
        because="there is no token"
    )
    listed = expect(await traveller.list(from_=port)).ok()
    expect(listed.at("sailings"), "the sailings of the port").equals([])
    expect(await (await world.operator()).open(world.sailing(from_=port))).created()


@check(
    title="Nothing about reservations is possible without a token",
    aspect=Aspect.SECURITY,
    stage=5,
    clause="G3",
    why="Somebody counts up the numbers in the address and reads where everybody travels.",
    cites=AUTHENTICATION,
    skills=SKILLS,
)
async def reservations_need_a_token(world: Booking) -> None:
    sailing, traveller = await world.open_sailing(), await world.shared_member()
    reservation = await traveller.reserves(sailing)
    visitor, because = world.visitor(), "there is no token"
    expect(await visitor.reserve(sailing)).unauthenticated(because=because)
    expect(await visitor.reservations()).unauthenticated(because=because)
    expect(await visitor.read(reservation)).unauthenticated(because=because)
    expect(await visitor.pay(reservation, reservation.total)).unauthenticated(because=because)
    expect(await visitor.cancel(reservation)).unauthenticated(because=because)
    await expect_untouched(traveller, reservation)


async def expect_untouched(owner: Person, reservation: Reservation) -> None:
    """Expect that the reservation is still held and not charged."""
    shown = await owner.sees(reservation)
    expect(shown.get("status"), "`status`").equals("held")
    expect(shown.get("charged"), "`charged`").equals(0)


@check(
    title="Nobody else reads my reservation, not even an operator",
    aspect=Aspect.SECURITY,
    stage=4,
    clause="B4",
    why="The man at the counter knows where people spend their weekends.",
    cites=OBJECTS,
    skills=SKILLS,
)
async def only_its_owner_reads_a_reservation(world: Booking) -> None:
    sailing, owner = await world.open_sailing(), await world.shared_member()
    reservation = await owner.reserves(sailing)
    for other in (await world.shared_member(), await world.operator()):
        answer = await other.read(reservation)
        expect(answer).forbidden(because="somebody else made the reservation")
    expect(await world.visitor().read(reservation)).unauthenticated(because="there is no token")
    expect(await owner.read(reservation)).ok()


@check(
    title="Nobody else pays or cancels my reservation",
    aspect=Aspect.SECURITY,
    stage=5,
    clause="B4",
    why="Somebody cancels the seats of others to get a seat on a full boat.",
    cites=OBJECTS,
    skills=SKILLS,
)
async def only_its_owner_pays_and_cancels(world: Booking) -> None:
    sailing, owner = await world.open_sailing(), await world.shared_member()
    reservation = await owner.reserves(sailing)
    for other in (await world.shared_member(), await world.operator()):
        for answer in await _tampering(other, reservation):
            expect(answer).forbidden(because="somebody else made the reservation")
    await expect_untouched(owner, reservation)


async def _tampering(other: Person, reservation: Reservation) -> list[Answer]:
    return [await other.cancel(reservation), await other.pay(reservation, reservation.total)]
