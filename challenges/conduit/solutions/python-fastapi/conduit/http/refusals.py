"""Refusals: raised anywhere, answered in the one shape that the contract knows (G3)."""


class Refusal(Exception):
    """A request that is not granted: an HTTP status, a field or topic, and what is wrong."""

    def __init__(self, status: int, topic: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.topic = topic
        self.message = message


def unknown_asker(message: str = "is missing or not valid, please sign in") -> Refusal:
    return Refusal(401, "token", message)


def wrong_credentials() -> Refusal:
    """The same words whether the address or the password is wrong (A4)."""
    return Refusal(401, "email or password", "is not right")


def not_yours(thing: str) -> Refusal:
    return Refusal(403, thing, "belongs to someone else")


def not_found(thing: str) -> Refusal:
    return Refusal(404, thing, "does not exist")


def invalid(field: str, message: str) -> Refusal:
    return Refusal(422, field, message)
