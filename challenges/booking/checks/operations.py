"""The operations of the contract, and the stage of the brief that asks for each."""

from __future__ import annotations

from worksample.checks import StagedOperation

LIST_SAILINGS = StagedOperation("listSailings", 1)
REGISTER = StagedOperation("register", 2)
LOGIN = StagedOperation("login", 2)
CURRENT_ACCOUNT = StagedOperation("currentAccount", 2)
UPDATE_ACCOUNT = StagedOperation("updateAccount", 2)
OPEN_SAILING = StagedOperation("openSailing", 3)
SAILING = StagedOperation("sailing", 3)
RESERVE = StagedOperation("reserve", 4)
LIST_RESERVATIONS = StagedOperation("listReservations", 4)
RESERVATION = StagedOperation("reservation", 4)
PAY = StagedOperation("pay", 5)
CANCEL = StagedOperation("cancel", 5)

#: Those that take a JSON body.
WITH_BODY = (REGISTER, LOGIN, UPDATE_ACCOUNT, OPEN_SAILING, RESERVE, PAY)
ALL = (
    *WITH_BODY, LIST_SAILINGS, CURRENT_ACCOUNT, SAILING, LIST_RESERVATIONS, RESERVATION, CANCEL,
)  # fmt: skip
