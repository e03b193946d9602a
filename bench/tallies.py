"""The results of bench/detection.py: saved to a file, resumed, and printed as a table."""

from __future__ import annotations

import json
import statistics
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from worksample.checks import Verdict
from worksample.whole_files import write_whole

ON_ONE, ON_MANY = "on one", "on many"
HEAD = (
    "stack",
    "defect",
    "detected; median and maximum time",
    "detected with a busy neighbour",
    "by bursts of 50 on one resource",
    "by bursts of 25 pairs",
)


@dataclass(slots=True)
class Row:
    """The results for one mutant (or, without one, for a reference).

    Each run runs all `checks` once. `asked` holds (verdict, seconds) of each check of run 0, then
    of run 1, and so on. `bursts` holds, per sort of burst, whether each burst detected the defect.
    `odd` describes unexpected results. `source` is a digest of the code that the results depend on.
    """

    stack: str
    mutant: str
    kind: str
    busy: bool
    checks: list[str]
    source: str
    asked: list[tuple[str, float]] = field(default_factory=list)
    bursts: dict[str, list[bool]] = field(default_factory=dict)
    odd: list[str] = field(default_factory=list)

    @property
    def key(self) -> tuple[str, str, str, bool]:
        """A key that is unique per row."""
        return self.stack, self.mutant, self.kind, self.busy

    @property
    def runs(self) -> int:
        """The number of complete runs."""
        return len(self.asked) // len(self.checks)

    @property
    def found(self) -> int:
        """The number of complete runs in which every check failed."""
        width = len(self.checks)
        complete = [self.asked[width * run : width * (run + 1)] for run in range(self.runs)]
        return sum(all(verdict == Verdict.FAIL for verdict, _ in run) for run in complete)

    @property
    def false_findings(self) -> int:
        """The number of checks with a finding. On a reference, every finding is false."""
        return len(self.seconds_to_finding)

    @property
    def seconds_to_finding(self) -> list[float]:
        """The seconds from the start of a check to its finding, for all findings."""
        return [seconds for verdict, seconds in self.asked if verdict == Verdict.FAIL]

    def line(self) -> str:
        """Return this row as a line of the table."""
        return _line([self], self.stack, self.mutant or f"{self.kind}: no defect")


class ResultsFile:
    """The rows in a JSON file. Existing rows are resumed unless the code has changed."""

    def __init__(self, path: Path | None, *, anew: bool = False) -> None:
        self._path = path
        known = json.loads(path.read_text("utf-8")) if path and path.exists() and not anew else []
        self.rows = {row.key: row for row in (Row(**each) for each in known)}

    def row(self, fresh: Row) -> Row:
        """Return the existing row to resume, or `fresh`."""
        existing = self.rows.get(fresh.key)
        if existing is None or (existing.source, existing.checks) != (fresh.source, fresh.checks):
            self.rows[fresh.key] = existing = fresh
        return existing

    def save(self) -> None:
        """Write all rows atomically, so that the file is valid whenever the process stops."""
        if self._path is None:
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps([asdict(row) for row in self.rows.values()]) + "\n"
        write_whole(self._path, text.encode())


def head() -> str:
    """Return the table header in Markdown."""
    return f"| {' | '.join(HEAD)} |\n|{' --- |' * len(HEAD)}"


def table(rows: Iterable[Row]) -> str:
    """Return all rows and their sums as a Markdown table.

    Rows with and without a busy neighbour share a line.
    """
    known = [row for row in rows if row.asked]
    named = dict.fromkeys((row.stack, row.mutant, row.kind) for row in known)
    lines = [
        _line([row for row in known if row.key[:3] == name], name[0], name[1])
        for name in sorted(named)
        if name[1]
    ]
    return "\n".join([head(), *lines, *_sums(known)])


def _sums(rows: Sequence[Row]) -> list[str]:
    lines = []
    for kind in sorted({row.kind for row in rows}):
        mutants = [row for row in rows if row.kind == kind and row.mutant]
        references = [row for row in rows if row.kind == kind and not row.mutant]
        count = len({(row.stack, row.mutant) for row in mutants})
        lines += [_line(mutants, "all", f"{kind}: {count} defects")] if mutants else []
        lines += [_line(references, "all", f"{kind}: no defect")] if references else []
    return lines


def _line(rows: Sequence[Row], stack: str, defect: str) -> str:
    quiet, busy = ([row for row in rows if row.busy is kind] for kind in (False, True))
    sent = [row for row in quiet if row.bursts] or busy
    cells = (stack, defect, _found(quiet), _found(busy), *(_shown(sent, s) for s in SORTS))
    return f"| {' | '.join(cells)} |"


SORTS = (ON_ONE, ON_MANY)


def _found(rows: Sequence[Row]) -> str:
    times = [seconds for row in rows for seconds in row.seconds_to_finding]
    time = f"; {statistics.median(times):.2f} s, {max(times):.2f} s" if times else ""
    if any(row.mutant for row in rows):
        return f"{_sum(rows, lambda row: row.found)} of {_sum(rows, lambda row: row.runs)}{time}"
    checks = _sum(rows, lambda row: len(row.asked))
    return f"{_sum(rows, lambda row: row.false_findings)} of {checks} checks{time}" if rows else "–"


def _shown(rows: Sequence[Row], sort: str) -> str:
    sent = [shown for row in rows for shown in row.bursts.get(sort, ())]
    return f"{sum(sent)} of {len(sent)}" if sent else "–"


def _sum(rows: Sequence[Row], of: Callable[[Row], int]) -> str:
    return f"{sum(map(of, rows)):,}"
