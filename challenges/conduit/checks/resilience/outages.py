"""The database is unavailable, starts late, or stops responding (V2, V4)."""

from __future__ import annotations

from worksample.checks import Words
from worksample.suites import outages

from .bystanders import Commenter

CHECKS = outages.SUITE.checks(
    Commenter,
    clause="V2",
    stage=8,
    words={
        "silence-keeps-nobody-waiting": Words(clause="V4"),
        "all-is-well-after-silence": Words(clause="V4"),
    },
)
