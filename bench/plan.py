"""The accuracy of job-ad parsing: Worksample and a dictionary baseline, in one table.

    python bench/plan.py LABELLED.jsonl [--wrong]

Each line of the file is one labelled ad: {"id", "title", "text", "language", "format", "labels":
{"must", "nice", "any_of", "min_years", "degree", "is_backend"}}. The baseline finds every form of
the vocabulary with a regular expression and reports all skills as required.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from worksample.postings.html import html_to_text, looks_like_html
from worksample.postings.model import Posting, Source
from worksample.postings.parser import parse_posting
from worksample.skills import Skill, load

Extraction = dict[str, Any]
"""The labels of an ad, or the data that was extracted from it."""


@dataclass
class Count:
    """The confusion counts of one question; f1 is micro-averaged over all ads."""

    true_positives: int = 0
    false_positives: int = 0
    false_negatives: int = 0

    def add(self, found: set[Any], expected: set[Any]) -> None:
        self.true_positives += len(found & expected)
        self.false_positives += len(found - expected)
        self.false_negatives += len(expected - found)

    @property
    def f1(self) -> float:
        twice = 2 * self.true_positives
        return twice / max(1, twice + self.false_positives + self.false_negatives)


@dataclass
class Score:
    """The measurements of one extraction method."""

    counts: dict[str, Count] = field(default_factory=dict)
    seconds: float = 0.0
    ads: int = 0
    correct_levels: int = 0
    evaluated_levels: int = 0
    exact: dict[str, int] = field(default_factory=dict)

    def count(self, name: str) -> Count:
        return self.counts.setdefault(name, Count())


def ad_text(ad: Extraction) -> str:
    text: str = ad["text"]
    text = html_to_text(text) if looks_like_html(text) else text
    first = next((line for line in text.splitlines() if line.strip()), "")
    return text if ad["title"].lower() in first.lower() else f"{ad['title']}\n\n{text}"


def extract_with_worksample(ad: Extraction) -> Extraction:
    posting: Posting = parse_posting(Source(ad["id"], ad_text(ad), title=ad["title"]))
    groups: dict[str, set[str]] = {}
    for requirement in posting.sure:
        if requirement.alternatives:
            groups.setdefault(requirement.alternatives, set()).add(requirement.skill)
    return {
        "levels": {r.skill: r.level for r in posting.sure},
        "any_of": list(groups.values()),
        "min_years": posting.years.minimum if posting.years else None,
        "degree": {"level": posting.degree.level, "strength": posting.degree.strength}
        if posting.degree
        else None,
        "is_backend": posting.is_backend,
    }


def dictionary_baseline() -> Callable[[Extraction], Extraction]:
    patterns = [
        (s.id, _pattern(_literal_forms(s), re.I), _pattern((*s.exact, *s.weak), 0))
        for s in load().values()
    ]

    def extract(ad: Extraction) -> Extraction:
        text = ad_text(ad)
        found = [s for s, loose, exact in patterns if loose.search(text) or exact.search(text)]
        years = [
            int(n)
            for n in re.findall(r"(\d{1,2})\+? ?(?:-\d+ )?(?:years|Jahre|ans|años|anos)", text)
        ]
        degree = re.search(r"bachelor|degree|studium|diplom|licenc|gradua", text, re.I)
        return {
            "levels": dict.fromkeys(found, "required"),
            "any_of": [],
            "min_years": max(years, default=None),
            "degree": {"level": "bachelor", "strength": "required"} if degree else None,
            "is_backend": True,
        }

    return extract


def _literal_forms(skill: Skill) -> list[str]:
    return [f for forms in skill.forms.values() for f in forms if not set(f) & set("*_|")]


def _pattern(forms: Iterable[str], flags: int) -> re.Pattern[str]:
    spelled = "|".join(re.escape(f).replace(r"\ ", r"[\s./-]?") for f in forms)
    return re.compile(rf"(?<![\w])(?:{spelled})(?![\w+#])" if spelled else r"(?!)", flags)


def evaluate(score: Score, ad: Extraction, extraction: Extraction, *, show: bool) -> None:
    labels, skills = ad["labels"], load()
    must, nice = set(labels["must"]), set(labels["nice"])
    expected = must | nice
    levels = {s: lv for s, lv in extraction["levels"].items() if s in VOCABULARY}
    found = {s for s in levels if s in expected or not expected & set(skills[s].umbrella_of)}
    score.ads += 1
    score.count("all kinds").add(found, expected)
    score.count("technologies").add(_tech(found), _tech(expected))
    if ad["language"] != "en":
        score.count("not English").add(found, expected)
    for skill in found & expected:
        score.evaluated_levels += 1
        score.correct_levels += (levels[skill] == "required") == (skill in must)
    optional = {s for s in found if levels[s] != "required"}
    score.count("optional").add(optional & expected, nice & found)
    _evaluate_choices(score, extraction["any_of"], labels["any_of"])
    for name in ("min_years", "degree", "is_backend"):
        score.exact[name] = score.exact.get(name, 0) + (extraction[name] == labels[name])
    if show:
        _print_errors(ad, labels, levels, found, expected, must, nice, extraction)


def _evaluate_choices(
    score: Score, found: Iterable[set[str]], expected: Iterable[list[str]]
) -> None:
    score.count("alternatives").add(
        {p for g in found for p in _pairs(g)}, {p for g in expected for p in _pairs(g)}
    )


def _pairs(group: Iterable[str]) -> set[frozenset[str]]:
    members = sorted(group)
    return {frozenset((a, b)) for i, a in enumerate(members) for b in members[i + 1 :]}


def _tech(skills: set[str]) -> set[str]:
    return {s for s in skills if load()[s].is_technology}


def _print_errors(
    ad: Extraction,
    labels: Extraction,
    levels: dict[str, str],
    found: set[str],
    expected: set[str],
    must: set[str],
    nice: set[str],
    extraction: Extraction,
) -> None:
    print(f"== {ad['id']} ({ad['language']})")
    print("   false positives:", *(f"{s}:{levels[s]}" for s in sorted(found - expected)))
    print("   false negatives:", *sorted(expected - found))
    print(
        "   wrong level:",
        *(
            f"{s}:{levels[s]}"
            for s in sorted(found & expected)
            if (levels[s] == "required") != (s in must)
        ),
    )
    for name in ("any_of", "min_years", "degree", "is_backend"):
        if name == "any_of" and {p for g in extraction[name] for p in _pairs(g)} == {
            p for g in labels[name] for p in _pairs(g)
        }:
            continue
        if extraction[name] != labels[name]:
            print(f"   {name}: found {extraction[name]}, expected {labels[name]}")


def run(ads: list[Extraction], extract: Callable[[Extraction], Extraction], *, show: bool) -> Score:
    score = Score()
    extract(ads[0])
    for ad in ads:
        begin = time.process_time()
        extraction = extract(ad)
        score.seconds += time.process_time() - begin
        evaluate(score, ad, extraction, show=show)
    return score


VOCABULARY = frozenset(load()) - {"maintenance", "deployment", "feedback"}
"""The ids that the labels use; other skills of the vocabulary are not evaluated."""

ROWS: tuple[tuple[str, Callable[[Score], float], str], ...] = (
    ("technologies, F1", lambda s: s.count("technologies").f1, ">= 0.97"),
    ("all kinds, F1", lambda s: s.count("all kinds").f1, ">= 0.93"),
    ("non-English, all kinds, F1", lambda s: s.count("not English").f1, ">= 0.87"),
    (
        "level, accuracy",
        lambda s: s.correct_levels / max(1, s.evaluated_levels),
        ">= 0.90",
    ),
    ("optional, F1", lambda s: s.count("optional").f1, ">= 0.78"),
    ("alternatives (pairs), F1", lambda s: s.count("alternatives").f1, ">= 0.75"),
    ("years, accuracy", lambda s: s.exact["min_years"] / s.ads, ">= 0.95"),
    ("degree, accuracy", lambda s: s.exact["degree"] / s.ads, ">= 0.95"),
    ("backend, accuracy", lambda s: s.exact["is_backend"] / s.ads, ""),
    ("CPU per ad, ms", lambda s: 1000 * s.seconds / s.ads, "< 20"),
)


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure the accuracy of job-ad parsing.")
    parser.add_argument("labelled", type=Path)
    parser.add_argument("--wrong", action="store_true", help="print the errors for each ad")
    options = parser.parse_args()
    ads = [
        json.loads(line)
        for line in options.labelled.read_text("utf-8").splitlines()
        if line.strip()
    ]
    measured = run(ads, extract_with_worksample, show=options.wrong)
    baseline = run(ads, dictionary_baseline(), show=False)
    print(f"{'on ' + str(len(ads)) + ' ads':30} {'worksample':>11} {'dictionary':>11}  target")
    for name, value, target in ROWS:
        print(f"{name:30} {value(measured):11.3f} {value(baseline):11.3f}  {target}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
