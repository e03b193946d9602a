"""Read one ad: its requirements, years, degree, language and kind of work."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from worksample.postings import lexicon
from worksample.postings.choices import choices_in
from worksample.postings.degree import degree_in
from worksample.postings.hits import Hit, find_hits
from worksample.postings.language import language_of
from worksample.postings.layout import TITLE, Layout
from worksample.postings.levels import NOT_ASKED, Reading, read_levels
from worksample.postings.model import Posting, Requirement, Source
from worksample.postings.role import role_of
from worksample.postings.sections import lay_out
from worksample.postings.sentences import Sentence, sentences_of
from worksample.postings.tokens import Tokens, tokenize
from worksample.postings.years import years_in
from worksample.skills import LANGUAGES, load

OTHER_LANGUAGE = "en"


def understand(source: Source) -> Posting:
    """What this ad asks. Never raises: an ad that asks nothing has no requirements."""
    tokens = tokenize(source.text, lexicon.known_words(), lexicon.starters())
    language = language_of(tokens)
    spoken = language if language in LANGUAGES else OTHER_LANGUAGE
    layout = lay_out(tokens, source.title)
    title = source.title or _title(source.text, layout)
    sentences = sentences_of(tokens, find_hits(tokens, spoken, source.company), spoken)
    requirements = _requirements(tokens, sentences, layout)
    if language not in LANGUAGES:
        requirements = tuple(_without_soft(requirements))
    is_backend, role = role_of(title, tokens, [r.skill for r in requirements if not r.unsure])
    return Posting(
        source=source,
        title=title,
        language=language,
        is_backend=is_backend,
        role=role,
        requirements=requirements,
        years=years_in(source.text, layout, _hedged_spans(sentences)),
        degree=degree_in(source.text, layout),
        notes=tuple(_notes(language, is_backend, role)),
    )


def _without_soft(requirements: Iterable[Requirement]) -> Iterator[Requirement]:
    """In a language that is not read: technical skills, and believed where they stand bare."""
    for requirement in requirements:
        if load()[requirement.skill].kind == "soft":
            continue
        bare = requirement.unsure and requirement.because == NOT_ASKED
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
        yield (
            f"The ad is in a language ({language}) that is not read yet:"
            " only technical skills are found in it."
        )
    if not is_backend:
        yield f"This looks like {role}, not like a backend job."


def _hedged_spans(sentences: Sequence[Sentence]) -> list[tuple[int, int]]:
    """The spans that a hedge reaches: a number of years in them is no demand."""
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
    readings: dict[str, list[Reading]] = {}
    for sentence in sentences:
        for reading in read_levels(sentence, layout):
            readings.setdefault(reading.hit.skill, []).append(reading)
    groups = _groups(sentences, readings)
    found = [_merge(tokens, skill, said, groups.get(skill)) for skill, said in readings.items()]
    return tuple(sorted(found, key=lambda r: r.start))


def _merge(tokens: Tokens, skill: str, said: Sequence[Reading], group: str | None) -> Requirement:
    """One requirement out of all that is said about a skill: the weightiest reading counts."""
    best = max(_fair(tokens, skill, said), key=lambda r: (not r.unsure, r.weight, -r.hit.first))
    start, end = _span(tokens, best.hit)
    also = tuple(sorted({_span(tokens, r.hit) for r in said} - {(start, end)}))
    return Requirement(
        skill=skill,
        level=best.level,
        quote=tokens.text[start:end],
        start=start,
        end=end,
        because=best.because,
        unsure=best.unsure,
        alternatives=group,
        also=also,
    )


def _fair(tokens: Tokens, skill: str, said: Sequence[Reading]) -> Sequence[Reading]:
    """A wish tames a task that names the same thing; of a way of working it must be the same word.

    "Agile" in the tasks and "Agile is a plus" is a plus; "scalable" and "profiling" are two things.
    """
    tasks = [r for r in said if r.level == "required" and not r.unsure]
    if load()[skill].is_technology or not tasks:
        return said
    words = {tokens.key[r.hit.first] for r in tasks}
    return [r for r in said if r.level != "optional" or tokens.key[r.hit.first] in words]


def _span(tokens: Tokens, hit: Hit) -> tuple[int, int]:
    return tokens.start[hit.first], tokens.end[hit.last]


def _groups(
    sentences: Sequence[Sentence], readings: Mapping[str, Sequence[Reading]]
) -> dict[str, str]:
    """The choice to which each skill belongs: the surest that names it, then the first."""
    sure = {(skill, r.hit.first) for skill, said in readings.items() for r in said if not r.unsure}
    choices = [choice for sentence in sentences for choice in choices_in(sentence)]
    groups: dict[str, str] = {}
    for choice in sorted(choices, key=lambda c: (-c.sureness, -len(c.hits))):
        members = [h.skill for h in choice.hits if (h.skill, h.first) in sure]
        fresh = [skill for skill in dict.fromkeys(members) if skill not in groups]
        if len(fresh) > 1:
            name = f"choice-{len(set(groups.values())) + 1}"
            groups |= dict.fromkeys(fresh, name)
    return groups
