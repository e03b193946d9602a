"""Decide for each named skill whether it is required, optional, only used, or not asked at all.

The rules, the first that fits:
1. what a sentence excludes is nothing; what stands in offers, hiring steps and legal text too;
2. a hedge in the sentence makes what it reaches optional ("is a plus", "not required");
3. the section decides: wishes are optional, a stack is used, demands and tasks are required;
4. in running text the sentence decides by whom it speaks of: "we use" or "you know".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from worksample.postings.hits import Hit
from worksample.postings.layout import LIST, PLAIN, TITLE, Layout
from worksample.postings.model import Level
from worksample.postings.sentences import Sentence, excluded
from worksample.skills import load

NOT_ASKED = "named, but not asked in so many words"
SILENT = frozenset(("offer", "process", "legal"))


@dataclass(frozen=True, slots=True)
class Reading:
    """A named skill with its level, and why; `weight` tells which of several readings wins."""

    hit: Hit
    level: Level
    because: str
    weight: int
    unsure: bool


def read_levels(sentence: Sentence, layout: Layout) -> Iterator[Reading]:
    """What one sentence says about each of its skills; nothing for those it does not ask."""
    gone = excluded(sentence)
    hedged = dict(_hedged(sentence))
    for hit in sentence.hits:
        section = layout.section(sentence.tokens.start[hit.first])
        if hit in gone or section in SILENT:
            continue
        reading = hedged.get(hit) or _by_section(sentence, hit, section, layout)
        if reading is not None:
            yield reading


def _hedged(sentence: Sentence) -> Iterator[tuple[Hit, Reading]]:
    for cue in sentence.cues:
        if cue.group in ("optional", "optional_right", "not_needed"):
            weight = 10 if cue.group == "not_needed" else 7
            because = f"“{sentence.quote(cue)}”"
            for hit in sentence.reach(cue):
                yield hit, Reading(hit, "optional", because, weight, hit.unsure)


def _by_section(sentence: Sentence, hit: Hit, section: str, layout: Layout) -> Reading | None:
    if section == TITLE:
        return Reading(hit, "required", "in the title", 9, hit.unsure)
    because = _under(sentence, hit, layout)
    in_passing = layout.in_running_text(sentence.tokens.start[hit.first])
    if section == "optional" and in_passing and sentence.has("firm"):
        return Reading(hit, "required", "asked in the text", 6, hit.unsure)
    if section == "optional":
        return Reading(hit, "optional", because, 7, hit.unsure)
    used = _used(sentence, hit, listed=section in ("required", "tasks"))
    if used is not None:
        return used
    if section == "stack":
        return Reading(hit, "used", because, 2, hit.unsure)
    if section in ("required", "tasks"):
        return Reading(hit, "required", because, 8 if section == "required" else 6, hit.unsure)
    return _in_prose(sentence, hit, section, structured=layout.is_structured)


def _under(sentence: Sentence, hit: Hit, layout: Layout) -> str:
    span = layout.heading_of(sentence.tokens.start[hit.first])
    if span is None:
        return "in the text"
    heading = sentence.tokens.text[span[0] : span[1]].strip().strip("#*_-:• \n")
    return f"under “{heading[:60]}”"


def _used(sentence: Sentence, hit: Hit, *, listed: bool) -> Reading | None:
    """What the firm says that it uses; in a list of demands only where it speaks of itself."""
    if listed and (sentence.has("you") or not sentence.begins_with("we", within=1)):
        return None
    elsewhere = _FRONT.search(sentence.tokens.text, *_span(sentence)) is not None
    for cue in sentence.cues:
        behind = cue.group == "used" and not sentence.has("you")
        if cue.group in ("used", "used_passive") and (cue.first < hit.first or behind):
            return Reading(hit, "used", f"“{sentence.quote(cue)}”", 2, hit.unsure or elsewhere)
    return (
        Reading(hit, "used", "the team tells of itself", 2, hit.unsure or elsewhere)
        if listed
        else None
    )


_FRONT = re.compile(r"front[- ]?end", re.I)
"""What the front end is made of says nothing about a job behind it."""


def _span(sentence: Sentence) -> tuple[int, int]:
    return sentence.tokens.start[sentence.first], sentence.tokens.end[sentence.last]


def _in_prose(sentence: Sentence, hit: Hit, section: str, *, structured: bool) -> Reading | None:
    """In running text: asked when it speaks to the reader, told when it speaks of the firm."""
    skill = load()[hit.skill]
    asked = sentence.has("asked") or sentence.begins_with("task_verb")
    tells = sentence.begins_with("we") and not sentence.has("you")
    if asked and not tells and section in (PLAIN, LIST, "role"):
        weight = 8 if sentence.has("firm") else 5
        return Reading(hit, "required", "asked in the text", weight, hit.unsure)
    if asked and sentence.has("you") and section == "company" and skill.is_technology:
        return Reading(hit, "required", "asked in the text", 5, hit.unsure)
    if section in (PLAIN, LIST, "role") and not structured and not tells:
        return Reading(hit, "required", "asked in the text", 5, hit.unsure)
    if section == LIST and skill.is_technology and not tells:
        return Reading(hit, "used", "named in a list", 1, hit.unsure)
    if skill.is_technology:
        return Reading(hit, "used", NOT_ASKED, 1, unsure=True)
    return None
