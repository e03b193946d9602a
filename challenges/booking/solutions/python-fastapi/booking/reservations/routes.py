"""The reservation endpoints."""

from typing import Annotated

from fastapi import APIRouter, Depends

from booking.accounts.asking import Db, Me
from booking.http.inputs import Id, Limit, Offset, json_body
from booking.reservations import reading, writing
from booking.reservations.messages import (
    IdempotencyKey,
    NewReservationBody,
    PaymentBody,
    ReservationAnswer,
    ReservationsAnswer,
    Status,
)

router = APIRouter()


@router.post("/sailings/{sailing_id}/reservations", status_code=201)
async def reserve(
    me: Me,
    sailing_id: Id,
    body: Annotated[NewReservationBody, Depends(json_body(NewReservationBody))],
    db: Db,
    key: IdempotencyKey = None,
) -> ReservationAnswer:
    reservation = await db.transaction(writing.reserve, sailing_id, me.id, body.reservation, key)
    return ReservationAnswer(reservation=reservation)


@router.get("/reservations")
async def list_reservations(
    me: Me, db: Db, status: Status | None = None, limit: Limit = 20, offset: Offset = 0
) -> ReservationsAnswer:
    return await db.read(reading.list_own, me.id, status, limit, offset)


@router.get("/reservations/{reservation_id}")
async def read_reservation(me: Me, reservation_id: Id, db: Db) -> ReservationAnswer:
    return ReservationAnswer(reservation=await db.read(reading.read, reservation_id, me.id))


@router.post("/reservations/{reservation_id}/payment")
async def pay(
    me: Me,
    reservation_id: Id,
    body: Annotated[PaymentBody, Depends(json_body(PaymentBody))],
    db: Db,
) -> ReservationAnswer:
    reservation = await db.transaction(writing.pay, reservation_id, me.id, body.payment.amount)
    return ReservationAnswer(reservation=reservation)


@router.post("/reservations/{reservation_id}/cancellation")
async def cancel(me: Me, reservation_id: Id, db: Db) -> ReservationAnswer:
    return ReservationAnswer(reservation=await db.transaction(writing.cancel, reservation_id, me.id))
