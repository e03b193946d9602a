"""Degrees and roles in many phrasings and languages: the phrases are in `phrases/`."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from worksample.postings.model import Posting, Source
from worksample.postings.parser import parse_posting

FOLDER = Path(__file__).parent / "phrases"


def load(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / name).read_text("utf-8"))


DEGREES = {p: g["expected"] for g in load("degrees.toml")["degree"] for p in g["phrases"]}
TITLES = {
    title: kind == "backend" for kind, titles in load("titles.toml").items() for title in titles
}
SKILLS = "Requirements\n- Java\n- PostgreSQL\n- Docker\n- REST APIs\n"
TABLE = "Backend Engineer\n\n| Topic | Asked |\n| --- | --- |\n{}\n"


def read(text: str) -> Posting:
    return parse_posting(Source("ad", text))


@pytest.mark.parametrize("phrase", DEGREES)
def test_finds_degree_in_phrase(phrase: str) -> None:
    found = read(f"Backend Engineer\n\nRequirements\n- {phrase}\n- Java\n").degree
    assert ([found.level, found.strength] if found else []) == DEGREES[phrase]


@pytest.mark.parametrize("title", TITLES)
def test_tells_backend_titles_from_others(title: str) -> None:
    assert read(f"{title}\n\n{SKILLS}").is_backend == TITLES[title]


def test_reads_label_and_value_of_table_together() -> None:
    found = read(TABLE.format("| Education | Bachelor's degree in computing |")).degree
    assert found
    assert (found.level, found.strength) == ("bachelor", "required")
    assert read(TABLE.format("| Degree | not needed |")).degree is None


def test_reads_answer_in_line_after_question() -> None:
    ad = "Backend Engineer\n\nDo I need a degree?\n{}\n\nWhat must I know?\nJava.\n"
    assert read(ad.format("No. We never look.")).degree is None
    assert read(ad.format("Yes, a bachelor's degree.")).degree is not None


def test_hedge_after_technology_is_about_technology() -> None:
    line = "Requirements: BSc in computing, three years of Java, Docker is a plus"
    found = read(f"Backend Engineer\n\n{line}\n").degree
    assert found
    assert found.strength == "required"


@pytest.mark.parametrize(
    ("job", "expected"),
    [("a backend developer", True), ("a data scientist", False), ("a technical writer", False)],
)
def test_finds_role_that_untitled_letter_seeks(job: str, expected: bool) -> None:
    wanted = f"We are looking for {job} with Python, PostgreSQL, SQL and Docker."
    assert read(f"Come and help us\n\n{wanted}\n").is_backend == expected


def test_front_end_framework_without_server_language_is_no_backend_job() -> None:
    skills = "Requirements\n- React\n- TypeScript\n- GraphQL\n"
    assert not read(f"Web Developer\n\nOur backend team helps.\n\n{skills}").is_backend
    assert read(f"Web Developer\n\n{skills}- Python\n").is_backend
