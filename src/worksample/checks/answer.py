"""`Answer`: an exchange as a check reads it, with JSON access by path."""

from __future__ import annotations

from typing import Any

from worksample.checks.dialect import Dialect
from worksample.checks.formatting import describe_exchange, shorten
from worksample.checks.model import Finding
from worksample.checks.outcome import CheckFailed
from worksample.checks.request_kinds import pattern_of
from worksample.messages import message
from worksample.probes.exchange import Exchange, Response


class Answer:
    """The target's response to one request (or its absence), read in the target's dialect.

    `exchange` holds the raw request and response, `dialect` maps statuses to meanings.
    """

    __slots__ = ("_json", "dialect", "exchange")

    def __init__(self, exchange: Exchange, dialect: Dialect) -> None:
        self.exchange = exchange
        self.dialect = dialect
        self._json: Any = None

    @property
    def status(self) -> int:
        """The status code, or 0 if there was no response."""
        return self.exchange.status

    @property
    def response(self) -> Response:
        """The response; raises `CheckFailed` if there was none."""
        if self.exchange.response is None:
            raise self.failure("a response", describe_exchange(self.exchange))
        return self.exchange.response

    def json(self) -> Any:
        """Return the parsed JSON body; raise `CheckFailed` if the body is not JSON."""
        if self._json is None:
            try:
                self._json = self.response.json()
            except ValueError:
                raise self.failure("a JSON body", _describe_body(self.response)) from None
        return self._json

    def at(self, *path: str | int) -> Any:
        """Return the JSON value at `path` (object keys and list indices).

        Raises `CheckFailed` if the body is not JSON or has no such value.
        """
        value = self.json()
        for depth, step in enumerate(path):
            try:
                value = value[step]
            except (KeyError, IndexError, TypeError):
                missing = ".".join(map(str, path[: depth + 1]))
                expected = message("`{field}` in the response", field=missing)
                raise self.failure(expected, shorten(self.json())) from None
        return value

    def each(self, name: str, *path: str | int) -> list[Any]:
        """Return the value at `path` in every element of the list `name`, in order.

        `answer.each("articles", "author", "username")` returns the authors' names. Raises
        `CheckFailed` if `name` is not a list or an element has no such value.
        """
        elements = self.at(name)
        if not isinstance(elements, list):
            raise self.failure(message("`{field}` is a list", field=name), shorten(elements))
        return [self.at(name, index, *path) for index in range(len(elements))]

    def failure(self, expected: str, actual: str, because: str = "", hint: str = "") -> CheckFailed:
        """Return a `CheckFailed` whose finding names this exchange as the culprit."""
        cause = cause_of(self.exchange)
        return CheckFailed(
            Finding(
                expected=expected,
                actual=actual,
                because=because,
                exchanges=(self.exchange,),
                culprit=0,
                hint=hint,
                cause=cause,
            )
        )

    def __repr__(self) -> str:
        return f"<Answer {describe_exchange(self.exchange)}>"


def cause_of(exchange: Exchange) -> str:
    """Return the key that groups findings by cause: a transport error, or one operation's 5xx.

    Empty if the exchange shows neither.
    """
    if exchange.trouble is not None:
        return f"{exchange.trouble}"
    if exchange.status >= 500:
        return f"{pattern_of(exchange.request)} {exchange.status}"
    return ""


def _describe_body(response: Response) -> str:
    if not response.body:
        return message("{status} with an empty body", status=response.status)
    kind = response.header("content-type", "no content type")
    return f"{response.status} ({kind}): {shorten(response.body)}"
