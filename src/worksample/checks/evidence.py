"""What a finding keeps: all findings of a run are in memory at once, whatever a target answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from worksample.checks.model import Finding, culprit_of
from worksample.messages import message
from worksample.probes.exchange import Exchange
from worksample.probes.http.trimming import trimmed_story

MAX_BODY = 8 * 1024
MAX_TEXT = 4000
MAX_LINE = 2000
MAX_DETAILS = 200
_MAX_EXCHANGES = 12
_LOG_LINES = 25


def bounded(finding: Finding) -> Finding:
    """Return `finding` with texts and response bodies of a limited size.

    What `worksample replay` needs is kept whole: every request, the responses with values that
    later requests use, and the response that is compared.
    """
    return replace(
        finding,
        expected=cut(finding.expected, MAX_TEXT),
        actual=cut(finding.actual, MAX_TEXT),
        exchanges=trimmed_story(finding.exchanges, finding.culprit, MAX_BODY),
        details=few_lines(finding.details, MAX_DETAILS, MAX_LINE),
    )


def with_exchanges(finding: Finding, exchanges: Sequence[Exchange]) -> Finding:
    """Give `finding` all exchanges of its check up to the culprit, unless it has several."""
    if len(finding.exchanges) > 1 or not exchanges:
        return finding
    culprit = finding.exchanges[0] if finding.exchanges else None
    index = _position(culprit, exchanges)
    until = exchanges if index is None else exchanges[: index + 1]
    kept = tuple(until[-_MAX_EXCHANGES:])
    return replace(finding, exchanges=kept, culprit=None if culprit is None else len(kept) - 1)


def _position(wanted: Exchange | None, exchanges: Sequence[Exchange]) -> int | None:
    if wanted is None:
        return None
    for index, exchange in enumerate(exchanges):
        if exchange.request is wanted.request and exchange.started == wanted.started:
            return index
    return None


def remark_evidence(remark: Finding) -> Finding:
    """Return `remark` with the exchange that shows it alone, which is not replayed."""
    shown = culprit_of(remark)
    if shown is None:
        return bounded(replace(remark, exchanges=(), culprit=None))
    short = replace(shown, request=replace(shown.request, body=shown.request.body[:MAX_BODY]))
    return bounded(replace(remark, exchanges=(short,), culprit=0))


def cut(text: str, limit: int) -> str:
    """Return `text` itself if it is short enough, else its first `limit` characters and "…"."""
    return text if len(text) <= limit else text[:limit] + "…"


def few_lines(lines: tuple[str, ...], count: int, length: int) -> tuple[str, ...]:
    """Return the first `count` lines, cut to `length`, and how many were left out."""
    kept = tuple(cut(line, length) for line in lines[:count])
    left_out = len(lines) - count
    if left_out <= 0:
        return kept
    return (*kept, message("and {count} more, which were left out", count=left_out))


def last_lines(log: str) -> str:
    """Return the last lines of a log, each cut to a limited length."""
    return "\n".join(cut(line, MAX_LINE) for line in log.splitlines()[-_LOG_LINES:])
