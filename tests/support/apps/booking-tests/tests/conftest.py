"""People who use the booking server: each is new, and so is what they make."""

import os
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

BASE_URL = os.environ["BASE_URL"].rstrip("/")
PASSWORD = "correct horse battery"


def new_email() -> str:
    return f"{uuid.uuid4().hex}@example.com"


def departure(days: int = 30) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass
class Person:
    """Somebody at the server, signed in or not."""

    http: httpx.Client
    token: str = ""
    email: str = ""

    def ask(self, method: str, path: str, body: Any = None, **options: Any) -> httpx.Response:
        headers = dict(options.pop("headers", {}))
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        if body is not None:
            options["json"] = body
        return self.http.request(method, path, headers=headers, **options)

    def get(self, path: str, **params: Any) -> httpx.Response:
        return self.ask("GET", path, params=params)

    def register(self, **fields: Any) -> httpx.Response:
        account = {"name": "Ada", "email": new_email(), "password": PASSWORD} | fields
        return self.ask("POST", "/accounts", {"account": account})

    def login(self, email: str, password: str = PASSWORD) -> httpx.Response:
        return self.ask("POST", "/login", {"account": {"email": email, "password": password}})

    def open_sailing(self, **fields: Any) -> httpx.Response:
        sailing = {"from": "Dagebüll", "to": "Föhr", "departsAt": departure(), "seats": 50}
        return self.ask("POST", "/sailings", {"sailing": sailing | {"price": 1250} | fields})

    def reserve(self, sailing: int, seats: int = 2, **options: Any) -> httpx.Response:
        key = options.pop("key", "")
        headers = {"Idempotency-Key": key} if key else {}
        body = {"reservation": {"seats": seats} | options}
        return self.ask("POST", f"/sailings/{sailing}/reservations", body, headers=headers)

    def held(self, sailing: int, seats: int = 2, **options: Any) -> dict[str, Any]:
        answer = self.reserve(sailing, seats, **options)
        assert answer.status_code == 201, answer.text
        return answer.json()["reservation"]

    def pay(self, reservation: dict[str, Any], amount: int | None = None) -> httpx.Response:
        amount = reservation["total"] if amount is None else amount
        body = {"payment": {"amount": amount}}
        return self.ask("POST", f"/reservations/{reservation['id']}/payment", body)

    def cancel(self, reservation: dict[str, Any]) -> httpx.Response:
        return self.ask("POST", f"/reservations/{reservation['id']}/cancellation")

    def seats_left(self, sailing: int) -> int:
        return self.get(f"/sailings/{sailing}").json()["sailing"]["seatsLeft"]


@pytest.fixture(scope="session")
def http():
    with httpx.Client(base_url=f"{BASE_URL}/api", timeout=10) as client:
        yield client


@pytest.fixture
def anyone(http) -> Person:
    return Person(http)


@pytest.fixture(scope="session")
def sign_up(http):
    def make(**fields: Any) -> Person:
        answer = Person(http).register(**fields)
        assert answer.status_code == 201, answer.text
        account = answer.json()["account"]
        return Person(http, account["token"], account["email"])

    return make


@pytest.fixture(scope="session")
def operator(sign_up) -> Person:
    return sign_up(operatorCode="ahoy")


@pytest.fixture(scope="session")
def traveller(sign_up) -> Person:
    """Somebody whose account no test changes, and whose reservations no test counts."""
    return sign_up()


@pytest.fixture
def new_sailing(operator):
    def make(**fields: Any) -> int:
        answer = operator.open_sailing(**fields)
        assert answer.status_code == 201, answer.text
        return answer.json()["sailing"]["id"]

    return make


@pytest.fixture
def port() -> str:
    return f"Port {uuid.uuid4().hex}"


def is_refused(answer: httpx.Response, status: int) -> bool:
    """Whether the answer is a refusal with this status, in the shape of G3."""
    assert answer.status_code == status, answer.text[:500]
    assert answer.headers["Content-Type"].startswith("application/json")
    errors = answer.json()["errors"]
    assert errors and all(isinstance(each, list) and each for each in errors.values())
    return True
