"""Parse an ad: its requirements, years of experience, degree, language and role."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from worksample.messages import message
from worksample.postings import lexicon
from worksample.postings.choices import find_choices
from worksample.postings.degree import find_degree
from worksample.postings.language import detect_language
from worksample.postings.layout import TITLE, Layout
from worksample.postings.levels import MENTIONED_ONLY, LevelClassification, classify_levels
from worksample.postings.mentions import Mention, find_mentions
from worksample.postings.model import Posting, Requirement, Source
from worksample.postings.role import classify_role
from worksample.postings.sections import detect_sections
from worksample.postings.sentences import Sentence, find_sentences
from worksample.postings.tokens import Tokens, tokenize
from worksample.postings.years import find_years
from worksample.skills import LANGUAGES, load

FALLBACK_LANGUAGE = "en"


def parse_posting(source: Source) -> Posting:
    """Parse an ad. Does not raise: an ad without known skills gives no requirements."""
    tokens = tokenize(source.text, lexicon.known_words(), lexicon.item_starters())
    language = detect_language(tokens)
    lexicon_language = language if language in LANGUAGES else FALLBACK_LANGUAGE
    layout = detect_sections(tokens, source.title)
    title = source.title or _title(source.text, layout)
    mentions = find_mentions(tokens, lexicon_language, source.company)
    sentences = find_sentences(tokens, mentions, lexicon_language)
    requirements = _requirements(tokens, sentences, layout)
    if language not in LANGUAGES:
        requirements = tuple(_technical_only(requirements))
    is_backend, role = classify_role(title, tokens, [r.skill for r in requirements if not r.unsure])
    return Posting(
        source=source,
        title=title,
        language=language,
        is_backend=is_backend,
        role=role,
        requirements=requirements,
        years=find_years(source.text, layout, _hedged_spans(sentences)),
        degree=find_degree(source.text, layout, _technologies(tokens, mentions)),
        notes=tuple(_notes(language, is_backend, role)),
    )


def _technologies(tokens: Tokens, mentions: Iterable[Mention]) -> list[int]:
    """Return the offsets at which technologies are named, in order."""
    named = (m for m in mentions if load()[m.skill].is_technology)
    return sorted(tokens.start[m.first] for m in named)


def _technical_only(requirements: Iterable[Requirement]) -> Iterator[Requirement]:
    """Keep the technical skills of an ad in an unsupported language.

    A plain mention counts as required, because there are no cues for this language.
    """
    for requirement in requirements:
        if load()[requirement.skill].kind == "soft":
            continue
        bare = requirement.unsure and requirement.because == MENTIONED_ONLY
        yield replace(requirement, level="required", unsure=False) if bare else requirement


def _title(text: str, layout: Layout) -> str:
    if TITLE not in layout.names:
        return ""
    at = layout.names.index(TITLE)
    end = layout.starts[at + 1] if at + 1 < len(layout.starts) else len(text)
    line = " ".join(text[layout.starts[at] : end].split()).strip("#* _")
    line = re.sub(r"\s*:[a-z_0-9+-]+:\s*", " ", line).strip()
    return re.sub(r"(?i)^(?:job_?)?title\s*:\s*", "", line).strip("\"'")


def _notes(language: str, is_backend: bool, role: str) -> Iterable[str]:
    if language not in LANGUAGES:
        yield message(
            "The language of the ad ({language}) is not supported yet: only "
            "technical skills are extracted.",
            language=language,
        )
    if not is_backend:
        yield message("This ad looks like {role}, not like a backend job.", role=role)


def _hedged_spans(sentences: Sequence[Sentence]) -> list[tuple[int, int]]:
    """Return the spans in which a hedge applies: years of experience in them are optional."""
    spans = []
    for sentence in sentences:
        for cue in sentence.cues:
            if cue.group in ("optional", "optional_right", "not_needed"):
                tokens = sentence.tokens
                rightward = cue.group == "optional_right" or cue.first <= sentence.first + 1
                begin = cue.first if rightward else sentence.first
                end = sentence.last if rightward else cue.last
                spans.append((tokens.start[begin], tokens.end[end]))
    return spans


def _requirements(
    tokens: Tokens, sentences: Sequence[Sentence], layout: Layout
) -> tuple[Requirement, ...]:
    classifications: dict[str, list[LevelClassification]] = {}
    for sentence in sentences:
        for classification in classify_levels(sentence, layout):
            classifications.setdefault(classification.mention.skill, []).append(classification)
    groups = _choice_names(sentences, classifications)
    found = [
        _merge(tokens, skill, candidates, groups.get(skill))
        for skill, candidates in classifications.items()
    ]
    return tuple(sorted(found, key=lambda r: r.start))


def _merge(
    tokens: Tokens, skill: str, candidates: Sequence[LevelClassification], group: str | None
) -> Requirement:
    """Merge the classifications of all mentions of a skill: the highest weight wins."""
    best = max(
        _applicable(tokens, skill, candidates),
        key=lambda r: (not r.unsure, r.weight, -r.mention.first),
    )
    start, end = _span(tokens, best.mention)
    other_spans = tuple(sorted({_span(tokens, r.mention) for r in candidates} - {(start, end)}))
    return Requirement(
        skill=skill,
        level=best.level,
        quote=tokens.text[start:end],
        start=start,
        end=end,
        because=best.because,
        unsure=best.unsure,
        alternatives=group,
        other_spans=other_spans,
    )


def _applicable(
    tokens: Tokens, skill: str, candidates: Sequence[LevelClassification]
) -> Sequence[LevelClassification]:
    """Drop an optional mention of a practice that a task names with another word.

    "Agile" in the tasks and "Agile is a plus" give optional. "Scalable" and "profiling" are forms
    of one skill, but different things: an optional one does not weaken the other.
    """
    tasks = [r for r in candidates if r.level == "required" and not r.unsure]
    if load()[skill].is_technology or not tasks:
        return candidates
    words = {tokens.key[r.mention.first] for r in tasks}
    return [r for r in candidates if r.level != "optional" or tokens.key[r.mention.first] in words]


def _span(tokens: Tokens, mention: Mention) -> tuple[int, int]:
    return tokens.start[mention.first], tokens.end[mention.last]


def _choice_names(
    sentences: Sequence[Sentence], classifications: Mapping[str, Sequence[LevelClassification]]
) -> dict[str, str]:
    """Assign each skill to the most confident choice that contains it: {skill: choice name}."""
    sure = {
        (skill, r.mention.first)
        for skill, candidates in classifications.items()
        for r in candidates
        if not r.unsure
    }
    choices = [choice for sentence in sentences for choice in find_choices(sentence)]
    groups: dict[str, str] = {}
    for choice in sorted(choices, key=lambda c: (-c.confidence, -len(c.mentions))):
        members = [h.skill for h in choice.mentions if (h.skill, h.first) in sure]
        fresh = [skill for skill in dict.fromkeys(members) if skill not in groups]
        if len(fresh) > 1:
            name = f"choice-{len(set(groups.values())) + 1}"
            groups |= dict.fromkeys(fresh, name)
    return groups
