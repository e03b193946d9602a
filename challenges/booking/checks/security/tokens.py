"""Tokens: forged and expired ones, and those of deleted accounts (S2)."""

from __future__ import annotations

from worksample.checks import Words
from worksample.suites import tokens

from ..booking_accounts import BookingAccounts

CHECKS = tokens.SUITE.checks(
    BookingAccounts,
    clause="S2",
    stage=8,
    words={
        "tokens-of-deleted-accounts-are-refused": Words(
            why="An account is deleted for a reason; its token must not be able to reserve."
        )
    },
)
