"""The way of a reservation, asked of the app without starting a server."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import httpx

from booking.app import create_app
from booking.settings import Settings, database_url

SETTINGS = Settings(database_url(), jwt_secret=secrets.token_hex(32))


class Person:
    """Somebody with an account."""

    def __init__(self, client: httpx.AsyncClient, token: str) -> None:
        self.client = client
        self.headers = {"Authorization": f"Bearer {token}"}

    async def post(self, path: str, body: object = None) -> httpx.Response:
        return await self.client.post(path, json=body, headers=self.headers)

    async def reserve(self, sailing_id: int, seats: int) -> httpx.Response:
        path = f"/sailings/{sailing_id}/reservations"
        return await self.post(path, {"reservation": {"seats": seats}})


@asynccontextmanager
async def running_app() -> AsyncIterator[httpx.AsyncClient]:
    app = create_app(SETTINGS)
    transport = httpx.ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://booking/api") as client,
    ):
        yield client


async def sign_up(client: httpx.AsyncClient, **fields: str) -> Person:
    email = f"{secrets.token_hex(8)}@example.com"
    account = {"name": "Inge", "email": email, "password": "correct horse", **fields}
    answer = await client.post("/accounts", json={"account": account})
    assert answer.status_code == 201
    return Person(client, answer.json()["account"]["token"])


async def open_sailing(operator: Person, seats: int) -> int:
    sailing = {"from": "Dagebüll", "to": "Föhr", "departsAt": "2999-01-01T08:00:00Z"}
    answer = await operator.post("/sailings", {"sailing": {**sailing, "seats": seats, "price": 1250}})
    assert answer.status_code == 201
    return int(answer.json()["sailing"]["id"])


def in_app(story: Callable[[httpx.AsyncClient], Awaitable[None]]) -> None:
    async def run() -> None:
        async with running_app() as client:
            await story(client)

    asyncio.run(run())


def test_reservation_is_paid_once_and_cancelled_once() -> None:
    async def story(client: httpx.AsyncClient) -> None:
        operator = await sign_up(client, operatorCode=SETTINGS.operator_code)
        sailing_id, traveller = await open_sailing(operator, 5), await sign_up(client)
        held = (await traveller.reserve(sailing_id, 2)).json()["reservation"]
        path = f"/reservations/{held['id']}"
        for _ in range(2):
            paid = await traveller.post(f"{path}/payment", {"payment": {"amount": 2500}})
            assert paid.json()["reservation"]["charged"] == 2500
        for _ in range(2):
            cancelled = await traveller.post(f"{path}/cancellation")
            assert cancelled.json()["reservation"]["refunded"] == 2500
        sailing = (await client.get(f"/sailings/{sailing_id}")).json()["sailing"]
        assert sailing["seatsLeft"] == 5

    in_app(story)


def test_crowd_gets_only_the_seats_that_there_are() -> None:
    async def story(client: httpx.AsyncClient) -> None:
        operator = await sign_up(client, operatorCode=SETTINGS.operator_code)
        sailing_id, traveller = await open_sailing(operator, 10), await sign_up(client)
        answers = await asyncio.gather(*(traveller.reserve(sailing_id, 1) for _ in range(50)))
        assert sorted(answer.status_code for answer in answers) == [201] * 10 + [409] * 40

    in_app(story)


def test_reservation_of_someone_else_is_refused() -> None:
    async def story(client: httpx.AsyncClient) -> None:
        operator = await sign_up(client, operatorCode=SETTINGS.operator_code)
        owner, stranger = await sign_up(client), await sign_up(client)
        held = (await owner.reserve(await open_sailing(operator, 1), 1)).json()["reservation"]
        answer = await stranger.post(f"/reservations/{held['id']}/cancellation")
        assert answer.status_code == 403

    in_app(story)
