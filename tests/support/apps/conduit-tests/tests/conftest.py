"""People who use Conduit: each is new, and so is what they write."""

import os
import re
import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

import httpx
import pytest

BASE_URL = os.environ["BASE_URL"].rstrip("/")
PASSWORD = "correct horse battery"
PROFILE = {"username", "bio", "image", "following"}
ARTICLE = {
    "slug", "title", "description", "tagList", "createdAt", "updatedAt", "favorited",
    "favoritesCount", "author",
}  # fmt: skip
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|\+00:00)")


def new_name() -> str:
    return f"p{uuid.uuid4().hex}"


@dataclass
class Person:
    """Somebody at the server, signed in or not."""

    http: httpx.Client
    token: str = ""
    username: str = ""
    email: str = ""

    def ask(self, method: str, path: str, body: Any = None, **options: Any) -> httpx.Response:
        headers = dict(options.pop("headers", {}))
        if self.token:
            headers["Authorization"] = f"Token {self.token}"
        if body is not None:
            options["json"] = body
        return self.http.request(method, path, headers=headers, **options)

    def get(self, path: str, **params: Any) -> httpx.Response:
        return self.ask("GET", path, params=params)

    def register(self, **fields: Any) -> httpx.Response:
        name = new_name()
        user = {"username": name, "email": f"{name}@example.com", "password": PASSWORD} | fields
        return self.ask("POST", "/users", {"user": user})

    def login(self, email: str, password: str = PASSWORD) -> httpx.Response:
        return self.ask("POST", "/users/login", {"user": {"email": email, "password": password}})

    def change(self, **fields: Any) -> httpx.Response:
        return self.ask("PUT", "/user", {"user": fields})

    def profile(self, username: str) -> dict[str, Any]:
        answer = self.get(f"/profiles/{quote(username, safe='')}")
        assert answer.status_code == 200, answer.text
        return answer.json()["profile"]

    def follow(self, username: str, method: str = "POST") -> httpx.Response:
        return self.ask(method, f"/profiles/{quote(username, safe='')}/follow")

    def publish(self, **fields: Any) -> httpx.Response:
        article = {"title": f"On {uuid.uuid4().hex}", "description": "Why", "body": "Because"}
        return self.ask("POST", "/articles", {"article": article | fields})

    def published(self, **fields: Any) -> dict[str, Any]:
        answer = self.publish(**fields)
        assert answer.status_code == 201, answer.text
        return answer.json()["article"]

    def read(self, slug: str) -> dict[str, Any]:
        answer = self.get(f"/articles/{slug}")
        assert answer.status_code == 200, answer.text
        return answer.json()["article"]

    def edit(self, slug: str, /, **fields: Any) -> httpx.Response:
        return self.ask("PUT", f"/articles/{slug}", {"article": fields})

    def delete(self, slug: str) -> httpx.Response:
        return self.ask("DELETE", f"/articles/{slug}")

    def favorite(self, slug: str, method: str = "POST") -> httpx.Response:
        return self.ask(method, f"/articles/{slug}/favorite")

    def comment(self, slug: str, body: Any = "Well said") -> httpx.Response:
        return self.ask("POST", f"/articles/{slug}/comments", {"comment": {"body": body}})

    def commented(self, slug: str, body: str = "Well said") -> dict[str, Any]:
        answer = self.comment(slug, body)
        assert answer.status_code == 201, answer.text
        return answer.json()["comment"]

    def comments(self, slug: str) -> list[dict[str, Any]]:
        answer = self.get(f"/articles/{slug}/comments")
        assert answer.status_code == 200, answer.text
        return answer.json()["comments"]

    def uncomment(self, slug: str, number: Any) -> httpx.Response:
        return self.ask("DELETE", f"/articles/{slug}/comments/{number}")

    def list(self, path: str = "/articles", **params: Any) -> tuple[list[str], int]:
        """Return the slugs on a page, and the count."""
        answer = self.get(path, **params)
        assert answer.status_code == 200, answer.text
        page = answer.json()
        assert set(page) == {"articles", "articlesCount"}
        return [each["slug"] for each in page["articles"]], page["articlesCount"]


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
        user = answer.json()["user"]
        return Person(http, user["token"], user["username"], user["email"])

    return make


@pytest.fixture(scope="session")
def reader(sign_up) -> Person:
    """Somebody whose account no test changes, and who follows nobody."""
    return sign_up()


@pytest.fixture(scope="session")
def writer(sign_up) -> Person:
    """Somebody whose account no test changes, and whose articles no test counts."""
    return sign_up()


@pytest.fixture
def article(writer) -> dict[str, Any]:
    return writer.published(tagList=["b", "a"])


@pytest.fixture
def tag() -> str:
    return f"t{uuid.uuid4().hex}"


def is_refused(answer: httpx.Response, *statuses: int) -> bool:
    """Whether the answer is a refusal with one of these statuses, in the shape of G3."""
    assert answer.status_code in statuses, f"{answer.status_code}: {answer.text[:500]}"
    assert answer.headers["Content-Type"].startswith("application/json")
    assert set(answer.json()) == {"errors"}
    errors = answer.json()["errors"]
    assert errors and all(isinstance(each, list) and each for each in errors.values())
    assert all(isinstance(text, str) and text for each in errors.values() for text in each)
    return True


def moment(text: str) -> datetime:
    assert TIME.fullmatch(text), text
    return datetime.fromisoformat(text)
