"""How well job ads are read: our reading and a plain dictionary, in one table.

    python bench/plan.py LABELLED.jsonl [--wrong]

Each line of the file is one labelled ad: {"id", "title", "text", "language", "format", "labels":
{"must", "nice", "any_of", "min_years", "degree", "is_backend"}}. The dictionary is the one of
the measurements in the facts: every form of the vocabulary with its case rule, found by one
regular expression; everything is "required". It stands here so that both run in one table.
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

Answer = dict[str, Any]


@dataclass
class Count:
    """Hits and misses of one question; f1 is micro-averaged over all ads."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    def add(self, found: set[Any], wanted: set[Any]) -> None:
        self.right += len(found & wanted)
        self.wrong += len(found - wanted)
        self.missed += len(wanted - found)

    @property
    def f1(self) -> float:
        return 2 * self.right / max(1, 2 * self.right + self.wrong + self.missed)


@dataclass
class Score:
    """All that is measured of one way to read."""

    counts: dict[str, Count] = field(default_factory=dict)
    seconds: float = 0.0
    ads: int = 0
    level_right: int = 0
    level_all: int = 0
    exact: dict[str, int] = field(default_factory=dict)

    def count(self, name: str) -> Count:
        return self.counts.setdefault(name, Count())


def as_asked(ad: Answer) -> str:
    text: str = ad["text"]
    text = html_to_text(text) if looks_like_html(text) else text
    first = next((line for line in text.splitlines() if line.strip()), "")
    return text if ad["title"].lower() in first.lower() else f"{ad['title']}\n\n{text}"


def read_with_worksample(ad: Answer) -> Answer:
    posting: Posting = parse_posting(Source(ad["id"], as_asked(ad), title=ad["title"]))
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


def dictionary() -> Callable[[Answer], Answer]:
    patterns = [
        (s.id, _pattern(_plain(s), re.I), _pattern((*s.exact, *s.weak), 0)) for s in load().values()
    ]

    def read(ad: Answer) -> Answer:
        text = as_asked(ad)
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

    return read


def _plain(skill: Skill) -> list[str]:
    return [f for forms in skill.forms.values() for f in forms if not set(f) & set("*_|")]


def _pattern(forms: Iterable[str], flags: int) -> re.Pattern[str]:
    spelled = "|".join(re.escape(f).replace(r"\ ", r"[\s./-]?") for f in forms)
    return re.compile(rf"(?<![\w])(?:{spelled})(?![\w+#])" if spelled else r"(?!)", flags)


def judge(score: Score, ad: Answer, answer: Answer, *, show: bool) -> None:
    labels, skills = ad["labels"], load()
    must, nice = set(labels["must"]), set(labels["nice"])
    wanted = must | nice
    levels = {s: lv for s, lv in answer["levels"].items() if s in VOCABULARY}
    found = {s for s in levels if s in wanted or not wanted & set(skills[s].umbrella_of)}
    score.ads += 1
    score.count("all kinds").add(found, wanted)
    score.count("technologies").add(_tech(found), _tech(wanted))
    if ad["language"] != "en":
        score.count("not English").add(found, wanted)
    for skill in found & wanted:
        score.level_all += 1
        score.level_right += (levels[skill] == "required") == (skill in must)
    weaker = {s for s in found if levels[s] != "required"}
    score.count("optional").add(weaker & wanted, nice & found)
    _judge_choices(score, answer["any_of"], labels["any_of"])
    for name in ("min_years", "degree", "is_backend"):
        score.exact[name] = score.exact.get(name, 0) + (answer[name] == labels[name])
    if show:
        _show(ad, labels, levels, found, wanted, must, nice, answer)


def _judge_choices(score: Score, found: Iterable[set[str]], wanted: Iterable[list[str]]) -> None:
    score.count("alternatives").add(
        {p for g in found for p in _pairs(g)}, {p for g in wanted for p in _pairs(g)}
    )


def _pairs(group: Iterable[str]) -> set[frozenset[str]]:
    members = sorted(group)
    return {frozenset((a, b)) for i, a in enumerate(members) for b in members[i + 1 :]}


def _tech(skills: set[str]) -> set[str]:
    return {s for s in skills if load()[s].is_technology}


def _show(
    ad: Answer,
    labels: Answer,
    levels: dict[str, str],
    found: set[str],
    wanted: set[str],
    must: set[str],
    nice: set[str],
    answer: Answer,
) -> None:
    print(f"== {ad['id']} ({ad['language']})")
    print("   too much:", *(f"{s}:{levels[s]}" for s in sorted(found - wanted)))
    print("   missed:  ", *sorted(wanted - found))
    print(
        "   level:   ",
        *(
            f"{s}:{levels[s]}"
            for s in sorted(found & wanted)
            if (levels[s] == "required") != (s in must)
        ),
    )
    for name in ("any_of", "min_years", "degree", "is_backend"):
        if name == "any_of" and {p for g in answer[name] for p in _pairs(g)} == {
            p for g in labels[name] for p in _pairs(g)
        }:
            continue
        if answer[name] != labels[name]:
            print(f"   {name}: found {answer[name]}, is {labels[name]}")


def run(ads: list[Answer], read: Callable[[Answer], Answer], *, show: bool) -> Score:
    score = Score()
    read(ads[0])
    for ad in ads:
        begin = time.process_time()
        answer = read(ad)
        score.seconds += time.process_time() - begin
        judge(score, ad, answer, show=show)
    return score


VOCABULARY = frozenset(load()) - {"maintenance", "deployment", "feedback"}
"""The ids that labelled ads use; what the vocabulary knows beyond them is not judged."""

ROWS: tuple[tuple[str, Callable[[Score], float], str], ...] = (
    ("technologies, F1", lambda s: s.count("technologies").f1, ">= 0.97"),
    ("all kinds, F1", lambda s: s.count("all kinds").f1, ">= 0.93"),
    ("not English, all kinds, F1", lambda s: s.count("not English").f1, ">= 0.87"),
    ("level of those found, right", lambda s: s.level_right / max(1, s.level_all), ">= 0.90"),
    ("optional, F1", lambda s: s.count("optional").f1, ">= 0.78"),
    ("alternatives (pairs), F1", lambda s: s.count("alternatives").f1, ">= 0.75"),
    ("years, exact", lambda s: s.exact["min_years"] / s.ads, ">= 0.95"),
    ("degree, exact", lambda s: s.exact["degree"] / s.ads, ">= 0.95"),
    ("backend or not", lambda s: s.exact["is_backend"] / s.ads, ""),
    ("CPU per ad, ms", lambda s: 1000 * s.seconds / s.ads, "< 20"),
)


def main() -> int:
    parser = argparse.ArgumentParser(description="How well job ads are read.")
    parser.add_argument("labelled", type=Path)
    parser.add_argument("--wrong", action="store_true", help="show what was read wrongly")
    options = parser.parse_args()
    ads = [
        json.loads(line)
        for line in options.labelled.read_text("utf-8").splitlines()
        if line.strip()
    ]
    ours = run(ads, read_with_worksample, show=options.wrong)
    plain = run(ads, dictionary(), show=False)
    print(f"{'on ' + str(len(ads)) + ' ads':30} {'worksample':>11} {'dictionary':>11}  target")
    for name, value, target in ROWS:
        print(f"{name:30} {value(ours):11.3f} {value(plain):11.3f}  {target}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
