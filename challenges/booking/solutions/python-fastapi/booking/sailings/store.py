"""Sailings in the database: one statement each to open, read and list (W1)."""

from collections.abc import Mapping

from booking.database import Connection
from booking.http.refusals import not_found
from booking.sailings.messages import NewSailing, Sailing, SailingsAnswer

# The sailing is `s`. Overdue holds still count as taken until the next write, so they are added.
_COLUMNS = """
    s.id, s.from_port, s.to_port, s.departs_at, s.seats, s.price,
    s.seats - s.seats_taken + COALESCE((
        SELECT sum(r.seats) FROM reservations r
        WHERE r.sailing_id = s.id AND r.status = 'held' AND r.expires_at <= statement_timestamp()
    ), 0) AS seats_left
"""


async def add(conn: Connection, new: NewSailing) -> Sailing:
    cursor = await conn.execute(
        f"""
        INSERT INTO sailings AS s (from_port, to_port, departs_at, seats, price)
        VALUES (%(from_port)s, %(to_port)s, %(departs_at)s, %(seats)s, %(price)s)
        RETURNING {_COLUMNS}
        """,
        new.model_dump(),
    )
    row = await cursor.fetchone()
    assert row is not None
    return Sailing(**row)


async def read(conn: Connection, sailing_id: int) -> Sailing:
    """One sailing; refused with 404 if there is none."""
    cursor = await conn.execute(
        f"SELECT {_COLUMNS} FROM sailings s WHERE s.id = %s", [sailing_id]
    )
    row = await cursor.fetchone()
    if row is None:
        raise not_found("sailing")
    return Sailing(**row)


async def list_next(
    conn: Connection, from_port: str | None, to_port: str | None, limit: int, offset: int
) -> SailingsAnswer:
    """A page and the count of all that match, in one statement: both see the same moment."""
    filters = {"from_port": from_port, "to_port": to_port}
    given = {name: value for name, value in filters.items() if value is not None}
    cursor = await conn.execute(_page_query(given), {**given, "limit": limit, "offset": offset})
    rows = await cursor.fetchall()
    return SailingsAnswer(
        sailings=[Sailing(**row) for row in rows if row["id"] is not None],
        sailings_count=rows[0]["total"],
    )


def _page_query(given: Mapping[str, str]) -> str:
    """The total stands beside every row, and alone when the page is empty.

    What is filtered is found once, by the filter's index, for total and page: left to guess how
    soon a page fills, PostgreSQL may walk through all sailings for a rare port.
    """
    found = "MATERIALIZED" if given else "NOT MATERIALIZED"
    condition = " AND ".join(f"{name} = %({name})s" for name in given) or "true"
    return f"""
        WITH matching AS {found} (
            SELECT id, departs_at FROM sailings WHERE {condition}
        ), page AS (
            SELECT id FROM matching ORDER BY departs_at, id LIMIT %(limit)s OFFSET %(offset)s
        )
        SELECT counted.total, {_COLUMNS}
        FROM (SELECT count(*) AS total FROM matching) AS counted
        LEFT JOIN (page JOIN sailings s ON s.id = page.id) ON true
        ORDER BY s.departs_at, s.id
    """
