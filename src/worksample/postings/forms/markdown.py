"""Render a plan as a Markdown checklist."""

from __future__ import annotations

import re
from collections.abc import Iterator

from worksample.messages import message
from worksample.postings.forms.highlights import replace_control_chars
from worksample.postings.forms.wording import (
    LEVEL_LABELS,
    describe_proofs,
    describe_touched_skills,
    facts,
)
from worksample.postings.model import Posting
from worksample.postings.planner import Plan

_SPECIAL = re.compile(r"([\\`*_\[\]<>#|!])")


def render(posting: Posting | None, plan: Plan) -> str:
    """Return the checklist for one ad, or for several (`posting` is None)."""
    return "\n".join(_lines(posting, plan)) + "\n"


def _lines(posting: Posting | None, plan: Plan) -> Iterator[str]:
    name = posting.title or posting.source.name if posting else "several ads"
    yield message("# Plan for {name}", name=plain(name))
    if posting:
        yield from ("", *(f"> {note}" for note in posting.notes)) if posting.notes else ()
        yield from (
            ("", message("Also required: {facts}.", facts="; ".join(facts(posting))))
            if facts(posting)
            else ()
        )
    yield from ("", message("## Work ({hours} hours)", hours=f"{plan.hours:g}"), "")
    for step in plan.steps:
        offer = step.offer
        yield f"- [ ] **{offer.kind}** {plain(offer.full_title)} ({offer.hours:g} h)"
        yield f"  {step.because}"
        if offer.command:
            yield f"  `{offer.command}`"
        for group in step.shows:
            shown = ", ".join(
                filter(None, (LEVEL_LABELS[group.level], describe_proofs(step, group)))
            )
            yield f"  - [ ] {group.name} ({shown})"
    if plan.touched:
        yield from ("", "## Soft skills (not scored)", "")
        yield from (f"- {skill}: {words}" for skill, words in describe_touched_skills(plan))
    if plan.uncovered:
        yield from ("", "## Not covered by the catalogue yet", "")
        yield from (f"- {group.name} ({LEVEL_LABELS[group.level]})" for group in plan.uncovered)
    yield from ("", *(f"> {note}" for note in plan.notes)) if plan.notes else ()


def plain(text: str) -> str:
    """Escape text from an ad, so that it is not interpreted as Markdown or HTML."""
    return _SPECIAL.sub(r"\\\1", " ".join(replace_control_chars(text).split()))
