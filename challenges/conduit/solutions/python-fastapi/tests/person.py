"""Somebody who uses Conduit."""

import secrets
from dataclasses import dataclass
from typing import Any

import httpx

PASSWORD = "correct horse"


@dataclass
class Person:
    http: httpx.Client
    name: str
    token: str

    @classmethod
    def register(cls, http: httpx.Client, name: str | None = None) -> "Person":
        name = name or secrets.token_hex(6)
        user = {"username": name, "email": f"{secrets.token_hex(6)}@x.de", "password": PASSWORD}
        answer = http.post("/users", json={"user": user})
        assert answer.status_code == 201, answer.text
        return cls(http, name, answer.json()["user"]["token"])

    def ask(self, method: str, path: str, body: Any = None) -> httpx.Response:
        headers = {"Authorization": f"Token {self.token}"}
        return self.http.request(method, path, json=body, headers=headers)

    def publish(self, title: str | None = None, **fields: Any) -> dict[str, Any]:
        article = {"title": title or secrets.token_hex(6), "description": "d", "body": "b"}
        answer = self.ask("POST", "/articles", {"article": {**article, **fields}})
        assert answer.status_code == 201, answer.text
        published: dict[str, Any] = answer.json()["article"]
        return published
