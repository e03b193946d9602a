"""Render a plan as an iCalendar file (RFC 5545), with one all-day event per step."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from math import ceil

from worksample.postings.planner import Plan, Step


def render(plan: Plan, *, begin: date, hours_a_week: float, now: datetime | None = None) -> str:
    """Return the calendar: consecutive steps from `begin` on, at `hours_a_week`.

    `now` is the time stamp of the events (default: the current time).
    """
    stamp = (now or datetime.now(UTC)).strftime("%Y%m%dT%H%M%SZ")
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Worksample//Plan//EN"]
    spent = 0.0
    for step in plan.steps:
        first = begin + timedelta(days=int(spent / hours_a_week * 7))
        spent += step.offer.hours
        last = begin + timedelta(days=ceil(spent / hours_a_week * 7))
        lines += _event(step, first, last, stamp)
    lines.append("END:VCALENDAR")
    return "".join(f"{piece}\r\n" for line in lines for piece in _folded(line))


def _event(step: Step, first: date, last: date, stamp: str) -> list[str]:
    offer = step.offer
    key = f"{offer.challenge} {offer.kind} {offer.stack} {first.isoformat()}"
    details = f"{step.because}\n{offer.command}".strip()
    return [
        "BEGIN:VEVENT",
        f"UID:{hashlib.sha256(key.encode()).hexdigest()[:32]}@worksample",
        f"DTSTAMP:{stamp}",
        f"DTSTART;VALUE=DATE:{first:%Y%m%d}",
        f"DTEND;VALUE=DATE:{last:%Y%m%d}",
        f"SUMMARY:{_escaped(f'{offer.title}: {offer.kind} ({offer.hours:g} h)')}",
        f"DESCRIPTION:{_escaped(details)}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def _escaped(text: str) -> str:
    for char in ("\\", ";", ","):
        text = text.replace(char, f"\\{char}")
    return text.replace("\n", "\\n")


def _folded(line: str) -> Iterator[str]:
    """Fold a line at 75 bytes; continuation lines start with a space (RFC 5545, section 3.1)."""
    current, limit = "", 75
    for char in line:
        if len((current + char).encode()) > limit:
            yield current
            current, limit = " ", 75
        current += char
    yield current
