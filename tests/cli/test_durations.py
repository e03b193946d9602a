"""Durations as options."""

from __future__ import annotations

import pytest

from worksample.cli._durations import seconds_of


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("60s", 60),
        ("60", 60),
        ("2m", 120),
        ("2min", 120),
        ("1m30s", 90),
        ("1m30", 90),
        ("0.5m", 30),
        (" 90S ", 90),
        ("0", 0),
    ],
)
def test_reads_duration(text: str, seconds: float) -> None:
    assert seconds_of(text) == seconds


@pytest.mark.parametrize("text", ["", "s", "m", "-5s", "2h", "1e9", "sixty", "1 m", "٣s", "nan"])
def test_rejects_what_is_no_duration(text: str) -> None:
    assert seconds_of(text) is None
