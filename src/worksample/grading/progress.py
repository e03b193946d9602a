"""Who hears of the events of a run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from worksample.checks import Check, CheckListener
from worksample.checks.listener import NullListener


class Progress(CheckListener, Protocol):
    """Receives the events of a run."""

    def step(self, name: str, detail: str = "") -> None:
        """Called when a step begins: `preparing`, `building`, `starting`, `asking`, `stopping`."""

    def line(self, text: str) -> None:
        """Called with each line that a build or release command prints (untrusted text)."""

    def note(self, sentence: str) -> None:
        """Called with each sentence that becomes a note of the report."""

    def planned(self, checks: Sequence[Check]) -> None:
        """Called with the selected checks before the first one runs."""


class NullProgress(NullListener):
    """A `Progress` that does nothing."""

    def step(self, name: str, detail: str = "") -> None:
        """Do nothing."""

    def line(self, text: str) -> None:
        """Do nothing."""

    def note(self, sentence: str) -> None:
        """Do nothing."""

    def planned(self, checks: Sequence[Check]) -> None:
        """Do nothing."""
