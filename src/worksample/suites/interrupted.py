"""The adapter of the suites that interrupt some writes while other clients go on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from worksample.suites.bystanders import Bystander
from worksample.suites.writes import Writes


class Interrupted(Protocol):
    """`kinds` are the kinds of `writes` to interrupt; the first one is interrupted most often."""

    @property
    def writes(self) -> Writes: ...

    @property
    def bystander(self) -> Bystander: ...

    @property
    def kinds(self) -> Sequence[str]: ...
