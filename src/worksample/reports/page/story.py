"""Findings as the page tells them: bounded, with every exchange in full words."""

from __future__ import annotations

from dataclasses import dataclass

import orjson

from worksample.checks import Figure, Timeline
from worksample.grading import Report
from worksample.probes.exchange import Exchange, Headers
from worksample.probes.http import as_curl
from worksample.reports.page.chart import Chart, chart_of
from worksample.reports.page.lanes import Lanes, lanes_of
from worksample.reports.support.numbering import Cause, Numbered, causes_of
from worksample.reports.support.words import (
    check_command,
    clause_text,
    cut,
    lines_of,
    outcome,
    request_line,
    took,
)

_MOST_TEXT = 2000
_MOST_DETAILS = 40
_LOG_LINES = 40
_CURL = 12_000
_CULPRIT_BODY, _OTHER_BODY = 8000, 1500
_MOST_HEADERS = 30
_MOST_FIGURES = 6


@dataclass(frozen=True, slots=True)
class Message:
    """Head and body of a request or a response, as lines; `more` says what was left out."""

    head: tuple[str, ...]
    body: tuple[str, ...]
    more: str


@dataclass(frozen=True, slots=True)
class Told:
    """One exchange: what was done, what came back, and both messages."""

    label: str
    asked: str
    came: str
    bad: bool
    culprit: bool
    took: str
    sent: Message
    got: Message | None
    detail: str


@dataclass(frozen=True, slots=True)
class FigureShown:
    """A figure as the page draws it: one of the two."""

    lanes: Lanes | None = None
    chart: Chart | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """A finding with all that the page says about it.

    `again` is the command that shows it again, where `worksample replay` cannot.
    """

    numbered: Numbered
    clause: str
    expected: str
    actual: str
    because: str
    hint: str
    details: tuple[str, ...]
    story: tuple[Told, ...]
    log: tuple[str, ...]
    curl: tuple[str, ...]
    figures: tuple[FigureShown, ...]
    again: str

    @property
    def number(self) -> int:
        """The N of `worksample replay N`."""
        return self.numbered.number


@dataclass(frozen=True, slots=True)
class CauseShown:
    """A cause with its findings; `blocks` counts the checks that wait for it."""

    lead: Shown
    others: tuple[Shown, ...]
    blocks: int


def causes_shown(report: Report) -> list[CauseShown]:
    """Return the causes of a report's failures, the first to fix first."""
    return [_cause(report, cause) for cause in causes_of(report)]


def _cause(report: Report, cause: Cause) -> CauseShown:
    lead, *others = [_shown(report, numbered) for numbered in cause.findings]
    return CauseShown(lead, tuple(others), len(cause.group.blocked))


def _shown(report: Report, numbered: Numbered) -> Shown:
    finding, check = numbered.finding, numbered.result.check
    return Shown(
        numbered=numbered,
        clause=clause_text(report, check),
        expected=cut(finding.expected, _MOST_TEXT),
        actual=cut(finding.actual, _MOST_TEXT),
        because=cut(finding.because, _MOST_TEXT),
        hint=cut(finding.hint or check.hint, _MOST_TEXT),
        details=tuple(cut(line, _MOST_TEXT) for line in finding.details[:_MOST_DETAILS]),
        story=tuple(_told(e, i == finding.culprit) for i, e in enumerate(finding.exchanges)),
        log=tuple(lines_of(finding.log, _LOG_LINES)),
        curl=_curl(finding.exchanges) if numbered.replayable else (),
        figures=tuple(map(_drawn, finding.figures[:_MOST_FIGURES])),
        again="" if numbered.replayable else check_command(report, check),
    )


def _drawn(figure: Figure) -> FigureShown:
    if isinstance(figure, Timeline):
        return FigureShown(lanes=lanes_of(figure))
    return FigureShown(chart=chart_of(figure))


def _curl(exchanges: tuple[Exchange, ...]) -> tuple[str, ...]:
    """Return the commands that send the story again, unless they are too long to read."""
    text = as_curl(exchanges) if exchanges else ""
    return tuple(text.rstrip().splitlines()) if len(text) <= _CURL else ()


def _told(exchange: Exchange, culprit: bool) -> Told:
    request, response = exchange.request, exchange.response
    most = _CULPRIT_BODY if culprit else _OTHER_BODY
    version = f"{request_line(exchange)} HTTP/1.1"
    got = None
    if response is not None:
        got = _message(f"HTTP/1.1 {response.status}", response.headers, response.body, most)
    return Told(
        label=cut(exchange.label, 200),
        asked=request_line(exchange),
        came=outcome(exchange),
        bad=response is None or response.status >= 500,
        culprit=culprit,
        took=took(exchange.seconds),
        sent=_message(version, request.headers, request.body, most),
        got=got,
        detail=cut("; ".join(filter(None, (exchange.detail, *exchange.notes))), _MOST_TEXT),
    )


def _message(first: str, headers: Headers, body: bytes, most: int) -> Message:
    head = [f"{cut(name, 100)}: {cut(value, 300)}" for name, value in headers[:_MOST_HEADERS]]
    text = _pretty(body) if len(body) <= most else body[:most].decode("utf-8", "backslashreplace")
    more = f"and {len(body) - most:,} more bytes" if len(body) > most else ""
    return Message((first, *head), tuple(lines_of(text, 400, last=False)), more)


def _pretty(body: bytes) -> str:
    """Return JSON with an indent, anything else as text."""
    try:
        return orjson.dumps(orjson.loads(body), option=orjson.OPT_INDENT_2).decode("utf-8")
    except (ValueError, RecursionError):
        return body.decode("utf-8", "backslashreplace")
