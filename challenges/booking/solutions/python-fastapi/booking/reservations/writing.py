"""Reserve, pay, cancel. Each is a transaction that holds the row of the sailing.

Whoever changes the seats of a sailing waits for the one before, so that what is looked at is
still true when it is acted upon. Times are compared in statements after the lock was taken.
"""

from dataclasses import dataclass

from psycopg.errors import UniqueViolation

from booking.database import Connection
from booking.http.refusals import conflict, forbidden, invalid, not_found
from booking.reservations import reading
from booking.reservations.messages import NewReservation, Reservation


@dataclass(frozen=True)
class Held:
    """What must be known of a reservation to change it; its sailing is locked."""

    id: int
    sailing_id: int
    seats: int
    total: int
    status: str


async def reserve(
    conn: Connection, sailing_id: int, account_id: int, new: NewReservation, key: str | None
) -> Reservation:
    """Take seats; refused with 409 if too few are left (B2). Repeats by key are answered (B5)."""
    price = await _lock_sailing(conn, sailing_id)
    reservation_id = await _find_by_key(conn, account_id, key, sailing_id, new.seats)
    if reservation_id is None:
        await _release_overdue(conn, sailing_id)
        await _take_seats(conn, sailing_id, new.seats)
        reservation_id = await _insert(conn, sailing_id, account_id, new, price, key)
    return await reading.read(conn, reservation_id, account_id)


async def pay(conn: Connection, reservation_id: int, account_id: int, amount: int) -> Reservation:
    """Charge a held reservation; one that is paid already stays as it is (E1, E2)."""
    held = await _lock_own(conn, reservation_id, account_id)
    if amount != held.total:
        raise invalid("amount", f"must be {held.total}")
    if held.status in ("cancelled", "expired"):
        raise conflict("reservation", f"is {held.status}")
    if held.status == "held":
        await _set_status(conn, held, "paid")
        await _record(conn, held, "charge")
    return await reading.read(conn, reservation_id, account_id)


async def cancel(conn: Connection, reservation_id: int, account_id: int) -> Reservation:
    """Give seats and money back; one that is cancelled already stays as it is (X1, X2)."""
    held = await _lock_own(conn, reservation_id, account_id)
    if held.status == "expired":
        raise conflict("reservation", "is expired")
    if held.status != "cancelled":
        await _set_status(conn, held, "cancelled")
        await _take_seats(conn, held.sailing_id, -held.seats)
    if held.status == "paid":
        await _record(conn, held, "refund")
    return await reading.read(conn, reservation_id, account_id)


async def _lock_sailing(conn: Connection, sailing_id: int) -> int:
    """Hold the sailing until the transaction ends; gives its price."""
    cursor = await conn.execute(
        "SELECT price FROM sailings WHERE id = %s FOR NO KEY UPDATE", [sailing_id]
    )
    row = await cursor.fetchone()
    if row is None:
        raise not_found("sailing")
    return int(row["price"])


async def _lock_own(conn: Connection, reservation_id: int, account_id: int) -> Held:
    """The sailing is locked before the reservation is looked at, as everywhere."""
    cursor = await conn.execute(
        "SELECT account_id, sailing_id FROM reservations WHERE id = %s", [reservation_id]
    )
    row = await cursor.fetchone()
    if row is None:
        raise not_found("reservation")
    if row["account_id"] != account_id:
        raise forbidden("reservation", "belongs to someone else")
    await _lock_sailing(conn, row["sailing_id"])
    cursor = await conn.execute(
        f"""
        SELECT r.id, r.sailing_id, r.seats, r.total, {reading.STATUS} AS status
        FROM reservations r WHERE r.id = %s
        """,
        [reservation_id],
    )
    row = await cursor.fetchone()
    if row is None:
        raise not_found("reservation")
    return Held(**row)


async def _find_by_key(
    conn: Connection, account_id: int, key: str | None, sailing_id: int, seats: int
) -> int | None:
    """The reservation that this key made; refused with 422 if it was another one."""
    if key is None:
        return None
    cursor = await conn.execute(
        """
        SELECT id, sailing_id, seats FROM reservations
        WHERE account_id = %s AND idempotency_key = %s
        """,
        [account_id, key],
    )
    row = await cursor.fetchone()
    if row is None:
        return None
    if (row["sailing_id"], row["seats"]) != (sailing_id, seats):
        raise _key_used()
    return int(row["id"])


async def _release_overdue(conn: Connection, sailing_id: int) -> None:
    """Mark the overdue holds of a sailing as expired and free their seats (H2)."""
    await conn.execute(
        """
        WITH overdue AS (
            UPDATE reservations SET status = 'expired'
            WHERE sailing_id = %(id)s AND status = 'held' AND expires_at <= statement_timestamp()
            RETURNING seats
        )
        UPDATE sailings SET seats_taken = seats_taken - freed.seats
        FROM (SELECT sum(seats) AS seats FROM overdue) AS freed
        WHERE id = %(id)s AND freed.seats IS NOT NULL
        """,
        {"id": sailing_id},
    )


async def _take_seats(conn: Connection, sailing_id: int, seats: int) -> None:
    """Take seats, or give them back if negative; refused with 409 if too few are left."""
    cursor = await conn.execute(
        """
        UPDATE sailings SET seats_taken = seats_taken + %(taken)s
        WHERE id = %(id)s AND seats_taken + %(taken)s <= seats
        """,
        {"id": sailing_id, "taken": seats},
    )
    if cursor.rowcount == 0:
        raise conflict("seats", "are not left in this number")


async def _insert(
    conn: Connection,
    sailing_id: int,
    account_id: int,
    new: NewReservation,
    price: int,
    key: str | None,
) -> int:
    """Store a new hold; a key that another sailing took in the meantime is refused."""
    try:
        cursor = await conn.execute(
            """
            INSERT INTO reservations
                (account_id, sailing_id, seats, total, idempotency_key, expires_at)
            VALUES (%s, %s, %s, %s, %s, statement_timestamp() + %s * interval '1 second')
            RETURNING id
            """,
            [account_id, sailing_id, new.seats, new.seats * price, key, new.hold_seconds],
        )
    except UniqueViolation:
        raise _key_used() from None
    row = await cursor.fetchone()
    assert row is not None
    return int(row["id"])


async def _set_status(conn: Connection, held: Held, status: str) -> None:
    await conn.execute("UPDATE reservations SET status = %s WHERE id = %s", [status, held.id])


async def _record(conn: Connection, held: Held, kind: str) -> None:
    await conn.execute(
        "INSERT INTO payments (reservation_id, kind, amount) VALUES (%s, %s, %s)",
        [held.id, kind, held.total],
    )


def _key_used() -> Exception:
    return invalid("Idempotency-Key", "was used for another reservation")
