"""Kills, lost connections, outages, SIGTERM, rejections and bad clients (V1 to V5, W5, G4)."""

from __future__ import annotations

from worksample.checks import Words
from worksample.suites import (
    acknowledged_writes,
    graceful_shutdown,
    outages,
    rejected_requests,
    slow_clients,
    vanished_clients,
    write_atomicity,
)

from .bystanders import InProgress, Traveller, Vanishing
from .rejections import BookingRejections
from .writes import BookingWrites

CHECKS = [
    *write_atomicity.SUITE.checks(
        BookingWrites,
        clause="V1",
        stage=8,
        words={
            "a-kill-leaves-nothing-half-written": Words(
                why="The ticket says cancelled, and no money came back: it happened when the "
                "power went."
            ),
            "a-lost-answer-doubles-nothing": Words(
                why="When the response to a COMMIT is lost, the transaction may be committed: a "
                "server that repeats it blindly reserves twice."
            ),
            "a-broken-connection-is-mended": Words(clause="V2"),
            "broken-connections-leave-nothing-open": Words(clause="V2"),
        },
    ),
    *acknowledged_writes.SUITE.checks(
        BookingWrites,
        clause="V1",
        stage=8,
        # What a kill can lose, `nothing-is-answered-before-it-is-stored` finds without one.
        without=("what-was-answered-survives-a-kill",),
    ),
    *outages.SUITE.checks(
        Traveller,
        clause="V2",
        stage=8,
        without=("an-outage-is-answered-truly",),
        words={
            "silence-keeps-nobody-waiting": Words(clause="V4"),
            "all-is-well-after-silence": Words(clause="V4"),
        },
    ),
    *graceful_shutdown.SUITE.checks(InProgress, clause="V3", stage=8),
    *slow_clients.SUITE.checks(Traveller, clause="V5", stage=8),
    *vanished_clients.SUITE.checks(Vanishing, clause="V5", stage=8),
    *rejected_requests.SUITE.checks(
        BookingRejections,
        clause="W5",
        stage=7,
        words={"refusals-cost-no-connection": Words(clause="G4")},
    ),
]
