"""What this machine lacks: what a package brings may be missing here, but never in CI."""

from __future__ import annotations

import os

import pytest

# How a reason to skip begins when no package could help: another system, user or network.
OF_THE_MACHINE = "this machine: "


def fails_in_ci(report: pytest.TestReport) -> str:
    """Return why a skipped test counts as failed in CI ("" if it does not)."""
    if not os.environ.get("CI") or not report.skipped or hasattr(report, "wasxfail"):
        return ""
    reason = str(report.longrepr[-1] if isinstance(report.longrepr, tuple) else report.longrepr)
    reason = reason.removeprefix("Skipped: ")
    if reason.startswith(OF_THE_MACHINE):
        return ""
    return f"CI must install what its tests need, and this one was skipped: {reason}"
