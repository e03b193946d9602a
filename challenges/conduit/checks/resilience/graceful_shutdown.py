"""On SIGTERM the server finishes requests in progress and exits within 10 seconds (V3)."""

from __future__ import annotations

from worksample.suites import graceful_shutdown

from .bystanders import InProgress

CHECKS = graceful_shutdown.SUITE.checks(InProgress, clause="V3", stage=8)
