"""Password hashing blocks no other request (W3) and happens outside transactions (W5)."""

from __future__ import annotations

from functools import partial

from worksample.suites import password_hashing
from worksample.suites.account_requests import ChangingPassword, CheapRead, Registering, SigningIn

from ..operations import LOGIN, REGISTER, UPDATE_USER

TAGS = CheapRead("/tags", "reads the tags", "the-tags-in-use-are-listed-once")
readers = partial(password_hashing.hashing_does_not_hold_up_readers.declare, clause="W3", stage=7)
transactions = partial(
    password_hashing.no_transaction_is_open_while_hashing.declare, clause="W5", stage=7
)
CHECKS = [
    *readers(
        partial(SigningIn, beside=TAGS),
        id="signing-in-does-not-hold-up-readers",
        operations=(LOGIN,),
        title="Signing in does not hold up readers",
        why="Password hashes are slow on purpose. Computed on the event loop, twenty sign-ins "
        "block all other requests for a second or two.",
    ),
    *readers(
        partial(Registering, beside=TAGS),
        id="registering-does-not-hold-up-readers",
        operations=(REGISTER,),
        title="Registering does not hold up readers",
        why="When many people register at once, readers must not wait for their password hashes.",
    ),
    *transactions(
        partial(SigningIn, beside=TAGS),
        id="no-transaction-is-open-while-a-password-is-checked",
        operations=(LOGIN,),
        title="No transaction is open while a password is checked",
        why="Each sign-in then occupies a pooled connection while it hashes: ten sign-ins at once, "
        "and no other request gets a connection.",
    ),
    *transactions(
        partial(Registering, beside=TAGS),
        id="no-transaction-is-open-while-registering",
        operations=(REGISTER,),
        title="No transaction is open while the password of a new account is hashed",
    ),
    *transactions(
        partial(ChangingPassword, beside=TAGS),
        id="no-transaction-is-open-while-a-password-is-changed",
        operations=(UPDATE_USER,),
        title="No transaction is open while a changed password is hashed",
        why="The row of the account is often locked by then: other requests of the same account "
        "wait.",
    ),
]
