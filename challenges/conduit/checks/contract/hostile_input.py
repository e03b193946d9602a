"""Hostile input and requests generated from the contract never make the server fail (G4)."""

from __future__ import annotations

from worksample.checks import Words
from worksample.suites import generated_requests, hostile_input

from ..operations import ALL, DELETE_COMMENT, FEED, LIST_ARTICLES, WITH_BODY
from ..valid_requests import ConduitRequests

CHECKS = [
    *hostile_input.SUITE.checks(
        ConduitRequests,
        clause="G4",
        stage=2,
        operations=WITH_BODY,
        words={
            "large-bodies-are-survived": Words(stage=3),
            "odd-headers-are-survived": Words(operations=ALL, stage=2),
            "odd-authorization-is-survived": Words(operations=ALL, stage=2),
            "odd-paths-are-survived": Words(operations=ALL, stage=3),
            "odd-ids-are-survived": Words(operations=[DELETE_COMMENT]),
            "odd-queries-are-survived": Words(clause="L5", operations=[LIST_ARTICLES, FEED]),
            "odd-methods-are-survived": Words(clause="G6", stage=1, operations=()),
        },
    ),
    *generated_requests.SUITE.checks(
        ConduitRequests,
        clause="G4",
        operations=[each for each in ALL if each.id in ConduitRequests.generated],
    ),
]
