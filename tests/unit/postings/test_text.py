"""The tokenizer, sentence splitting, phrase patterns and section detection."""

from __future__ import annotations

import pytest

from worksample.postings import lexicon
from worksample.postings.patterns import PhraseIndex
from worksample.postings.sections import detect_sections
from worksample.postings.tokens import Tokens, fold, tokenize


def words(text: str) -> Tokens:
    return tokenize(text, lexicon.known_words(), lexicon.item_starters())


def sentences(text: str) -> list[list[str]]:
    tokens = words(text)
    found: dict[int, list[str]] = {}
    for i in range(len(tokens)):
        found.setdefault(tokens.sentence[i], []).append(tokens.word(i))
    return list(found.values())


def matches(form: str, text: str) -> bool:
    index: PhraseIndex[str] = PhraseIndex()
    index.add([form], "x")
    return any(True for _ in index.find(words(text)))


@pytest.mark.parametrize("text", ["Große Übung", "İstanbul", "ŁÓDŹ", "naïve ﬁne", "ẞ", "日本語 Go"])
def test_fold_keeps_length(text: str) -> None:
    assert len(fold(text)) == len(text)


def test_names_with_symbols_are_tokens() -> None:
    assert words("C++, C# and .NET, ASP.NET in C").key == [
        *("c++", "c#", "and", ".net", "asp", ".net", "in", "c")
    ]


def test_addresses_give_no_tokens() -> None:
    text = "See https://go.dev/python, www.java.com or jobs@rust.org and github.com/php/php"
    assert words(text).key == ["see", "or", "and"]


def test_sentence_splitting_respects_abbreviations() -> None:
    assert len(sentences("We use e.g. Java. You know Go! Really?")) == 3
    assert len(sentences("Node.js and ASP.Net Core")) == 1
    assert len(sentences("experience.Knowledge of Go")) == 2


def test_splits_words_that_lost_line_break() -> None:
    assert sentences("good RedisExperience with AWSPreviously") == [
        ["good", "Redis"],
        ["Experience", "with", "AWS"],
        ["Previously"],
    ]
    for name in ("JavaScript", "PostgreSQL", "GitHub", "OpenShift", "JavaFX", "iOS"):
        assert sentences(name) == [[name]]


def test_joins_wrapped_lines_but_not_bullets() -> None:
    wrapped = "a long line of an ad that was broken at the width of a page with unit\ntests in it"
    assert matches("unit test*", wrapped)
    assert not matches("unit test*", "- unit\n- tests")


def test_phrase_patterns() -> None:
    assert matches("team player*", "a real Team-Player!")
    assert matches("work* _ team", "works in an agile team")
    assert not matches("work* _ team", "works. In a team")
    assert not matches("work* _ team", "works in one of the many big teams")
    assert matches("one|any of", "any of them")
    assert matches("k8s", "K8s")
    assert matches("résolution de problème*", "RESOLUTION DE PROBLEMES")
    assert not matches("unit test*", "unit, test")


def sections(text: str) -> list[tuple[str, str]]:
    layout = detect_sections(words(text), "")
    return [
        (line, layout.section_at(text.index(line)))
        for line in text.splitlines()
        if line.startswith(("- ", "x"))
    ]


def test_detects_headings_of_every_style() -> None:
    text = (
        "Backend Engineer\n\nxx About this firm.\n\n## What you'll do\n- one\n\n**Must have:**\n"
        "- two\n\nNICE TO HAVE\n- three\n\nOur stack:\n- four\n\n### Perks\n- five\n\n"
        "How to apply\n- six\n"
    )
    assert [section for _, section in sections(text)] == [
        *("plain", "tasks", "required", "optional", "stack", "offer", "process")
    ]


def test_section_ends_after_list() -> None:
    text = "Title\n\nRequirements:\n- one\n\nx We are a small firm that likes boats and the sea.\n"
    assert sections(text)[-1][1] == "plain"


def test_subheading_does_not_end_section() -> None:
    text = (
        "Title\n\n## Requirements\n### Backend\n- one\n### Databases\n- two\n## Benefits\n- three\n"
    )
    assert [section for _, section in sections(text)] == ["required", "required", "offer"]
