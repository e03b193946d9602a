"""How tests ask the server."""

import json
from typing import Any

from django.test import Client

PASSWORD = "a long enough password"


class Person:
    """Somebody who uses the API, signed in or not."""

    def __init__(self, token: str = "", username: str = "") -> None:
        self.client = Client()
        self.token, self.username = token, username

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """Send a request below /api; return the response."""
        headers = {"Authorization": f"Token {self.token}"} if self.token else {}
        data = "" if body is None else json.dumps(body)
        return self.client.generic(
            method, f"/api{path}", data, content_type="application/json", headers=headers
        )

    def get(self, path: str) -> Any:
        return self.ask("GET", path)

    def publish(self, title: str = "A title", **more: Any) -> dict[str, Any]:
        """Publish an article and return it."""
        article = {"title": title, "description": "About", "body": "Text", **more}
        answer = self.ask("POST", "/articles", {"article": article})
        assert answer.status_code == 201, answer.content
        return dict(answer.json()["article"])


def registered(username: str) -> Person:
    """A new member of this name."""
    user = {"username": username, "email": f"{username}@example.org", "password": PASSWORD}
    answer = Person().ask("POST", "/users", {"user": user})
    assert answer.status_code == 201, answer.content
    return Person(answer.json()["user"]["token"], username)
