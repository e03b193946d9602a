"""Expectations about what grows and what may not: statements, rows and bytes."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from worksample.checks import CheckFailed, Finding, Growth, shorten
from worksample.probes.work import growing_statements

from .read_cost_survey import ViewCost

Points = Sequence[tuple[int, ViewCost]]
_MOST_SHAPES = 4


def expect_no_more_statements(what: str, points: Points, size_of: str, *, slack: int) -> None:
    """Expect that a view costs as many statements for the most of `size_of` as for the least.

    `points` are (how many, what was seen), from least to most. Fewer than `slack` more are let
    pass: a server may ask a question only where there is something to ask.
    """
    (least, small), (most, large) = points[0], points[-1]
    if large.work.count - small.work.count < slack:
        return
    more = growing_statements(small.work, large.work)[:_MOST_SHAPES]
    raise CheckFailed(
        Finding(
            expected=f"{what}: as many statements for {most} {size_of} as for {least}, "
            f"which are {small.work.count}",
            actual=f"{large.work.count} statements for {most}",
            exchanges=(large.answer.exchange,),
            culprit=0,
            details=tuple(
                f"{after} times instead of {before}: {shorten(shape)}"
                for shape, before, after in more
            ),
            hint="Ask for all entries at once: with a join, or with one more statement for all of "
            "them (WHERE id = ANY (...)).",
            figures=(_figure(what, points, size_of, "statements", lambda seen: seen.work.count),),
        )
    )


def expect_no_more_rows(what: str, points: Points, size_of: str, *, slack: int, hint: str) -> None:
    """Expect that no more rows are fetched from the database for the most than for the least."""
    (least, small), (most, large) = points[0], points[-1]
    if large.work.rows - small.work.rows < slack:
        return
    raise CheckFailed(
        Finding(
            expected=f"{what}: about as many rows from the database with {most} {size_of} as with "
            f"{least}, which are {small.work.rows}",
            actual=f"{large.work.rows} rows with {most}",
            exchanges=(large.answer.exchange,),
            culprit=0,
            details=tuple(shorten(shape) for shape in large.work.statements)[:_MOST_SHAPES],
            hint=hint,
            figures=(_figure(what, points, size_of, "rows", lambda seen: seen.work.rows),),
        )
    )


def expect_no_longer_answer(what: str, points: Points, size_of: str, *, slack: int) -> None:
    """Expect that an answer has about as many bytes with the most as with the least."""
    (least, small), (most, large) = points[0], points[-1]
    if large.length - small.length < slack:
        return
    raise CheckFailed(
        Finding(
            expected=f"{what}: about as many bytes with {most} {size_of} as with {least}, "
            f"which are {small.length}",
            actual=f"{large.length} bytes with {most}",
            exchanges=(small.answer.exchange, large.answer.exchange),
            culprit=1,
            hint="Answer with what the contract names: a number, not those who are counted.",
            figures=(_figure(what, points, size_of, "bytes", lambda seen: seen.length),),
        )
    )


def _figure(
    what: str, points: Points, size_of: str, unit: str, value: Callable[[ViewCost], int]
) -> Growth:
    return Growth(
        title=f"{unit} for {what}",
        size_of=size_of,
        unit=unit,
        sizes=tuple(float(size) for size, _ in points),
        lines=((what, tuple(float(value(seen)) for _, seen in points)),),
    )
