"""`limit` and `offset` (L3, L5, W2)."""

from typing import Annotated

from fastapi import Query
from pydantic import AfterValidator

MAX_PAGE = 100
# What PostgreSQL can count to.
MAX_BIGINT = 2**63 - 1

Limit = Annotated[int, Query(ge=1), AfterValidator(lambda limit: min(limit, MAX_PAGE))]
Offset = Annotated[int, Query(ge=0, le=MAX_BIGINT)]
