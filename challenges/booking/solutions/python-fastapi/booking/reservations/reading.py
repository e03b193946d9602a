"""Reservations as their owner sees them: one statement for one, one for a page (W1)."""

from booking.database import Connection
from booking.http.refusals import forbidden, not_found
from booking.reservations.messages import Reservation, ReservationsAnswer

# The reservation is `r`. A hold whose time is over is expired, whatever is stored (H2).
STATUS = """
    CASE WHEN r.status = 'held' AND r.expires_at <= statement_timestamp()
        THEN 'expired' ELSE r.status END
"""

_COLUMNS = f"""
    r.id, r.account_id, r.sailing_id, r.seats, r.total, {STATUS} AS status,
    r.created_at, r.expires_at, s.from_port, s.to_port, s.departs_at,
    COALESCE((
        SELECT sum(amount) FROM payments WHERE reservation_id = r.id AND kind = 'charge'
    ), 0) AS charged,
    COALESCE((
        SELECT sum(amount) FROM payments WHERE reservation_id = r.id AND kind = 'refund'
    ), 0) AS refunded
"""


async def read(conn: Connection, reservation_id: int, account_id: int) -> Reservation:
    """A reservation of one's own; refused with 404 or 403 (B4)."""
    cursor = await conn.execute(
        f"""
        SELECT {_COLUMNS} FROM reservations r JOIN sailings s ON s.id = r.sailing_id
        WHERE r.id = %s
        """,
        [reservation_id],
    )
    row = await cursor.fetchone()
    if row is None:
        raise not_found("reservation")
    if row["account_id"] != account_id:
        raise forbidden("reservation", "belongs to someone else")
    return Reservation.of(row)


async def list_own(
    conn: Connection, account_id: int, status: str | None, limit: int, offset: int
) -> ReservationsAnswer:
    """A page and the count of all that match, in one statement: both see the same moment."""
    condition = "true" if status is None else f"{STATUS} = %(status)s"
    cursor = await conn.execute(
        f"""
        WITH matching AS (
            SELECT r.id FROM reservations r WHERE r.account_id = %(account_id)s AND {condition}
        ), page AS (
            SELECT id FROM matching ORDER BY id DESC LIMIT %(limit)s OFFSET %(offset)s
        )
        SELECT counted.count, {_COLUMNS}
        FROM (SELECT count(*) FROM matching) AS counted
        LEFT JOIN (
            page JOIN reservations r ON r.id = page.id JOIN sailings s ON s.id = r.sailing_id
        ) ON true
        ORDER BY r.id DESC
        """,
        {"account_id": account_id, "status": status, "limit": limit, "offset": offset},
    )
    rows = await cursor.fetchall()
    return ReservationsAnswer(
        reservations=[Reservation.of(row) for row in rows if row["id"] is not None],
        reservations_count=rows[0]["count"],
    )
