"""Labelled job ads: read from TOML folders or JSON Lines, and what a reader finds in each.

The keys of a TOML ad are described in tests/unit/postings/unseen/README.md. A line of a JSON Lines
file is {"id", "title", "text", "language", "format", "labels": {"must", "nice", "any_of",
"min_years", "degree", "is_backend"}}.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from plan import ad_text

from worksample.errors import PostingError
from worksample.postings.model import Posting, Source
from worksample.postings.parser import parse_posting
from worksample.postings.sources import ads_from_bytes

NOT_IN_JSON_LINES = frozenset({"maintenance", "deployment", "feedback"})
"""Skills that were added to the vocabulary after the ads in JSON Lines were labelled."""

Groups = frozenset[frozenset[str]]


@dataclass(frozen=True)
class Reading:
    """What a person labelled in an ad, or what the parser found in it.

    `levels` holds `required`, `optional` or `used` by skill. `degree` is (level, strength).
    `backend` is None if nobody labelled it. `rejected` is the message of a reader that does not
    take the text for an ad, and finds nothing in it.
    """

    levels: dict[str, str]
    choices: Groups = frozenset()
    years: float | None = None
    degree: tuple[str, str] | None = None
    backend: bool | None = None
    rejected: str = ""


@dataclass(frozen=True)
class LabelledAd:
    """An ad with its labels. The source is bytes if it must be read as a file first.

    `part` is the part of the ads that it names, if any.
    Skills in `ignored`, and groups within a group of `ignored_choices`, count neither as found nor
    as missed.
    """

    name: str
    language: str
    layout: str
    source: Source | bytes
    labels: Reading
    ignored: frozenset[str] = frozenset()
    ignored_choices: Groups = frozenset()
    part: str = ""


def parse(ad: LabelledAd) -> Reading:
    """Return what the parser finds in an ad, without the mentions that it is unsure of."""
    if isinstance(ad.source, Source):
        return _reading(parse_posting(ad.source))
    try:
        return _reading(parse_posting(next(iter(ads_from_bytes(ad.name, ad.source)))))
    except PostingError as error:
        return Reading({}, rejected=str(error))


def _reading(posting: Posting) -> Reading:
    groups: dict[str, set[str]] = {}
    for requirement in posting.sure:
        if requirement.alternatives:
            groups.setdefault(requirement.alternatives, set()).add(requirement.skill)
    return Reading(
        levels={requirement.skill: requirement.level for requirement in posting.sure},
        choices=_groups(groups.values()),
        years=posting.years.minimum if posting.years else None,
        degree=(posting.degree.level, posting.degree.strength) if posting.degree else None,
        backend=posting.is_backend,
    )


def from_toml(path: Path) -> Iterator[LabelledAd]:
    """Yield the ads of a TOML file, or of all TOML files in a folder.

    Raises OSError if `path` cannot be read, and ValueError if it is no TOML.
    """
    for file in sorted(path.glob("*.toml")) if path.is_dir() else [path]:
        for ad in tomllib.loads(file.read_text("utf-8"))["ad"]:
            yield _ad_from_toml(ad)


def _ad_from_toml(ad: dict[str, Any]) -> LabelledAd:
    levels = ("required", "optional", "used")
    return LabelledAd(
        name=ad["name"],
        language=ad.get("language", "en"),
        layout=ad.get("format", "text"),
        source=ad["text"].lstrip("\n").encode(),
        labels=Reading(
            levels={skill: level for level in levels for skill in ad.get(level, ())},
            choices=_groups(ad.get("choices", ())),
            years=ad.get("years"),
            degree=tuple(ad["degree"]) if "degree" in ad else None,
            backend=ad.get("backend"),
        ),
        ignored=frozenset(ad.get("either", ())) | frozenset(ad.get("ignore", ())),
        ignored_choices=_groups(ad.get("either_choices", ())),
        part=ad.get("part", ""),
    )


def from_json_lines(path: Path) -> Iterator[LabelledAd]:
    """Yield the ads of a JSON Lines file; raises OSError or ValueError as from_toml does."""
    for line in path.read_text("utf-8").splitlines():
        if line.strip():
            yield _ad_from_json(json.loads(line))


def _ad_from_json(ad: dict[str, Any]) -> LabelledAd:
    labels, degree = ad["labels"], ad["labels"]["degree"]
    return LabelledAd(
        name=ad["id"],
        language=ad["language"],
        layout=ad["format"],
        source=Source(ad["id"], ad_text(ad), title=ad["title"]),
        labels=Reading(
            levels=dict.fromkeys(labels["nice"], "optional")
            | dict.fromkeys(labels["must"], "required"),
            choices=_groups(labels["any_of"]),
            years=labels["min_years"],
            degree=(degree["level"], degree["strength"]) if degree else None,
            backend=labels["is_backend"],
        ),
        ignored=NOT_IN_JSON_LINES,
    )


def _groups(groups: Iterable[Iterable[str]]) -> Groups:
    return frozenset(frozenset(group) for group in groups)
