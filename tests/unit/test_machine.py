"""In CI a test may be skipped for what the machine is, not for want of a package."""

from __future__ import annotations

import pytest

from tests.support.machine import OF_THE_MACHINE, fails_in_ci


def skipped(reason: str) -> pytest.TestReport:
    """The report of a test that was skipped."""
    where = ("test_it.py", 1, f"Skipped: {reason}")
    return pytest.TestReport("test_it", ("test_it.py", 1, "it"), {}, "skipped", where, "setup")


@pytest.mark.parametrize(
    ("reason", "ci", "fails"),
    [
        ("Chromium is not here", "true", True),
        ("Chromium is not here", "", False),
        (f"{OF_THE_MACHINE}no IPv6 loopback", "true", False),
    ],
)
def test_a_skip_for_want_of_a_package_fails_in_ci_only(
    monkeypatch: pytest.MonkeyPatch, reason: str, ci: str, fails: bool
) -> None:
    monkeypatch.setenv("CI", ci)
    assert fails_in_ci(skipped(reason)).endswith(reason if fails else "")
    assert bool(fails_in_ci(skipped(reason))) is fails
