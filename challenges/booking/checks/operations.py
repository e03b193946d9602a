"""The operations of the contract, and the stage of the brief that asks for each."""

from __future__ import annotations

from worksample.checks import StagedOperation

LIST_SAILINGS = StagedOperation("listSailings", 1, "every-path-begins-with-api")
REGISTER = StagedOperation("register", 2, "registering-opens-an-account")
LOGIN = StagedOperation("login", 2, "an-address-signs-in-however-it-is-typed")
CURRENT_ACCOUNT = StagedOperation("currentAccount", 2, "registering-opens-an-account")
UPDATE_ACCOUNT = StagedOperation("updateAccount", 2, "a-change-touches-only-what-was-sent")
OPEN_SAILING = StagedOperation("openSailing", 3, "an-operator-opens-a-sailing")
SAILING = StagedOperation("sailing", 3, "an-operator-opens-a-sailing")
RESERVE = StagedOperation("reserve", 4, "a-reservation-holds-seats")
LIST_RESERVATIONS = StagedOperation("listReservations", 4, "ones-own-reservations-are-listed")
RESERVATION = StagedOperation("reservation", 4, "a-reservation-holds-seats")
PAY = StagedOperation("pay", 5, "paying-charges-the-total")
CANCEL = StagedOperation("cancel", 5, "cancelling-gives-seats-and-money-back")

#: Those that take a JSON body.
WITH_BODY = (REGISTER, LOGIN, UPDATE_ACCOUNT, OPEN_SAILING, RESERVE, PAY)
ALL = (
    *WITH_BODY, LIST_SAILINGS, CURRENT_ACCOUNT, SAILING, LIST_RESERVATIONS, RESERVATION, CANCEL,
)  # fmt: skip
