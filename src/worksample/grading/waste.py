"""Which part of a slow server's waste is gone: its costs beside those of two others.

Waste is what the slow version of a server does for a read beyond what the reference does, with the
same data. A pure function of what was measured.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from worksample.suites.large_data_costs import ReadCost, ServerCosts
from worksample.tasks.complaints import CPU_SHARE, SHARE

#: A cost that has no waste may become so many times as large, and by so much more.
_TIMES, _SLACK = 3, 4
_OWN_ROWS, _OWN_STATEMENTS = 500, 100


@dataclass(frozen=True, slots=True)
class Measure:
    """A kind of cost: the field of `ReadCost`, and its unit in words.

    It counts as waste if it is at least `least` and makes the cost at least `times` as large;
    `share` is the percentage that must be gone.
    """

    field: str
    unit: str
    least: float
    times: float = 2.0
    share: int = SHARE

    def of(self, cost: ReadCost) -> float:
        """Return this cost of a read."""
        return float(getattr(cost, self.field))


MEASURES = (
    Measure("statements", "statements", 2),
    Measure("writes", "writing statements", 1),
    Measure("examined", "rows that the database reads", 100),
    Measure("rows", "rows that come back", 15),
    Measure("size", "bytes that come back", 4096),
    Measure("length", "bytes of the answer", 200, 1.5),
    Measure("cpu", "ms of CPU", 10.0, 4.0, CPU_SHARE),
)


@dataclass(frozen=True, slots=True)
class Costs:
    """What was measured with the same data: the slow version, the submission, the reference."""

    slow: ServerCosts
    yours: ServerCosts
    reference: ServerCosts


@dataclass(frozen=True, slots=True)
class Compared:
    """One cost of one read, on all three."""

    read: str
    measure: Measure
    slow: float
    yours: float
    reference: float

    @property
    def is_waste(self) -> bool:
        """Whether the slow version wastes here."""
        more = self.slow - self.reference
        return more >= self.measure.least and self.slow >= self.measure.times * self.reference

    @property
    def gone(self) -> int:
        """Which percentage of the waste is gone, 0 to 100, rounded down."""
        part = (self.slow - self.yours) / (self.slow - self.reference)
        return int(100 * min(max(part, 0.0), 1.0))

    @property
    def is_gone(self) -> bool:
        """Whether enough of the waste is gone."""
        return self.gone >= self.measure.share

    @property
    def is_worse(self) -> bool:
        """Whether the submission costs far more than the slow version, where that wastes little."""
        allowed = _TIMES * max(self.slow, self.reference) + _SLACK * self.measure.least
        return not self.is_waste and self.yours > allowed

    @property
    def factor(self) -> float:
        """How many times as much the slow version costs as the reference."""
        return self.slow / max(self.reference, 1.0)


def compared(costs: Costs) -> list[Compared]:
    """Return every cost of every read; the largest factor comes first."""
    found = [
        Compared(
            read,
            measure,
            measure.of(costs.slow.reads[read]),
            measure.of(costs.yours.reads[read]),
            measure.of(costs.reference.reads[read]),
        )
        for read in costs.reference.reads
        for measure in MEASURES
    ]
    return sorted(found, key=lambda each: -each.factor)


def wasted(found: Sequence[Compared]) -> list[Compared]:
    """Return where the slow version wastes."""
    return [each for each in found if each.is_waste]


def gone_in_all(found: Sequence[Compared]) -> int:
    """Return the smallest percentage of waste that is gone; `found` must show waste."""
    return min(each.gone for each in wasted(found))


def other_answers(costs: Costs) -> Iterator[tuple[str, ReadCost, ReadCost]]:
    """Yield (read, the submission's, the reference's) where status or number of entries differ."""
    for read, expected in costs.reference.reads.items():
        actual = costs.yours.reads[read]
        if (actual.status, actual.entries) != (expected.status, expected.entries):
            yield read, actual, expected


def stale(costs: Costs) -> list[str]:
    """Return the reads whose answers stay as they were, although what they show was changed."""
    return [
        read
        for read, expected in costs.reference.reads.items()
        if expected.changes and not costs.yours.reads[read].changes
    ]


def hides_work(costs: Costs) -> bool:
    """Whether the submission does far more than the others when nobody asks it anything."""
    yours, others = costs.yours, (costs.slow, costs.reference)
    rows = max(each.own_rows for each in others)
    statements = max(each.own_statements for each in others)
    return (
        yours.own_rows > _TIMES * rows + _OWN_ROWS
        or yours.own_statements > _TIMES * statements + _OWN_STATEMENTS
    )
