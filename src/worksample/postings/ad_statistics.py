"""Statistics over many ads, updated one ad at a time, so that memory stays constant."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from worksample.postings.model import LEVELS, Level, Posting
from worksample.postings.planner import LEVEL_WEIGHTS, RequirementGroup
from worksample.skills import load


@dataclass(frozen=True, slots=True)
class SkillCount:
    """The number of ads that require a skill: in total (`ads`) and by level."""

    skill: str
    ads: int
    levels: tuple[tuple[Level, int], ...]


@dataclass(slots=True)
class AdStatistics:
    """Counts over many ads. The size depends on the vocabulary, not on the number of ads."""

    ads: int = 0
    not_backend: int = 0
    counts: Counter[tuple[str, Level]] = field(default_factory=Counter)
    years: Counter[float] = field(default_factory=Counter)
    degrees: Counter[str] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)

    def add(self, posting: Posting) -> None:
        """Add an ad. For an ad outside backend work only `not_backend` is incremented."""
        if not posting.is_backend:
            self.not_backend += 1
            return
        self.ads += 1
        self.counts.update((r.skill, r.level) for r in posting.sure)
        self.languages[posting.language] += 1
        if posting.years:
            self.years[posting.years.minimum] += 1
        if posting.degree:
            self.degrees[posting.degree.strength] += 1

    def rows(self) -> list[SkillCount]:
        """Return the counts per skill, the most frequent first."""
        rows = [SkillCount(skill, sum(n for _, n in by), by) for skill, by in self._by_skill()]
        return sorted(rows, key=lambda row: (-row.ads, row.skill))

    def _by_skill(self) -> Iterator[tuple[str, tuple[tuple[Level, int], ...]]]:
        for skill in load():
            levels = tuple((lv, self.counts[skill, lv]) for lv in LEVELS)
            if any(number for _, number in levels):
                yield skill, levels

    def requirement_groups(self) -> list[RequirementGroup]:
        """Return one group per skill, weighted by the number of ads and their levels."""
        requirement_groups = []
        for row in self.rows():
            weight = sum(LEVEL_WEIGHTS[level] * number for level, number in row.levels)
            level: Level = max(row.levels, key=lambda pair: pair[1])[0]
            requirement_groups.append(RequirementGroup((row.skill,), level, weight))
        return sorted(
            requirement_groups, key=lambda group: (LEVELS.index(group.level), -group.weight)
        )
