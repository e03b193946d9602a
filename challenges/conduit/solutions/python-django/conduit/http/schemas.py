"""How bodies are read and answers are written: camelCase names, times as ISO 8601 in UTC (G5)."""

from datetime import UTC, datetime
from typing import Annotated, Any, TypeVar

from django.http import HttpRequest
from ninja import Schema
from ninja.parser import Parser
from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, PlainSerializer
from pydantic.alias_generators import to_camel
from pydantic_core import from_json

MAX_PAGE = 100
# What PostgreSQL can count to.
MAX_BIGINT = 2**63 - 1


def _iso(moment: datetime) -> str:
    utc = moment.astimezone(UTC)
    return utc.isoformat(timespec="milliseconds").replace("+00:00", "Z")


Time = Annotated[datetime, PlainSerializer(_iso, return_type=str)]


def _an_object(value: Any) -> Any:
    if not isinstance(value, dict):
        raise ValueError("must be an object")
    return value


Sent = TypeVar("Sent")
# Ninja reads attributes of whatever was sent: a number has none, and would pass for an object in
# which everything was left out.
Object = Annotated[Sent, BeforeValidator(_an_object)]


class CamelSchema(Schema):
    """Base of everything that is sent to and from an endpoint."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)


class Page(Schema):
    """`limit` and `offset` (L3, L5, W2)."""

    limit: Annotated[int, Field(ge=1), AfterValidator(lambda limit: min(limit, MAX_PAGE))] = 20
    offset: Annotated[int, Field(ge=0, le=MAX_BIGINT)] = 0


class StrictParser(Parser):
    """Reads JSON with pydantic's parser, which refuses deep nesting and what is not text."""

    def parse_body(self, request: HttpRequest) -> Any:
        """The body as Python values; raises ValueError."""
        return from_json(request.body)
