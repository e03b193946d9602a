"""Findings as the page shows them, with every text bounded."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, auto

import orjson

from worksample.checks import Figure, Finding, Timeline
from worksample.grading import Report
from worksample.messages import message, plural
from worksample.probes.exchange import Exchange, Headers
from worksample.probes.http import as_curl
from worksample.reports.page.chart import Chart, chart_of
from worksample.reports.page.swimlanes import SwimLanes, swim_lanes
from worksample.reports.support.formatting import (
    check_command,
    clause_text,
    duration,
    lines_of,
    outcome,
    request_line,
    rule_of,
    truncate,
)
from worksample.reports.support.numbering import NumberedFinding

_MAX_TEXT = 2000
_MAX_LINE = 300
_MAX_DETAILS = 40
_LOG_LINES, _FEW_LOG_LINES = 40, 6
_CURL = 12_000
_CULPRIT_BODY, _OTHER_BODY = 8000, 1500
_MAX_HEADERS = 30
_MAX_FIGURES = 6


@dataclass(frozen=True, slots=True)
class Message:
    """Head and body of a request or response as lines; `more` says how much was omitted."""

    head: tuple[str, ...]
    body: tuple[str, ...]
    more: str


@dataclass(frozen=True, slots=True)
class ExchangeView:
    """One exchange: a summary, and both messages."""

    label: str
    request_line: str
    outcome: str
    failed: bool
    culprit: bool
    duration: str
    request_message: Message
    response_message: Message | None
    detail: str


@dataclass(frozen=True, slots=True)
class FigureView:
    """A figure: either swim lanes or a chart."""

    lanes: SwimLanes | None = None
    chart: Chart | None = None


class Detail(IntEnum):
    """How much of a finding is shown: a page with many findings has no room for all of each.

    Each shows more than the one before. LINE: expected and actual. CULPRIT: besides, why, and the
    exchange that went wrong. WHOLE: all.
    """

    NOTHING = auto()
    LINE = auto()
    CULPRIT = auto()
    WHOLE = auto()


@dataclass(frozen=True, slots=True)
class FindingView:
    """A finding with everything that the page shows of it.

    `rerun_command` runs its check again; it is empty if `worksample replay` can reproduce it.
    `left_out` says what is not shown, and where it is.
    """

    numbered: NumberedFinding
    expected: str
    actual: str
    rule: str = ""
    clause: str = ""
    cites: str = ""
    because: str = ""
    why: str = ""
    hint: str = ""
    details: tuple[str, ...] = ()
    exchanges: tuple[ExchangeView, ...] = ()
    first_exchange: int = 1
    log: tuple[str, ...] = ()
    curl: tuple[str, ...] = ()
    figures: tuple[FigureView, ...] = ()
    rerun_command: str = ""
    left_out: str = ""

    @property
    def number(self) -> int:
        """The N of `worksample replay N`."""
        return self.numbered.number


def finding_view(report: Report, numbered: NumberedFinding, detail: Detail) -> FindingView:
    """Return what the page shows of a finding in so much detail."""
    finding, check = numbered.finding, numbered.result.check
    if detail is Detail.LINE:
        return FindingView(
            numbered,
            truncate(finding.expected, _MAX_LINE),
            truncate(finding.actual, _MAX_LINE),
            left_out=_left_out(numbered, len(finding.exchanges)),
        )
    whole = detail is Detail.WHOLE
    begin, shown = _shown_exchanges(finding, whole)
    return FindingView(
        numbered=numbered,
        rule=rule_of(check, finding),
        clause=clause_text(report, check, finding),
        cites=check.cites,
        expected=truncate(finding.expected, _MAX_TEXT),
        actual=truncate(finding.actual, _MAX_TEXT),
        because=truncate(finding.because, _MAX_TEXT),
        why=check.why,
        hint=truncate(finding.hint or check.hint, _MAX_TEXT),
        details=tuple(truncate(line, _MAX_TEXT) for line in finding.details[:_MAX_DETAILS]),
        exchanges=shown,
        first_exchange=begin + 1,
        log=tuple(lines_of(finding.log, _LOG_LINES if whole else _FEW_LOG_LINES)),
        curl=_curl(finding.exchanges) if whole and numbered.replayable else (),
        figures=tuple(map(_figure_view, finding.figures[:_MAX_FIGURES])),
        rerun_command="" if numbered.replayable else check_command(report, check),
        left_out=_left_out(numbered, len(finding.exchanges) - len(shown)),
    )


def _shown_exchanges(finding: Finding, whole: bool) -> tuple[int, tuple[ExchangeView, ...]]:
    """Return the index of the first exchange that is shown, and those that are."""
    begin, exchanges = 0, finding.exchanges
    if not whole:
        begin = len(exchanges) - 1 if finding.culprit is None else finding.culprit
        exchanges = exchanges[begin : begin + 1]
    views = (_exchange_view(e, begin + i == finding.culprit) for i, e in enumerate(exchanges))
    return max(begin, 0), tuple(views)


def _left_out(numbered: NumberedFinding, exchanges: int) -> str:
    """Return which exchanges are not shown, and what shows them; "" if all are."""
    finding = numbered.finding
    if not exchanges + finding.omitted_exchanges:
        return ""
    if finding.omitted_exchanges:
        return plural(
            exchanges + finding.omitted_exchanges,
            "1 request had no room in the report.",
            "{count} requests had no room in the report.",
        )
    return plural(
        exchanges,
        "1 request is not shown, to keep this page small: `worksample report --check {id}` shows "
        "it.",
        "{count} requests are not shown, to keep this page small: `worksample report --check {id}` "
        "shows them.",
        id=numbered.result.check.id,
    )


def _figure_view(figure: Figure) -> FigureView:
    if isinstance(figure, Timeline):
        return FigureView(lanes=swim_lanes(figure))
    return FigureView(chart=chart_of(figure))


def _curl(exchanges: tuple[Exchange, ...]) -> tuple[str, ...]:
    """Return the curl commands that send `exchanges`, or nothing if they are too long to read."""
    text = as_curl(exchanges) if exchanges else ""
    return tuple(text.rstrip().splitlines()) if len(text) <= _CURL else ()


def _exchange_view(exchange: Exchange, culprit: bool) -> ExchangeView:
    request, response = exchange.request, exchange.response
    limit = _CULPRIT_BODY if culprit else _OTHER_BODY
    version = f"{request_line(exchange)} HTTP/1.1"
    response_message = None
    if response is not None:
        response_message = _message(
            f"HTTP/1.1 {response.status}",
            response.headers,
            response.body,
            limit,
            response.omitted,
        )
    return ExchangeView(
        label=truncate(exchange.label, 200),
        request_line=request_line(exchange),
        outcome=outcome(exchange),
        failed=response is None or response.status >= 500,
        culprit=culprit,
        duration=duration(exchange.seconds),
        request_message=_message(version, request.headers, request.body, limit),
        response_message=response_message,
        detail=truncate("; ".join(filter(None, (exchange.detail, *exchange.notes))), _MAX_TEXT),
    )


def _message(first: str, headers: Headers, body: bytes, limit: int, omitted: int = 0) -> Message:
    head = [
        f"{truncate(name, 100)}: {truncate(value, 300)}" for name, value in headers[:_MAX_HEADERS]
    ]
    text = _pretty(body) if len(body) <= limit else body[:limit].decode("utf-8", "backslashreplace")
    left = max(0, len(body) - limit) + omitted
    more = message("and {more} more bytes", more=f"{left:,}") if left else ""
    return Message((first, *head), tuple(lines_of(text, 400, last=False)), more)


def _pretty(body: bytes) -> str:
    """Return JSON indented, anything else as text."""
    try:
        return orjson.dumps(orjson.loads(body), option=orjson.OPT_INDENT_2).decode("utf-8")
    except (ValueError, RecursionError):
        return body.decode("utf-8", "backslashreplace")
