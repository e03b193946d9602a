"""What is sent to and from the reservation endpoints."""

from typing import Annotated, Any, Literal

from fastapi import Header
from pydantic import BaseModel, Field

from booking.http.answers import Answer, Time

Status = Literal["held", "paid", "cancelled", "expired"]
IdempotencyKey = Annotated[
    str | None, Header(alias="Idempotency-Key", pattern="^[!-~]{1,100}$")
]


class NewReservation(BaseModel):
    seats: Annotated[int, Field(strict=True, ge=1, le=9)]
    hold_seconds: Annotated[int, Field(alias="holdSeconds", strict=True, ge=1, le=900)] = 900


class NewReservationBody(BaseModel):
    reservation: NewReservation


class Payment(BaseModel):
    amount: Annotated[int, Field(strict=True, ge=1)]


class PaymentBody(BaseModel):
    payment: Payment


class ReservedSailing(Answer):
    id: int
    from_port: Annotated[str, Field(alias="from")]
    to_port: Annotated[str, Field(alias="to")]
    departs_at: Time


class Reservation(Answer):
    id: int
    sailing: ReservedSailing
    seats: int
    total: int
    status: Status
    charged: int
    refunded: int
    created_at: Time
    expires_at: Time

    @classmethod
    def of(cls, row: dict[str, Any]) -> "Reservation":
        """From a row of the columns that the store selects."""
        sailing = ReservedSailing(
            id=row["sailing_id"],
            from_port=row["from_port"],
            to_port=row["to_port"],
            departs_at=row["departs_at"],
        )
        return cls(sailing=sailing, **{name: row[name] for name in _OWN_COLUMNS})


_OWN_COLUMNS = Reservation.model_fields.keys() - {"sailing"}


class ReservationAnswer(Answer):
    reservation: Reservation


class ReservationsAnswer(Answer):
    reservations: list[Reservation]
    reservations_count: int
