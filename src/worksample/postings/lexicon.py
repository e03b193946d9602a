"""The phrases of the data files, ready to be found: loaded when first asked for."""

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
"""What a phrase means that only looks like a skill."""


@dataclass(frozen=True, slots=True)
class SkillForm:
    """What a found phrase stands for: a skill, and how it must be written to count.

    `weak` needs a witness, `only_in_list` a list of technologies around it; `hint` is never sure.
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
    """Every cue phrase, by the name of its group ("optional", "used", ...).

    Few are words of another meaning in another language (Portuguese "no"): those are left out.
    """
    index: PhraseIndex[str] = PhraseIndex()
    for group, table in _load_data("cues").items():
        foreign = table.get("not_in", {}).get(language, ())
        index.add((phrase for phrase in table["phrases"] if phrase not in foreign), group)
    return index


@cache
def headings() -> PhraseIndex[str]:
    """Every phrase of a heading, by the section that it begins."""
    index: PhraseIndex[str] = PhraseIndex()
    for section in section_order():
        index.add(_load_data("headings")[section]["phrases"], section)
    return index


@cache
def section_order() -> tuple[str, ...]:
    """The sections, the one that wins first."""
    return tuple(_load_data("headings")["order"])


@cache
def inline_headings() -> PhraseIndex[str]:
    """The headings that are sure enough to begin a section in running text."""
    index: PhraseIndex[str] = PhraseIndex()
    for section, phrases in _load_data("headings")["inline"].items():
        index.add(phrases, section)
    return index


def degrees() -> Mapping[str, Any]:
    """The patterns by which ads ask for a degree, by group."""
    return _load_data("degrees")


def years() -> Mapping[str, Any]:
    """The words for numbers, and the patterns by which ads ask for years of experience."""
    return _load_data("years")


def roles() -> Mapping[str, Any]:
    """The patterns by which a title tells a kind of work, by group."""
    return _load_data("roles")


@cache
def languages() -> Mapping[str, frozenset[str]]:
    """The words by which each language is told, folded."""
    return {code: frozenset(words) for code, words in _load_data("languages").items()}


@cache
def subheadings() -> frozenset[str]:
    """Words of headings that part a section and do not end it, folded."""
    return frozenset(_load_data("headings")["sub"]["words"])


@cache
def standalone_headings() -> frozenset[str]:
    """Words that are a heading of demands when they stand alone, folded."""
    return frozenset(_load_data("headings")["alone"]["words"])


@cache
def item_starters() -> frozenset[str]:
    """Words that begin a new item, folded."""
    return frozenset(fold(word) for word in _load_data("headings")["starters"]["words"])


@cache
def known_words() -> frozenset[str]:
    """Every folded word that names a technology by itself."""
    words = {"devops", "github", "gitlab", "powershell"}
    for skill in load().values():
        if skill.is_technology:
            spelled = (*skill.forms["en"], *skill.exact, *skill.weak)
            words |= {fold(f) for f in spelled if f.isalpha()}
    return frozenset(words)


@cache
def skill_forms(language: str) -> PhraseIndex[SkillForm]:
    """The forms of every skill in English and in this language."""
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
    """The words that witness for a skill, and those that speak against it before and after."""
    found = load()[skill]
    return (
        WordSequences.of(found.near),
        WordSequences.of(found.not_before),
        WordSequences.of(found.not_after),
    )


@dataclass(frozen=True, slots=True)
class WordSequences:
    """Short word sequences to compare with what stands at a place in the text."""

    sequences: tuple[tuple[WordPattern, ...], ...]

    @classmethod
    def of(cls, forms: Iterable[str]) -> WordSequences:
        """The sequences of these forms; gaps are not allowed."""
        phrases = (parse_phrase(form) for form in forms)
        return cls(tuple(tuple(w for w in phrase if w is not None) for phrase in phrases))

    def follow(self, tokens: Tokens, i: int) -> bool:
        """Whether one of them follows word i in the same sentence."""
        return any(self._match_at(tokens, i + 1, s, i) for s in self.sequences)

    def precede(self, tokens: Tokens, i: int) -> bool:
        """Whether one of them ends right before word i in the same sentence."""
        return any(self._match_at(tokens, i - len(s), s, i) for s in self.sequences)

    def occur_in(self, tokens: Tokens, first: int, last: int) -> bool:
        """Whether one of them stands anywhere from word `first` to word `last`."""
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
