"""Expectations about costs that must not grow with the data: statements, rows and bytes."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from worksample.checks import CheckFailed, Finding, Growth, shorten
from worksample.messages import message
from worksample.probes.work import growing_statements
from worksample.suites.read_costs import ViewCost

Points = Sequence[tuple[int, ViewCost]]
_MOST_SHAPES = 4


def expect_no_more_statements(view: str, points: Points, size_of: str, *, slack: int) -> None:
    """Expect that a view needs as many statements for the largest size as for the smallest.

    `points` are (size, cost), ascending; `size_of` names what the size counts. Fewer than `slack`
    additional statements are allowed: a server may skip a query when there is nothing to query.
    """
    (least, small), (most, large) = points[0], points[-1]
    if large.work.count - small.work.count < slack:
        return
    more = growing_statements(small.work, large.work)[:_MOST_SHAPES]
    raise CheckFailed(
        Finding(
            expected=message(
                "{view}: {count} statements for {most} {size_of}, as for {least}",
                view=view,
                count=small.work.count,
                most=most,
                size_of=size_of,
                least=least,
            ),
            actual=message("{count} statements", count=large.work.count),
            exchanges=(large.answer.exchange,),
            culprit=0,
            details=tuple(
                message(
                    "executed {after} times instead of {before}: {shape}",
                    after=after,
                    before=before,
                    shape=shorten(shape),
                )
                for shape, before, after in more
            ),
            hint="Query all entries at once: with a join, or with one additional statement for "
            "all of them (WHERE id = ANY (...)).",
            figures=(_figure(view, points, size_of, "statements", lambda seen: seen.work.count),),
        )
    )


def expect_no_more_rows(view: str, points: Points, size_of: str, *, slack: int, hint: str) -> None:
    """Expect that a view fetches as many rows for the largest size as for the smallest.

    `points`, `size_of` and `slack` as in `expect_no_more_statements`.
    """
    (least, small), (most, large) = points[0], points[-1]
    if large.work.rows - small.work.rows < slack:
        return
    raise CheckFailed(
        Finding(
            expected=message(
                "{view}: about {rows} rows fetched with {most} {size_of}, as with {least}",
                view=view,
                rows=small.work.rows,
                most=most,
                size_of=size_of,
                least=least,
            ),
            actual=message("{rows} rows fetched", rows=large.work.rows),
            exchanges=(large.answer.exchange,),
            culprit=0,
            details=tuple(shorten(shape) for shape in large.work.statements)[:_MOST_SHAPES],
            hint=hint,
            figures=(_figure(view, points, size_of, "rows", lambda seen: seen.work.rows),),
        )
    )


def expect_no_longer_answer(view: str, points: Points, size_of: str, *, slack: int) -> None:
    """Expect that a response is as long for the largest size as for the smallest.

    `points`, `size_of` and `slack` (in bytes) as in `expect_no_more_statements`.
    """
    (least, small), (most, large) = points[0], points[-1]
    if large.length - small.length < slack:
        return
    raise CheckFailed(
        Finding(
            expected=message(
                "{view}: about {length} bytes with {most} {size_of}, as with {least}",
                view=view,
                length=small.length,
                most=most,
                size_of=size_of,
                least=least,
            ),
            actual=message("{length} bytes", length=large.length),
            exchanges=(small.answer.exchange, large.answer.exchange),
            culprit=1,
            hint="Answer with the fields that the contract names: the number of people, not the "
            "people.",
            figures=(_figure(view, points, size_of, "bytes", lambda seen: seen.length),),
        )
    )


def _figure(
    view: str, points: Points, size_of: str, unit: str, value: Callable[[ViewCost], int]
) -> Growth:
    return Growth(
        title=message("{unit} for {view}", unit=unit, view=view),
        size_of=size_of,
        unit=unit,
        sizes=tuple(float(size) for size, _ in points),
        lines=((view, tuple(float(value(seen)) for _, seen in points)),),
    )
