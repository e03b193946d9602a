"""Stored passwords: hashed with a salt, by a slow function (S4)."""

from __future__ import annotations

from worksample.checks import Words
from worksample.suites import stored_passwords

from ..booking_accounts import BookingAccounts
from ..operations import REGISTER, UPDATE_ACCOUNT

CHECKS = stored_passwords.SUITE.checks(
    BookingAccounts,
    clause="S4",
    stage=8,
    operations=[REGISTER],
    words={
        "passwords-are-not-stored-readable": Words(stage=2),
        "changed-passwords-are-not-stored-readable": Words(operations=[UPDATE_ACCOUNT], stage=8),
        "changed-passwords-are-hashed-slowly": Words(operations=[UPDATE_ACCOUNT], stage=8),
    },
    without=("another-change-keeps-the-password", "long-passwords-are-answered"),
)
