"""Keep the JSON of a report under two megabytes, whatever was found, and say what was left out.

Usually nothing is: bodies are bounded when a finding is made, and long ones are compressed, as are
the exchanges of findings far down (`packing`). Where not even that is enough, each finding gets the
first of these levels, and those to fix first get a better one as long as there is room:

BARE: of the exchanges the culprit alone, cut. BRIEF: all exchanges, of every response's body the
beginning; a replay compares that. LEAN: only the bodies that a replay does not need are cut. WHOLE:
as it was found.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from worksample.checks import CheckResult, Figure, Finding, Growth
from worksample.checks.evidence import MAX_LINE, cut, few_lines
from worksample.grading import codec, conversion
from worksample.grading.codec import LIMIT
from worksample.grading.json_text import to_json
from worksample.grading.packing import in_order
from worksample.grading.report import Problem, Report
from worksample.messages import message
from worksample.probes.exchange import Exchange
from worksample.probes.http.trimming import trimmed, trimmed_story, with_few_headers

_RESERVE = 20_000
_BODY, _BARE_BODY = 400, 200
_BUILD_LINES = 200
#: How many findings a check may have where even bare ones need too much room.
_FINDINGS = (12, 4, 1)


def bounded(report: Report) -> Report:
    """Return `report` with as much of each finding as has room in `LIMIT` bytes of JSON."""
    report = _with_bounded_texts(report)
    if len(codec.encode(report)) <= LIMIT:
        return report
    room = LIMIT - _RESERVE - codec.size_without_findings(report)
    results = _with_few_findings(report.results, room)
    left_out = _count(report.results) - _count(results)
    note = message(
        "{count} further findings of the same checks were left out of this report.", count=left_out
    )
    notes = (*report.notes, note) if left_out else report.notes
    return replace(report, results=_within(results, room), notes=notes)


def _with_few_findings(results: Sequence[CheckResult], room: int) -> Sequence[CheckResult]:
    """Return `results` with fewer findings for each check if not even bare ones have room."""
    for count in _FINDINGS:
        if sum(_size(_bare(found)) for each in results for found in each.findings) <= room:
            break
        results = [replace(each, findings=each.findings[:count]) for each in results]
    return results


def _count(results: Sequence[CheckResult]) -> int:
    return sum(len(each.findings) for each in results)


def _size(finding: Finding) -> int:
    return len(to_json(conversion.finding_entry(finding, packed=True)))


def _within(results: Sequence[CheckResult], room: int) -> tuple[CheckResult, ...]:
    """Return `results` with each finding as detailed as there is room for."""
    order = in_order(results)
    found = {place: results[place[0]].findings[place[1]] for place in order}
    kept = {place: _bare(finding) for place, finding in found.items()}
    sizes = {place: _size(finding) for place, finding in kept.items()}
    room -= sum(sizes.values())
    for reduced in (_brief, _lean, _whole):
        for place in order:
            better = reduced(found[place])
            more = _size(better) - sizes[place]
            if more <= room:
                room, kept[place] = room - more, better
                sizes[place] += more
    return tuple(
        replace(each, findings=tuple(kept[number, i] for i in range(len(each.findings))))
        for number, each in enumerate(results)
    )


def _whole(finding: Finding) -> Finding:
    return finding


def _lean(finding: Finding) -> Finding:
    return _short(finding, trimmed_story(finding.exchanges, finding.culprit, _BODY))


def _brief(finding: Finding) -> Finding:
    return _short(finding, [trimmed(each, _BODY) for each in finding.exchanges])


def _short(finding: Finding, story: Iterable[Exchange]) -> Finding:
    """Return `finding` with the exchanges `story`, fewer lines and cut figures."""
    return replace(
        finding,
        exchanges=tuple(with_few_headers(each, 20, 200) for each in story),
        details=few_lines(finding.details, 20, 300),
        log=_last_lines(finding.log, 8),
        figures=tuple(map(_cut_figure, finding.figures)),
    )


def _cut_figure(figure: Figure) -> Figure:
    if isinstance(figure, Growth):
        return figure
    beats = tuple(replace(beat, text=cut(beat.text, 300)) for beat in figure.beats)
    return replace(figure, beats=beats)


def _bare(finding: Finding) -> Finding:
    """Return `finding` with one exchange, to look at: the culprit, or the last one."""
    last = len(finding.exchanges) - 1 if finding.culprit is None else finding.culprit
    kept = finding.exchanges[last : last + 1]
    return replace(
        finding,
        expected=cut(finding.expected, 400),
        actual=cut(finding.actual, 400),
        because=cut(finding.because, 400),
        hint=cut(finding.hint, 400),
        details=few_lines(finding.details, 3, 200),
        exchanges=tuple(map(_bare_exchange, kept)),
        culprit=None if finding.culprit is None else 0,
        log=_last_lines(finding.log, 3),
        figures=tuple(map(_cut_figure, finding.figures)),
        omitted_exchanges=len(finding.exchanges) - len(kept),
    )


def _bare_exchange(exchange: Exchange) -> Exchange:
    request = exchange.request
    left_out = len(request.body) - _BARE_BODY
    note = message("the last {count} bytes of the request were left out", count=left_out)
    made = replace(
        exchange,
        request=replace(
            request,
            target=request.target[:300],
            headers=tuple((name[:100], value[:200]) for name, value in request.headers[:10]),
            body=request.body[:_BARE_BODY],
        ),
        notes=(*exchange.notes, note) if left_out > 0 else exchange.notes,
    )
    return with_few_headers(trimmed(made, _BARE_BODY), 4, 200)


def _last_lines(log: str, count: int) -> str:
    return "\n".join(cut(line, 300) for line in log.splitlines()[-count:])


def _with_bounded_texts(report: Report) -> Report:
    """Return `report` with notes, reasons and the log of a failed build of a limited size."""
    problem = report.problem
    return replace(
        report,
        results=tuple(
            replace(each, reason=cut(each.reason, 1000), notes=few_lines(each.notes, 20, 1000))
            for each in report.results
        ),
        notes=few_lines(report.notes, 200, 1000),
        problem=replace(problem, log=_last_lines_of_build(problem)) if problem else None,
    )


def _last_lines_of_build(problem: Problem) -> str:
    lines = problem.log.splitlines()[-_BUILD_LINES:]
    return "\n".join(cut(line, MAX_LINE) for line in lines)
