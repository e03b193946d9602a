"""The labels of the ads in `unseen/` are well formed. bench/ads.py measures the parser on them."""

from __future__ import annotations

import tomllib
from collections import Counter
from pathlib import Path
from typing import Any, get_args

import pytest

from worksample.postings.model import DegreeLevel, Strength
from worksample.skills import load

FOLDER = Path(__file__).parent / "unseen"
LANGUAGES = {"english": "en", "french": "fr", "german": "de", "portuguese": "pt", "spanish": "es"}
LAYOUTS = {
    "bilingual",
    "bullets",
    "chat",
    "email",
    "form",
    "forum",
    "html",
    "json-ld",
    "markdown",
    "one-line",
    "prose",
    "questions",
    "table",
    "text",
}
SKILL_KEYS = ("required", "optional", "used", "either")
LABEL_KEYS = (*SKILL_KEYS, "choices", "either_choices", "years", "degree", "backend")
PARTS = ("developed", "degrees-1", "degrees-2", "degrees-3", "ordinary")
KEYS = {"name", "company", "language", "format", "part", "text", *LABEL_KEYS}


def read(stem: str) -> list[dict[str, Any]]:
    ads: list[dict[str, Any]] = tomllib.loads((FOLDER / f"{stem}.toml").read_text("utf-8"))["ad"]
    return ads


ADS = [ad for stem in LANGUAGES for ad in read(stem)]
each_ad = pytest.mark.parametrize("ad", ADS, ids=[ad["name"] for ad in ADS])


@pytest.mark.parametrize("stem", LANGUAGES)
def test_file_holds_ads_of_its_language(stem: str) -> None:
    assert {ad["language"] for ad in read(stem)} == {LANGUAGES[stem]}
    assert len(read(stem)) >= 10


def test_every_file_has_a_language() -> None:
    assert {path.stem for path in FOLDER.glob("*.toml")} == set(LANGUAGES)


def test_ads_are_many_and_varied() -> None:
    assert len(ADS) >= 60
    assert len({ad["name"] for ad in ADS}) == len(ADS)
    layouts = Counter(ad["format"] for ad in ADS)
    assert set(layouts) == LAYOUTS
    assert layouts["prose"] >= 14
    assert sum(not ad["backend"] for ad in ADS) >= 8


@pytest.mark.parametrize("part", PARTS)
def test_named_parts_are_in_every_language(part: str) -> None:
    languages = [ad["language"] for ad in ADS if ad.get("part") == part]
    assert len(languages) >= 20
    assert set(languages) == set(LANGUAGES.values())


def test_parts_are_known() -> None:
    assert {ad["part"] for ad in ADS if "part" in ad} == set(PARTS)


@each_ad
def test_labels_name_skills_of_vocabulary_once(ad: dict[str, Any]) -> None:
    assert set(ad) <= KEYS
    labelled = [skill for key in SKILL_KEYS for skill in ad.get(key, ())]
    assert set(labelled) <= set(load())
    assert len(set(labelled)) == len(labelled)


@each_ad
def test_choices_are_distinct_groups_of_labelled_skills(ad: dict[str, Any]) -> None:
    labelled = {skill for key in SKILL_KEYS[:3] for skill in ad.get(key, ())}
    keys = ("choices", "either_choices")
    groups = [frozenset(group) for key in keys for group in ad.get(key, ())]
    assert all(len(group) >= 2 and group <= labelled for group in groups)
    assert len(set(groups)) == len(groups)


@each_ad
def test_years_and_degree_are_valid(ad: dict[str, Any]) -> None:
    assert ad.get("years") is None or 1 <= ad["years"] <= 15
    level, strength = ad.get("degree", (None, None))
    assert level is None or level in get_args(DegreeLevel)
    assert strength is None or strength in get_args(Strength)
