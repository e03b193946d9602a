"""The lexicon: phrase indexes and patterns built from the data files, loaded on first use."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from worksample.postings.patterns import PhraseIndex, WordPattern, parse_phrase
from worksample.postings.tokens import Tokens, fold, tokenize
from worksample.skills import Skill, load, not_skills

NOT_A_SKILL = ""
"""The skill id of a phrase that only looks like a skill ("Spring Health")."""


@dataclass(frozen=True, slots=True)
class SkillForm:
    """The skill that a phrase names, and the conditions under which it counts.

    `spelling` is the required exact spelling, or empty. A `weak` form is ambiguous and needs
    supporting context, an `only_in_list` form a list of technologies around it. A `hint` is
    always reported as unsure.
    """

    skill: str
    spelling: str = ""
    weak: bool = False
    hint: bool = False
    only_in_list: bool = False


@cache
def _load_data(name: str) -> Mapping[str, Any]:
    return tomllib.loads(
        (files("worksample.postings") / "data" / f"{name}.toml").read_text("utf-8")
    )


@cache
def cues(language: str) -> PhraseIndex[str]:
    """Return the index of cue phrases; the value is the group ("optional", "used", ...).

    Phrases that mean something else in `language` (Portuguese "no") are left out.
    """
    index: PhraseIndex[str] = PhraseIndex()
    for group, table in _load_data("cues").items():
        foreign = table.get("not_in", {}).get(language, ())
        index.add((phrase for phrase in table["phrases"] if phrase not in foreign), group)
    return index


@cache
def headings() -> PhraseIndex[str]:
    """Return the index of heading phrases; the value is the section that the heading starts."""
    index: PhraseIndex[str] = PhraseIndex()
    for section in section_order():
        index.add(_load_data("headings")[section]["phrases"], section)
    return index


@cache
def section_order() -> tuple[str, ...]:
    """Return the section names in order of precedence."""
    return tuple(_load_data("headings")["order"])


@cache
def inline_headings() -> PhraseIndex[str]:
    """Return the index of headings that are specific enough to start a section within a line."""
    index: PhraseIndex[str] = PhraseIndex()
    for section, phrases in _load_data("headings")["inline"].items():
        index.add(phrases, section)
    return index


def degrees() -> Mapping[str, Any]:
    """Return the regular expressions for degrees, by group."""
    return _load_data("degrees")


def hedges() -> tuple[str, ...]:
    """Return the phrases that make the skill before them optional, in all languages."""
    return tuple(_load_data("cues")["optional"]["phrases"])


def years() -> Mapping[str, Any]:
    """Return the number words and the regular expressions for years of experience."""
    return _load_data("years")


def roles() -> Mapping[str, Any]:
    """Return the regular expressions for job titles, by group."""
    return _load_data("roles")


@cache
def languages() -> Mapping[str, frozenset[str]]:
    """Return the folded stop words that identify each language, by ISO 639-1 code."""
    return {code: frozenset(words) for code, words in _load_data("languages").items()}


@cache
def subheadings() -> frozenset[str]:
    """Return the folded words of subheadings, which divide a section without ending it."""
    return frozenset(_load_data("headings")["sub"]["words"])


@cache
def standalone_headings() -> Mapping[str, str]:
    """Return the section of each folded word that is a heading if alone ("You:", "Nice:")."""
    alone = _load_data("headings")["alone"]
    return {word: section for section, words in alone.items() for word in words}


@cache
def item_starters() -> frozenset[str]:
    """Return the folded words that start a list item."""
    return frozenset(fold(word) for word in _load_data("headings")["starters"]["words"])


@cache
def known_words() -> frozenset[str]:
    """Return every folded single word that names a technology."""
    words = {"devops", "github", "gitlab", "powershell"}
    for skill in load().values():
        if skill.is_technology:
            spelled = (*skill.forms["en"], *skill.exact, *skill.weak)
            words |= {fold(f) for f in spelled if f.isalpha()}
    return frozenset(words)


@cache
def skill_forms(language: str) -> PhraseIndex[SkillForm]:
    """Return the index of the forms of every skill in English and in `language`."""
    index: PhraseIndex[SkillForm] = PhraseIndex()
    for skill in load().values():
        codes = ["en", language] if language in skill.forms and language != "en" else ["en"]
        for code in codes:
            index.add(skill.forms[code], SkillForm(skill.id))
        index.add(skill.hints, SkillForm(skill.id, hint=True))
        _add_exact_forms(index, skill)
    index.add(not_skills(), SkillForm(NOT_A_SKILL))
    return index


def _add_exact_forms(index: PhraseIndex[SkillForm], skill: Skill) -> None:
    for spelling in skill.exact:
        index.add([_as_phrase(spelling)], SkillForm(skill.id, spelling))
    for spelling in skill.weak:
        index.add([_as_phrase(spelling)], SkillForm(skill.id, spelling, weak=True))
    for spelling in {w.lower() for w in (*skill.exact, *skill.weak) if w.isalpha() and len(w) > 1}:
        index.add([spelling], SkillForm(skill.id, spelling, weak=True, only_in_list=True))


def _as_phrase(spelling: str) -> str:
    return " ".join(tokenize(spelling, frozenset(), frozenset()).key)


@cache
def context_words(skill: str) -> tuple[WordSequences, WordSequences, WordSequences]:
    """Return a skill's context words: supporting (`near`), `not_before` and `not_after`."""
    found = load()[skill]
    return (
        WordSequences.of(found.near),
        WordSequences.of(found.not_before),
        WordSequences.of(found.not_after),
    )


@dataclass(frozen=True, slots=True)
class WordSequences:
    """Short word sequences to match at a position in the text."""

    sequences: tuple[tuple[WordPattern, ...], ...]

    @classmethod
    def of(cls, forms: Iterable[str]) -> WordSequences:
        """Parse `forms`, which must not contain gaps."""
        phrases = (parse_phrase(form) for form in forms)
        return cls(tuple(tuple(w for w in phrase if w is not None) for phrase in phrases))

    def follow(self, tokens: Tokens, i: int) -> bool:
        """Return whether one of the sequences follows word i in the same sentence."""
        return any(self._match_at(tokens, i + 1, s, i) for s in self.sequences)

    def precede(self, tokens: Tokens, i: int) -> bool:
        """Return whether one of the sequences ends right before word i in the same sentence."""
        return any(self._match_at(tokens, i - len(s), s, i) for s in self.sequences)

    def occur_in(self, tokens: Tokens, first: int, last: int) -> bool:
        """Return whether one of the sequences starts at a word from `first` to `last`."""
        return any(
            self._match_at(tokens, i, s, i) for s in self.sequences for i in range(first, last + 1)
        )

    @staticmethod
    def _match_at(tokens: Tokens, at: int, words: tuple[WordPattern, ...], near: int) -> bool:
        if at < 0 or at + len(words) > len(tokens):
            return False
        if tokens.sentence[at] != tokens.sentence[near]:
            return False
        return all(w.matches(tokens.key[at + k]) for k, w in enumerate(words))
