"""How answers are written: camelCase names, times as ISO 8601 in UTC (G5)."""

from datetime import UTC, datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, PlainSerializer
from pydantic.alias_generators import to_camel


def _iso(moment: datetime) -> str:
    utc = moment.astimezone(UTC)
    return utc.isoformat(timespec="milliseconds").replace("+00:00", "Z")


Time = Annotated[datetime, PlainSerializer(_iso, return_type=str)]


class Answer(BaseModel):
    """Base of everything that is sent back."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, frozen=True)
