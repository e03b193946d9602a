"""Acknowledged writes are durable: after a kill and after a lost database connection (V1)."""

from __future__ import annotations

from worksample.suites import acknowledged_writes

from .writes import ConduitWrites

CHECKS = acknowledged_writes.SUITE.checks(ConduitWrites, clause="V1", stage=8)
