"""The accuracy of job-ad parsing, per language and layout, on ads that were labelled blind.

    python bench/ads.py [FILE_OR_FOLDER...] [--jsonl FILE] [--differences] [--folds 5 --seed 1]
                         [--part dev|held-out|developed|degrees-1|degrees-2|degrees-3|ordinary]

Without arguments, the ads of tests/unit/postings/unseen are read. Columns of the table:

skills        precision, recall and micro-averaged F1 of the skills, whatever their level. A general
              skill that is found where one of its members is labelled is ignored, and so are the
              skills on which careful readers differ (`either`); likewise the groups of
              `either_choices`. In an ad that is rejected as none, nothing is found.
pairs         F1 of the pairs of skills that are alternatives of each other
groups        F1 of whole groups of alternatives: a found group counts if it equals a labelled one
level         share of the found and labelled skills whose level (required or not) is right
years         share of the ads with the right number, or rightly with none
degree        share of the ads with the right level and strength, or rightly with none
backend       share of the ads rightly told to be backend jobs or not

Nothing in the parser is fitted to data automatically: people write its rules. So there is no
training that could be repeated without a fold, and `--folds` shows how much the figures vary from
one fifth of the ads to the next, not held-out figures. Who writes rules reads the ads and the
differences of all parts but `held-out` and `ordinary`: the figures of these two say what the rules
are worth on ads that they were not tuned to. An ad that names no part belongs to `dev` or
`held-out` by its name alone.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path

from labelled import Groups, LabelledAd, Reading, from_json_lines, from_toml, parse
from plan import Count

from worksample.skills import load

UNSEEN = Path(__file__).parents[1] / "tests" / "unit" / "postings" / "unseen"
HEAD = ("ads of", "ads", "precision", "recall", "skills", "pairs", "groups")
HALVES = ("dev", "held-out")
PARTS = (
    *HALVES,
    "developed",
    "degrees-1",
    "degrees-2",
    "degrees-3",
    "ordinary",
)
SHARES = ("level", "years", "degree", "backend")


@dataclass
class Share:
    """The number of right answers among all answers."""

    right: int = 0
    total: int = 0

    def add(self, *, right: bool) -> None:
        self.right += right
        self.total += 1

    def __str__(self) -> str:
        return f"{self.right / self.total:.3f}" if self.total else "–"


@dataclass
class Comparison:
    """The labels of one ad and what the parser found, both without what does not count."""

    ad: LabelledAd
    expected: Reading
    found: Reading

    @property
    def differences(self) -> list[str]:
        """One line per sort of difference."""
        expected, found = self.expected, self.found
        both = expected.levels.keys() & found.levels.keys()
        wrong = {s for s in both if not _same_level(expected.levels[s], found.levels[s])}
        lines = [
            found.rejected and f"rejected: {found.rejected}",
            _named(
                "missed", (f"{s} ({expected.levels[s]})" for s in expected.levels.keys() - both)
            ),
            _named("not asked", (f"{s} ({found.levels[s]})" for s in found.levels.keys() - both)),
            _named("wrong level", (f"{s} (is {expected.levels[s]})" for s in wrong)),
            _named("missed group", map(_shown, expected.choices - found.choices)),
            _named("wrong group", map(_shown, found.choices - expected.choices)),
        ]
        for name in ("years", "degree", "backend"):
            labelled, read = getattr(expected, name), getattr(found, name)
            if labelled != read and not (name == "backend" and labelled is None):
                lines.append(f"{name}: found {read}, expected {labelled}")
        return [line for line in lines if line]


@dataclass
class Score:
    """The figures of some ads, to be printed as a row."""

    ads: int = 0
    skills: Count = field(default_factory=Count)
    pairs: Count = field(default_factory=Count)
    groups: Count = field(default_factory=Count)
    shares: dict[str, Share] = field(default_factory=lambda: {name: Share() for name in SHARES})

    def add(self, each: Comparison) -> None:
        expected, found = each.expected, each.found
        self.ads += 1
        self.skills.add(set(found.levels), set(expected.levels))
        self.pairs.add(_pairs(found.choices), _pairs(expected.choices))
        self.groups.add(set(found.choices), set(expected.choices))
        for skill in found.levels.keys() & expected.levels.keys():
            same = _same_level(found.levels[skill], expected.levels[skill])
            self.shares["level"].add(right=same)
        self.shares["years"].add(right=found.years == expected.years)
        self.shares["degree"].add(right=found.degree == expected.degree)
        if expected.backend is not None:
            self.shares["backend"].add(right=found.backend == expected.backend)

    def row(self, title: str) -> str:
        right = self.skills.true_positives
        precision = Share(right, right + self.skills.false_positives)
        recall = Share(right, right + self.skills.false_negatives)
        figures = [precision, recall, *map(_f1, (self.skills, self.pairs, self.groups))]
        cells = [title, self.ads, *figures, *(self.shares[name] for name in SHARES)]
        return f"| {' | '.join(map(str, cells))} |"


def compare(ad: LabelledAd, found: Reading) -> Comparison:
    """Remove from both readings what does not count, so that equal means right."""
    expected, skills = ad.labels, load()
    known = expected.levels.keys() | ad.ignored
    umbrellas = {
        skill
        for skill in found.levels
        if skill not in known and known & set(skills[skill].umbrella_of)
    }
    return Comparison(
        ad,
        _without(expected, ad.ignored, ad.ignored_choices),
        _without(found, ad.ignored | umbrellas, ad.ignored_choices),
    )


def _without(reading: Reading, skills: frozenset[str], groups: Groups) -> Reading:
    choices = (group - skills for group in reading.choices)
    return Reading(
        {skill: level for skill, level in reading.levels.items() if skill not in skills},
        frozenset(c for c in choices if len(c) > 1 and not any(c <= group for group in groups)),
        reading.years,
        reading.degree,
        reading.backend,
        reading.rejected,
    )


def table(comparisons: Sequence[Comparison], *, folds: int, seed: int) -> str:
    """Return the figures of all ads, per language, per layout and per fold, in Markdown."""
    heads = (*HEAD, *SHARES)
    lines = [f"| {' | '.join(heads)} |", "|" + " --- |" * len(heads), _row("all", comparisons)]
    sorts: tuple[Callable[[LabelledAd], str], ...] = (lambda ad: ad.language, lambda ad: ad.layout)
    for sort in sorts:
        names = sorted({sort(each.ad) for each in comparisons})
        lines += [_row(name, [c for c in comparisons if sort(c.ad) == name]) for name in names]
    shuffled = list(comparisons)
    random.Random(seed).shuffle(shuffled)
    lines += [_row(f"fold {fold + 1}", shuffled[fold::folds]) for fold in range(folds)]
    return "\n".join(lines)


def _row(title: str, comparisons: Iterable[Comparison]) -> str:
    score = Score()
    for each in comparisons:
        score.add(each)
    return score.row(title)


def _same_level(one: str, other: str) -> bool:
    return (one == "required") == (other == "required")


def _pairs(choices: Groups) -> set[frozenset[str]]:
    return {frozenset(pair) for group in choices for pair in combinations(sorted(group), 2)}


def _f1(count: Count) -> str:
    asked = count.true_positives + count.false_positives + count.false_negatives
    return f"{count.f1:.3f}" if asked else "–"


def _shown(group: frozenset[str]) -> str:
    return "/".join(sorted(group))


def _named(name: str, items: Iterable[str]) -> str:
    listed = ", ".join(sorted(items))
    return f"{name}: {listed}" if listed else ""


def read(paths: Sequence[Path], json_lines: Path | None) -> list[LabelledAd]:
    """Return the ads of all files.

    Raises OSError for a file that cannot be read, ValueError for one without ads or of a wrong
    form, and KeyError for an ad without a label that it must have.
    """
    ads = [ad for path in paths or ([] if json_lines else [UNSEEN]) for ad in from_toml(path)]
    ads += from_json_lines(json_lines) if json_lines else ()
    if not ads:
        raise ValueError(f"no ad in {json_lines or [str(path) for path in paths]}")
    return ads


def part_of(ad: LabelledAd) -> str:
    """Return the part of an ad: the one that it names, or a half by its name, always the same."""
    return ad.part or HALVES[hashlib.sha256(ad.name.encode()).digest()[0] % 2]


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure the accuracy of job-ad parsing.")
    parser.add_argument("paths", nargs="*", type=Path, help="TOML files, or folders of them")
    parser.add_argument("--jsonl", type=Path, help="a file with one labelled ad per line")
    parser.add_argument("--differences", action="store_true", help="print the errors per ad")
    parser.add_argument("--folds", type=int, default=0, help="also print the figures of N parts")
    parser.add_argument("--seed", type=int, default=1, help="how the ads are dealt to the parts")
    parser.add_argument("--part", choices=PARTS, help="only this part of the ads")
    options = parser.parse_args()
    try:
        ads = read(options.paths, options.jsonl)
    except (OSError, ValueError, KeyError) as error:
        parser.error(f"cannot read the labelled ads ({error!r}): name TOML files or folders")
    chosen = [ad for ad in ads if options.part in (None, part_of(ad))]
    comparisons = [compare(ad, parse(ad)) for ad in chosen]
    for each in comparisons if options.differences else ():
        print(f"== {each.ad.name} ({each.ad.language}, {each.ad.layout})")
        print(*(f"   {line}" for line in each.differences or ["as labelled"]), sep="\n")
    print(table(comparisons, folds=options.folds, seed=options.seed))
    return 0


if __name__ == "__main__":
    sys.exit(main())
