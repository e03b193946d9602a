"""Hostile input and requests generated from the contract never make the server fail (G4)."""

from __future__ import annotations

from worksample.checks import Words
from worksample.suites import generated_requests, hostile_input

from ..operations import ALL, LIST_RESERVATIONS, LIST_SAILINGS, RESERVATION, SAILING, WITH_BODY
from ..valid_requests import BookingRequests

CHECKS = [
    *hostile_input.SUITE.checks(
        BookingRequests,
        clause="G4",
        stage=2,
        operations=WITH_BODY,
        # No mutant breaks the paths, large bodies and encodings: `limits` asks about bodies.
        without=(
            "large-bodies-are-survived",
            "odd-content-encodings-are-survived",
            "odd-paths-are-survived",
        ),
        words={
            "odd-headers-are-survived": Words(operations=ALL, stage=2),
            "odd-authorization-is-survived": Words(operations=ALL, stage=2),
            "odd-ids-are-survived": Words(operations=[SAILING, RESERVATION], stage=3),
            "odd-queries-are-survived": Words(
                clause="L5", operations=[LIST_SAILINGS, LIST_RESERVATIONS], stage=3
            ),
            "odd-methods-are-survived": Words(clause="G6", stage=1, operations=()),
        },
    ),
    *generated_requests.SUITE.checks(
        BookingRequests,
        clause="G4",
        operations=[each for each in ALL if each.id in BookingRequests.generated],
    ),
]
