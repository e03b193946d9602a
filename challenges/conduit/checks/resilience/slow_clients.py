"""Slow, stalled and disconnecting clients do not affect other clients (V5)."""

from __future__ import annotations

from worksample.checks import Words
from worksample.suites import slow_clients, vanished_clients

from .bystanders import Commenter, Vanishing

CHECKS = [
    *slow_clients.SUITE.checks(Commenter, clause="V5", stage=8),
    *vanished_clients.SUITE.checks(
        Vanishing,
        clause="V5",
        stage=8,
        words={
            "a-vanished-client-leaves-no-lock": Words(
                why="Someone closes a laptop at the wrong moment, and no one can edit that article "
                "any more."
            )
        },
    ),
]
