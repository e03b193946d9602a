"""Refusals: raised anywhere, answered in the one shape that the contract knows (G3)."""

from collections.abc import Mapping

from django.http import JsonResponse


class Refusal(Exception):
    """A request that is not granted: an HTTP status, a field or topic, and what is wrong."""

    def __init__(self, status: int, topic: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.topic = topic
        self.message = message


def unknown_asker() -> Refusal:
    return Refusal(401, "token", "is missing or not valid, please sign in")


def wrong_credentials() -> Refusal:
    """The same words whether the address or the password is wrong (A4)."""
    return Refusal(401, "email or password", "is not right")


def not_yours(thing: str) -> Refusal:
    return Refusal(403, thing, "belongs to someone else")


def not_found(thing: str) -> Refusal:
    return Refusal(404, thing, "does not exist")


def invalid(field: str, message: str) -> Refusal:
    return Refusal(422, field, message)


def refuse(
    status: int, errors: Mapping[str, list[str]], headers: Mapping[str, str] | None = None
) -> JsonResponse:
    """The answer in the contract's shape: `{"errors": {topic: [message]}}`."""
    return JsonResponse({"errors": errors}, status=status, headers=dict(headers or {}))
