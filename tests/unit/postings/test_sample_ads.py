"""The parser on sample ads; the ads in `ads/` contain the special cases of each rule."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from worksample.postings.model import Posting, Source
from worksample.postings.parser import parse_posting
from worksample.skills import load

FILES = sorted((Path(__file__).parent / "ads").glob("*.toml"))
ADS: list[dict[str, Any]] = [
    ad for path in FILES for ad in tomllib.loads(path.read_text("utf-8"))["ad"]
]


def read(ad: dict[str, Any]) -> Posting:
    text = ad["text"].lstrip("\n")
    return parse_posting(Source(ad["name"], text, company=ad.get("company", "")))


def without_umbrellas(found: set[str], wanted: set[str]) -> set[str]:
    return {s for s in found if s in wanted or not wanted & set(load()[s].umbrella_of)}


def asserted(posting: Posting, ad: dict[str, Any], level: str) -> set[str]:
    wanted = {s for name in ("required", "optional", "used") for s in ad.get(name, ())}
    found = {r.skill for r in posting.sure if r.level == level}
    return without_umbrellas(found, wanted) - set(ad.get("ignore", ()))


@pytest.mark.parametrize("ad", ADS, ids=[ad["name"] for ad in ADS])
def test_finds_requirements_with_levels(ad: dict[str, Any]) -> None:
    posting = read(ad)
    for level in ("required", "optional", "used"):
        assert asserted(posting, ad, level) == set(ad.get(level, ())), level
    assert not {r.skill for r in posting.sure} & set(ad.get("nothing", ()))


@pytest.mark.parametrize("ad", ADS, ids=[ad["name"] for ad in ADS])
def test_finds_choices_years_degree_and_role(ad: dict[str, Any]) -> None:
    posting = read(ad)
    assert (posting.years.minimum if posting.years else None) == ad.get("years")
    degree = [posting.degree.level, posting.degree.strength] if posting.degree else None
    assert degree == ad.get("degree")
    assert posting.language == ad.get("language", "en")
    assert posting.is_backend == ad.get("backend", posting.is_backend)
    groups: dict[str, set[str]] = {}
    for requirement in posting.sure:
        if requirement.alternatives:
            groups.setdefault(requirement.alternatives, set()).add(requirement.skill)
    assert sorted(map(sorted, groups.values())) == sorted(map(sorted, ad.get("choices", [])))


@pytest.mark.parametrize("ad", ADS, ids=[ad["name"] for ad in ADS])
def test_quotes_match_text_of_ad(ad: dict[str, Any]) -> None:
    posting = read(ad)
    for requirement in posting.requirements:
        assert posting.source.text[requirement.start : requirement.end] == requirement.quote
    assert len({r.skill for r in posting.requirements}) == len(posting.requirements)


def test_sample_ads_cover_seven_languages() -> None:
    assert len(ADS) >= 40
    assert {"de", "fr", "es", "pt", "it", "pl"} <= {ad.get("language", "en") for ad in ADS}
