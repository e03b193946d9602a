"""Stored passwords: hashed with a salt, by a slow function (S4)."""

from __future__ import annotations

from worksample.checks import Words
from worksample.suites import stored_passwords

from ..conduit_accounts import ConduitAccounts
from ..operations import REGISTER, UPDATE_USER

CHANGED = Words(operations=[UPDATE_USER], stage=9)
CHECKS = stored_passwords.SUITE.checks(
    ConduitAccounts,
    clause="S4",
    stage=9,
    operations=[REGISTER],
    words={
        "passwords-are-not-stored-readable": Words(stage=2),
        "changed-passwords-are-not-stored-readable": CHANGED,
        "changed-passwords-are-hashed-slowly": CHANGED,
        "another-change-keeps-the-password": Words(
            id="a-change-of-bio-keeps-the-password", clause="A7", operations=[UPDATE_USER], stage=9
        ),
        "long-passwords-are-answered": Words(clause="G4"),
    },
)
