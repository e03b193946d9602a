"""Render an ad with its requirements highlighted, and its plan, as a self-contained HTML page.

The text of an ad is untrusted: the template escapes everything, and the page contains no script.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files
from typing import Any

from worksample.messages import message
from worksample.postings.ad_statistics import AdStatistics
from worksample.postings.forms.highlights import highlighted_pieces, replace_control_chars
from worksample.postings.forms.lines import display_lines
from worksample.postings.forms.wording import (
    LEVEL_LABELS,
    choice_name,
    describe_proofs,
    describe_touched_skills,
    facts,
    requirements_by_level,
    unsure,
)
from worksample.postings.model import Posting
from worksample.postings.planner import Plan
from worksample.skills import load


def render(
    items: Sequence[tuple[Posting, Plan]], together: tuple[AdStatistics, Plan] | None = None
) -> str:
    """Return the page for ads with their plans; `together` adds the statistics over all ads."""
    from jinja2 import Environment, StrictUndefined

    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    template = files("worksample.postings.forms") / "plan.html.j2"
    page = environment.from_string(template.read_text("utf-8"))
    return page.render(
        ads=[_ad(number, *item) for number, item in enumerate(items, start=1)],
        field=_statistics(*together) if together else None,
        level_words=LEVEL_LABELS,
        proofs_of=describe_proofs,
        title=_title([posting for posting, _ in items]),
    )


def _title(postings: Sequence[Posting]) -> str:
    if len(postings) == 1:
        return replace_control_chars(postings[0].title or postings[0].source.name)
    return message("{count} job ads", count=len(postings))


def _ad(number: int, posting: Posting, plan: Plan) -> dict[str, Any]:
    return {
        "number": number,
        "posting": posting,
        "title": replace_control_chars(posting.title or posting.source.name),
        "name": replace_control_chars(posting.source.name),
        "lines": display_lines(highlighted_pieces(posting)),
        "levels": [
            (level, [_row(g) for g in groups]) for level, groups in requirements_by_level(posting)
        ],
        "facts": facts(posting),
        "unsure": [(load()[r.skill].name, replace_control_chars(r.quote)) for r in unsure(posting)],
        "plan": _plan(plan),
    }


def _row(members: list[Any]) -> dict[str, Any]:
    return {
        "ids": [m.skill for m in members],
        "name": choice_name(members),
        "quotes": list(
            dict.fromkeys(replace_control_chars(" ".join(m.quote.split())) for m in members)
        ),
        "because": replace_control_chars(members[0].because),
        "junior": load()[members[0].skill].junior,
    }


def _plan(plan: Plan) -> dict[str, Any]:
    return {
        "plan": plan,
        "touched": list(describe_touched_skills(plan)),
        "uncovered": [
            (level, [group.name for group in plan.uncovered if group.level == level])
            for level in LEVEL_LABELS
            if any(group.level == level for group in plan.uncovered)
        ],
    }


def _statistics(statistics: AdStatistics, plan: Plan) -> dict[str, Any]:
    rows = [
        {
            "name": load()[row.skill].name,
            "ads": row.ads,
            "share": row.ads / max(1, statistics.ads),
            "levels": [
                (level, number, number / max(1, statistics.ads)) for level, number in row.levels
            ],
        }
        for row in statistics.rows()
    ]
    return {
        "ads": statistics.ads,
        "others": statistics.not_backend,
        "rows": rows,
        "plan": _plan(plan),
    }
