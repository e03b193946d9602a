"""One stored entry that makes a whole list fail: find it, so that it is told as the cause."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from worksample.checks import Answer, CheckFailed, Finding, cause_of, shorten
from worksample.messages import message

#: Takes limit and offset of a page.
ReadPage = Callable[[int, int], Awaitable[Answer]]
HINT = (
    "A write stored something that cannot be shown. Refuse it when it is written, and let no "
    "single row break a list."
)


async def raise_if_one_entry_breaks_it(
    page: Answer, limit: int, offset: int, read: ReadPage
) -> None:
    """Raise `CheckFailed` if a page that failed with 5xx does so because of one entry.

    `read` requests other pages of the same list. Nothing is raised if several entries fail, or if
    other requests change the list meanwhile so that the entry is not found.
    """
    if page.status < 500:
        return
    place = await _narrow_down(limit, offset, read)
    entry, *others = [await read(1, each) for each in (place, place + 1, place - 1) if each >= 0]
    if entry.status < 500 or any(each.status != 200 for each in others):
        return
    shown = (page, entry, *others)
    raise CheckFailed(
        Finding(
            expected="status 200",
            actual=message(
                "{status}, because of one entry: at offset {offset} a page of one answers {alone}, "
                "those beside it 200",
                status=page.status,
                offset=place,
                alone=entry.status,
            ),
            exchanges=tuple(each.exchange for each in shown),
            culprit=0,
            details=tuple(
                message("beside it: {entry}", entry=shorten(each.response.body)) for each in others
            ),
            hint=HINT,
            cause=cause_of(page.exchange),
        )
    )


async def _narrow_down(limit: int, offset: int, read: ReadPage) -> int:
    """Return the offset of an entry that fails on a page, by halving the page."""
    while limit > 1:
        half = limit // 2
        if (await read(half, offset)).status >= 500:
            limit = half
        else:
            limit, offset = limit - half, offset + half
    return offset
