"""An exchange as a check reads it: status by meaning, JSON by path."""

from __future__ import annotations

import re
from typing import Any

from worksample.checks.dialect import Dialect
from worksample.checks.formatting import describe_exchange, shorten
from worksample.checks.model import Finding
from worksample.checks.outcome import CheckFailed
from worksample.probes.exchange import Exchange, Response

_WORD = re.compile(r"[A-Za-z]{1,20}")


class Answer:
    """What the target answered, seen through the dialect that it speaks."""

    __slots__ = ("_json", "dialect", "exchange")

    def __init__(self, exchange: Exchange, dialect: Dialect) -> None:
        self.exchange = exchange
        self.dialect = dialect
        self._json: Any = None

    @property
    def status(self) -> int:
        """The status code, or 0 when no answer came."""
        return self.exchange.status

    @property
    def response(self) -> Response:
        """The response; raises `CheckFailed` when none came."""
        if self.exchange.response is None:
            raise self.failure("an answer", describe_exchange(self.exchange))
        return self.exchange.response

    def json(self) -> Any:
        """Return the body as JSON; raise `CheckFailed` when it is none."""
        if self._json is None:
            try:
                self._json = self.response.json()
            except ValueError:
                raise self.failure("a JSON body", _body_in_words(self.response)) from None
        return self._json

    def at(self, *path: str | int) -> Any:
        """Return the JSON value at `path` (keys and indices); raise `CheckFailed` when it is absent."""
        value = self.json()
        for depth, step in enumerate(path):
            try:
                value = value[step]
            except (KeyError, IndexError, TypeError):
                wanted = ".".join(map(str, path[: depth + 1]))
                raise self.failure(f"`{wanted}` in the answer", shorten(self.json())) from None
        return value

    def each(self, name: str, *path: str | int) -> list[Any]:
        """Return the value at `path` in every element of the list `name`; raise `CheckFailed` if absent.

        `answer.each("articles", "author", "username")` gives the authors' names in order.
        """
        elements = self.at(name)
        if not isinstance(elements, list):
            raise self.failure(f"`{name}` to be a list", shorten(elements))
        return [self.at(name, index, *path) for index in range(len(elements))]

    def failure(self, expected: str, actual: str, because: str = "", hint: str = "") -> CheckFailed:
        """Build the `CheckFailed` that blames this very exchange."""
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


#: Answers that say "not here": one operation that is missing answers every check with them.
_NOT_HERE = (404, 405, 501)


def cause_of(exchange: Exchange) -> str:
    """Return the key that groups findings by what broke: a 5xx or trouble of one operation."""
    if exchange.trouble is not None:
        return f"{exchange.trouble}"
    if exchange.status >= 500:
        return f"{operation_of(exchange)} {exchange.status}"
    return ""


def operation_of(exchange: Exchange) -> str:
    """Return method and path, `*` for what is no plain word (a slug, an id): `GET articles/*`."""
    path = exchange.request.target.partition("?")[0].strip("/")
    shape = "/".join(part if _WORD.fullmatch(part) else "*" for part in path.split("/")[:6])
    return f"{exchange.request.method} {shape}"


def _body_in_words(response: Response) -> str:
    if not response.body:
        return f"{response.status} with an empty body"
    kind = response.header("content-type", "no content type")
    return f"{response.status} ({kind}): {shorten(response.body)}"
