"""Refusals: raised anywhere, answered in the one shape that the contract knows (G3)."""


class Refusal(Exception):
    """A request that is not granted: an HTTP status, a field or topic, and what is wrong."""

    def __init__(self, status: int, topic: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.topic = topic
        self.message = message


def unauthorized(topic: str = "token", message: str = "is missing or not valid") -> Refusal:
    return Refusal(401, topic, message)


def forbidden(topic: str, message: str) -> Refusal:
    return Refusal(403, topic, message)


def not_found(thing: str) -> Refusal:
    return Refusal(404, thing, "does not exist")


def conflict(topic: str, message: str) -> Refusal:
    return Refusal(409, topic, message)


def invalid(field: str, message: str) -> Refusal:
    return Refusal(422, field, message)
