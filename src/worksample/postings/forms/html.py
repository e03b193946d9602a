"""An ad with its words marked, and its plan, as one self-contained page.

What comes from the ad is untrusted: the template escapes everything, and the page holds no script.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any

from worksample.postings.forms.marks import Piece, harmless, pieces_of
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

_WRAP = 60
"""A line this long that another follows was broken at the width of a page."""


@dataclass(slots=True)
class Line:
    """One line of the ad: what kind it is, and its pieces."""

    kind: str = "text"
    pieces: list[Piece] = field(default_factory=list)


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


def lines_of(pieces: Iterable[Piece]) -> list[Line]:
    """The ad's lines, with headings and items told by their marks, which are left out."""
    lines = [Line()]
    for piece in pieces:
        for number, part in enumerate(piece.text.split("\n")):
            if number:
                lines.append(Line())
            if part:
                lines[-1].pieces.append(Piece(part, piece.requirement, piece.fact, piece.main))
    for line in lines:
        _tell_kind(line)
    return _without_gaps(_unwrapped(lines))


def _tell_kind(line: Line) -> None:
    first = line.pieces[0] if line.pieces else None
    if first is None or not first.text.strip():
        line.kind = "gap" if len(line.pieces) < 2 else "text"
        return
    text = first.text.lstrip()
    for mark, kind in (("#", "heading"), ("- ", "item"), ("* ", "item"), ("• ", "item")):
        if text.startswith(mark):
            line.kind = kind
            line.pieces[0] = Piece(text.lstrip("#-*• "), first.requirement, first.fact, first.main)
            return


def _unwrapped(lines: Sequence[Line]) -> list[Line]:
    """Paragraphs whose lines were broken at a width become one line again."""
    kept: list[Line] = []
    for line in lines:
        before = kept[-1] if kept else Line("gap")
        wrapped = line.kind == before.kind == "text" and _length(before) >= _WRAP
        if wrapped or (
            line.kind == "text" and before.kind == "item" and line.pieces[0].text[:1] == " "
        ):
            before.pieces += [Piece(" "), *line.pieces]
        else:
            kept.append(line)
    return kept


def _length(line: Line) -> int:
    return sum(len(piece.text) for piece in line.pieces)


def _without_gaps(lines: Sequence[Line]) -> list[Line]:
    kept: list[Line] = []
    for line in lines:
        if line.kind != "gap" or (kept and kept[-1].kind != "gap"):
            kept.append(line)
    return kept
