"""Classify each skill mention as required, optional, used, or not a requirement.

The first rule that applies decides:
1. mentions that the sentence excludes ("no PHP"), and mentions in the sections on benefits, the
   hiring process and legal text, are not requirements;
2. a hedge ("is a plus", "not required") makes the mentions in its scope optional;
3. the section: nice-to-have gives optional, tech stack used, requirements and tasks required;
4. in running text, the subject of the sentence: "we use" gives used, "you know" required.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from worksample.messages import message
from worksample.postings.layout import LIST, PLAIN, TITLE, Layout
from worksample.postings.mentions import Mention
from worksample.postings.model import Level
from worksample.postings.sentences import Sentence, find_excluded
from worksample.skills import load

MENTIONED_ONLY = "mentioned, but not explicitly required"
IGNORED_SECTIONS = frozenset(("offer", "process", "legal", "unneeded"))


@dataclass(frozen=True, slots=True)
class LevelClassification:
    """A mention with its level and the reason. For each skill, the highest `weight` wins."""

    mention: Mention
    level: Level
    because: str
    weight: int
    unsure: bool


def classify_levels(sentence: Sentence, layout: Layout) -> Iterator[LevelClassification]:
    """Yield the classification of each mention in a sentence that is a requirement."""
    excluded = find_excluded(sentence)
    by_hedge = dict(_classify_by_hedges(sentence))
    for mention in sentence.mentions:
        section = layout.section_at(sentence.tokens.start[mention.first])
        if mention in excluded or section in IGNORED_SECTIONS:
            continue
        classification = by_hedge.get(mention) or _classify_by_section(
            sentence, mention, section, layout
        )
        if classification is not None:
            yield classification


def _classify_by_hedges(sentence: Sentence) -> Iterator[tuple[Mention, LevelClassification]]:
    for cue in sentence.cues:
        if cue.group in ("optional", "optional_right", "not_needed"):
            weight = 10 if cue.group == "not_needed" else 7
            because = f"“{sentence.quote(cue)}”"
            for mention in sentence.scope(cue):
                yield (
                    mention,
                    LevelClassification(mention, "optional", because, weight, mention.unsure),
                )


def _classify_by_section(
    sentence: Sentence, mention: Mention, section: str, layout: Layout
) -> LevelClassification | None:
    if section == TITLE:
        return LevelClassification(mention, "required", "in the title", 9, mention.unsure)
    because = _heading_reason(sentence, mention, layout)
    in_passing = layout.in_running_text(sentence.tokens.start[mention.first])
    if section == "optional" and in_passing and sentence.has("firm"):
        return LevelClassification(mention, "required", "required in the text", 6, mention.unsure)
    if section == "optional":
        return LevelClassification(mention, "optional", because, 7, mention.unsure)
    used = _classify_used(sentence, mention, in_requirement_list=section in ("required", "tasks"))
    if used is not None:
        return used
    if section == "stack":
        return LevelClassification(mention, "used", because, 2, mention.unsure)
    if section in ("required", "tasks"):
        return LevelClassification(
            mention, "required", because, 8 if section == "required" else 6, mention.unsure
        )
    return _classify_running_text(sentence, mention, section, structured=layout.is_structured)


def _heading_reason(sentence: Sentence, mention: Mention, layout: Layout) -> str:
    span = layout.heading_at(sentence.tokens.start[mention.first])
    if span is None:
        return "in the text"
    heading = sentence.tokens.text[span[0] : span[1]].strip().strip("#*_-:• \n")
    return message("under “{heading}”", heading=heading[:60])


def _classify_used(
    sentence: Sentence, mention: Mention, *, in_requirement_list: bool
) -> LevelClassification | None:
    """Classify technologies that the company says it uses.

    In a list of requirements this applies only to sentences about the company itself ("We ...").
    """
    if in_requirement_list and (sentence.has("you") or not sentence.begins_with("we", within=1)):
        return None
    about_front_end = _FRONT_END.search(sentence.tokens.text, *_span(sentence)) is not None
    for cue in sentence.cues:
        behind = cue.group == "used" and not sentence.has("you")
        if cue.group in ("used", "used_passive") and (cue.first < mention.first or behind):
            return LevelClassification(
                mention, "used", f"“{sentence.quote(cue)}”", 2, mention.unsure or about_front_end
            )
    return (
        LevelClassification(
            mention, "used", "the sentence describes the team", 2, mention.unsure or about_front_end
        )
        if in_requirement_list
        else None
    )


_FRONT_END = re.compile(r"front[- ]?end", re.I)
"""A technology that is used in the front end says nothing about a backend job."""


def _span(sentence: Sentence) -> tuple[int, int]:
    return sentence.tokens.start[sentence.first], sentence.tokens.end[sentence.last]


def _classify_running_text(
    sentence: Sentence, mention: Mention, section: str, *, structured: bool
) -> LevelClassification | None:
    """Classify by the subject of the sentence: the reader (required) or the company (used)."""
    skill = load()[mention.skill]
    is_demand = sentence.has("asked") or sentence.begins_with("task_verb")
    describes_company = sentence.begins_with("we") and not sentence.has("you")
    if is_demand and not describes_company and section in (PLAIN, LIST, "role"):
        weight = 8 if sentence.has("firm") else 5
        return LevelClassification(
            mention, "required", "required in the text", weight, mention.unsure
        )
    if is_demand and sentence.has("you") and section == "company" and skill.is_technology:
        return LevelClassification(mention, "required", "required in the text", 5, mention.unsure)
    if section in (PLAIN, LIST, "role") and not structured and not describes_company:
        return LevelClassification(mention, "required", "required in the text", 5, mention.unsure)
    if section == LIST and skill.is_technology and not describes_company:
        return LevelClassification(mention, "used", "mentioned in a list", 1, mention.unsure)
    if skill.is_technology:
        return LevelClassification(mention, "used", MENTIONED_ONLY, 1, unsure=True)
    return None
