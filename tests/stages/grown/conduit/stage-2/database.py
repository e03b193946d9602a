"""The PostgreSQL database that DATABASE_URL names."""

import os
from typing import Any

from psycopg.rows import dict_row
from psycopg_pool import AsyncConnectionPool

pool = AsyncConnectionPool(os.environ["DATABASE_URL"], kwargs={"row_factory": dict_row}, open=False)


async def every(query: str, values: Any = ()) -> list[dict[str, Any]]:
    """Run one statement in a transaction of its own and return its rows."""
    async with pool.connection() as conn:
        cursor = await conn.execute(query, values)
        return await cursor.fetchall()


async def one(query: str, values: Any = ()) -> dict[str, Any] | None:
    """The first row of a statement, or None."""
    rows = await every(query, values)
    return rows[0] if rows else None
