"""An ad with its words marked, and its plan, as one self-contained page.

What comes from the ad is untrusted: the template escapes everything, and the page holds no script.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files
from typing import Any

from worksample.postings.forms.lines import lines_of
from worksample.postings.forms.marks import harmless, pieces_of
from worksample.postings.forms.words import (
    LEVEL_WORDS,
    choice_name,
    facts,
    grouped,
    touched_words,
    unsure,
)
from worksample.postings.model import Posting
from worksample.postings.planner import Plan
from worksample.postings.together import Field
from worksample.skills import load


def render(
    items: Sequence[tuple[Posting, Plan]], together: tuple[Field, Plan] | None = None
) -> str:
    """The page for these ads with their plans, and for what they ask together."""
    from jinja2 import Environment, StrictUndefined

    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    template = files("worksample.postings.forms") / "plan.html.j2"
    page = environment.from_string(template.read_text("utf-8"))
    return page.render(
        ads=[_ad(number, *item) for number, item in enumerate(items, start=1)],
        field=_field(*together) if together else None,
        level_words=LEVEL_WORDS,
        title=_title([posting for posting, _ in items]),
    )


def _title(postings: Sequence[Posting]) -> str:
    if len(postings) == 1:
        return harmless(postings[0].title or postings[0].source.name)
    return f"{len(postings)} job ads"


def _ad(number: int, posting: Posting, plan: Plan) -> dict[str, Any]:
    return {
        "number": number,
        "posting": posting,
        "title": harmless(posting.title or posting.source.name),
        "name": harmless(posting.source.name),
        "lines": lines_of(pieces_of(posting)),
        "levels": [(level, [_row(g) for g in groups]) for level, groups in grouped(posting)],
        "facts": facts(posting),
        "unsure": [(load()[r.skill].name, harmless(r.quote)) for r in unsure(posting)],
        "plan": _plan(plan),
    }


def _row(members: list[Any]) -> dict[str, Any]:
    return {
        "ids": [m.skill for m in members],
        "name": choice_name(members),
        "quotes": list(dict.fromkeys(harmless(" ".join(m.quote.split())) for m in members)),
        "because": harmless(members[0].because),
        "junior": load()[members[0].skill].junior,
    }


def _plan(plan: Plan) -> dict[str, Any]:
    return {
        "plan": plan,
        "touched": list(touched_words(plan)),
        "uncovered": [
            (level, [ask.name for ask in plan.uncovered if ask.level == level])
            for level in LEVEL_WORDS
            if any(ask.level == level for ask in plan.uncovered)
        ],
    }


def _field(counted: Field, plan: Plan) -> dict[str, Any]:
    rows = [
        {
            "name": load()[row.skill].name,
            "ads": row.ads,
            "share": row.ads / max(1, counted.ads),
            "levels": [
                (level, number, number / max(1, counted.ads)) for level, number in row.levels
            ],
        }
        for row in counted.rows()
    ]
    return {"ads": counted.ads, "others": counted.others, "rows": rows, "plan": _plan(plan)}
