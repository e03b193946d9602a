"""What changed between two runs of one challenge: mended, new, still failing."""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import StrEnum

from worksample.checks import Check, Verdict
from worksample.errors import UserError
from worksample.grading import Report
from worksample.messages import message


class ChangeKind(StrEnum):
    """How a check changed; the order is that of display.

    MENDED: failed, passes now. NEW: fails now, and did not before. STILL_FAILING: fails in both
    runs. OTHER: any other difference, such as blocked before and passed now. ONLY_BEFORE and
    ONLY_AFTER: asked in one of the runs only, whatever its verdict.
    """

    MENDED = "mended"
    NEW = "new"
    STILL_FAILING = "still failing"
    OTHER = "otherwise changed"
    ONLY_BEFORE = "asked in the first run only"
    ONLY_AFTER = "asked in the second run only"


@dataclass(frozen=True, slots=True)
class Change:
    """A check with its verdict in both runs; None in the run that did not ask it."""

    check: Check
    before: Verdict | None
    after: Verdict | None

    @property
    def kind(self) -> ChangeKind | None:
        """How the check changed; None if it did not, and does not fail."""
        if self.after is None:
            return ChangeKind.ONLY_BEFORE
        if self.before is None:
            return ChangeKind.ONLY_AFTER
        if self.before is self.after:
            return ChangeKind.STILL_FAILING if self.after is Verdict.FAIL else None
        if self.after is Verdict.FAIL:
            return ChangeKind.NEW
        is_mended = (self.before, self.after) == (Verdict.FAIL, Verdict.PASS)
        return ChangeKind.MENDED if is_mended else ChangeKind.OTHER


@dataclass(frozen=True, slots=True)
class Changes:
    """How the checks of two runs changed, one list a kind, each ordered by stage."""

    mended: tuple[Change, ...] = ()
    new: tuple[Change, ...] = ()
    still_failing: tuple[Change, ...] = ()
    other: tuple[Change, ...] = ()
    only_before: tuple[Change, ...] = ()
    only_after: tuple[Change, ...] = ()

    @property
    def differing(self) -> tuple[Change, ...]:
        """The checks with another verdict, of those that both runs asked."""
        return self.mended + self.new + self.other

    @property
    def summary(self) -> str:
        """Return "3 mended, 1 new", without what there is none of; "" if there is neither."""
        parts = [message("{count} mended", count=len(self.mended))] if self.mended else []
        parts += [message("{count} new", count=len(self.new))] if self.new else []
        return ", ".join(parts)

    def by_kind(self) -> dict[ChangeKind, tuple[Change, ...]]:
        """Return the changes of every kind, also of those that there are none of."""
        names = (each.name for each in fields(self))
        return {kind: getattr(self, name) for kind, name in zip(ChangeKind, names, strict=True)}


def changes(before: Report, after: Report) -> Changes:
    """Return how the checks changed from the run `before` to the run `after`.

    Raises `UserError` if the runs are not of the same challenge.
    """
    _require_one_challenge(before, after)
    old = {result.check.id: result for result in before.results}
    new = {result.check.id: result for result in after.results}
    found: dict[ChangeKind, list[Change]] = {kind: [] for kind in ChangeKind}
    for name, known in {**old, **new}.items():
        was, now = old.get(name), new.get(name)
        change = Change(known.check, was.verdict if was else None, now.verdict if now else None)
        if change.kind is not None:
            found[change.kind].append(change)
    return Changes(*(tuple(sorted(each, key=_order)) for each in found.values()))


def _order(change: Change) -> tuple[int, str]:
    return change.check.stage, change.check.id


def _require_one_challenge(before: Report, after: Report) -> None:
    if before.challenge == after.challenge:
        return
    raise UserError(
        message(
            "Run {before} is of the challenge {one}, run {after} of {other}: "
            "their checks cannot be compared.",
            before=before.run,
            one=before.challenge,
            after=after.run,
            other=after.challenge,
        ),
        hint="Name two runs of one challenge.",
    )
