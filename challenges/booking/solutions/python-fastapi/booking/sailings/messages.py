"""What is sent to and from the sailing endpoints."""

import re
from datetime import UTC, datetime
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, Field, ValidationInfo, field_validator

from booking.http.answers import Answer, Time
from booking.http.inputs import Name

_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|\+00:00)", re.ASCII)


def _future(value: object) -> datetime:
    """Read a time in UTC, to the millisecond that answers show."""
    if not isinstance(value, str) or not _TIME.fullmatch(value):
        raise ValueError("must be a time such as 2026-03-14T15:09:26Z")
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise ValueError("is not a time that exists") from None
    if moment <= datetime.now(UTC):
        raise ValueError("must lie in the future")
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


class NewSailing(BaseModel):
    from_port: Annotated[Name, Field(alias="from")]
    to_port: Annotated[Name, Field(alias="to")]
    departs_at: Annotated[datetime, BeforeValidator(_future), Field(alias="departsAt")]
    seats: Annotated[int, Field(strict=True, ge=1, le=5_000)]
    price: Annotated[int, Field(strict=True, ge=1, le=1_000_000)]

    @field_validator("to_port")
    @classmethod
    def _goes_somewhere(cls, to_port: str, info: ValidationInfo) -> str:
        if to_port == info.data.get("from_port"):
            raise ValueError("must be another port")
        return to_port


class NewSailingBody(BaseModel):
    sailing: NewSailing


class Sailing(Answer):
    id: int
    from_port: Annotated[str, Field(alias="from")]
    to_port: Annotated[str, Field(alias="to")]
    departs_at: Time
    seats: int
    seats_left: int
    price: int


class SailingAnswer(Answer):
    sailing: Sailing


class SailingsAnswer(Answer):
    sailings: list[Sailing]
    sailings_count: int
