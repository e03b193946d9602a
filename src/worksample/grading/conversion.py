"""Convert a report to the types of its JSON and back: what differs is named, the rest copied."""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from functools import cache
from inspect import signature
from typing import Any, TypeVar

import msgspec

from worksample.checks import Check, CheckResult, Figure, Finding, Growth, Timeline
from worksample.grading import schema
from worksample.grading.bodies import body_entry, body_of, compressed, decompressed
from worksample.grading.json_text import to_json
from worksample.grading.priority import Issue, issues_of
from worksample.grading.report import FORMAT, Report
from worksample.grading.selection import Selection
from worksample.grading.templates import messages_of, templates_of
from worksample.probes.exchange import Exchange, Request, Response

_T = TypeVar("_T")


def to_schema(report: Report, packed: Container[tuple[int, int]] = frozenset()) -> schema.Report:
    """Return `report` in the shape of its JSON, with durations rounded.

    `packed` are the findings to pack: the number of the result, and of its finding.
    """
    return _copy(
        schema.Report,
        report,
        format=FORMAT,
        challenge=schema.Challenge(
            report.challenge, report.challenge_title, report.challenge_version, dict(report.stages)
        ),
        profile=schema.Profile(report.profile, report.profile_title),
        digests=schema.Digests(report.challenge_digest, report.task_digest, report.digest),
        selection=str(report.selection),
        selected=report.selection,
        seconds=round(report.seconds, 3),
        timings={name: round(value, 3) for name, value in report.timings.items()},
        causes=[_cause_entry(issue) for issue in issues_of(report.results)],
        checks=[
            _check_entry(result, [(number, i) in packed for i in range(len(result.findings))])
            for number, result in enumerate(report.results)
        ],
    )


def from_schema(data: schema.Report) -> Report:
    """Return the report that `to_schema` turned into `data`.

    Raises msgspec.ValidationError if a figure contradicts itself.
    """
    challenge = data.challenge
    return _copy(
        Report,
        data,
        challenge=challenge.id,
        challenge_title=challenge.title,
        challenge_version=challenge.version,
        stages=challenge.stages,
        challenge_digest=data.digests.challenge,
        task_digest=data.digests.task,
        selection=data.selected or Selection.from_sentence(data.selection),
        profile=data.profile.id,
        profile_title=data.profile.title,
        results=tuple(_result(entry) for entry in data.checks),
    )


def _cause_entry(issue: Issue) -> schema.Cause:
    """Return a cause; on reading, causes are made anew from the findings."""
    return schema.Cause(
        title=issue.title,
        stage=issue.stage,
        harm=issue.harm.name.lower().replace("_", " "),
        operations=issue.operations,
        findings=tuple(
            schema.CauseFinding(each.check.id, each.result.findings.index(each.finding))
            for each in issue.failures
        ),
        blocked=issue.blocked,
    )


def _check_entry(result: CheckResult, packed: Sequence[bool]) -> schema.Check:
    return _copy(
        schema.Check,
        result.check,
        result,
        seconds=round(result.seconds, 4),
        findings=list(map(finding_entry, result.findings, packed)),
        remarks=list(map(finding_entry, result.remarks)),
    )


def _result(entry: schema.Check) -> CheckResult:
    return _copy(
        CheckResult,
        entry,
        check=_copy(Check, entry),
        findings=tuple(_finding(finding) for finding in entry.findings),
        remarks=tuple(_finding(remark) for remark in entry.remarks),
    )


def finding_entry(finding: Finding, packed: bool = False) -> schema.Finding:
    """Return `finding` in the shape of its JSON; `packed`, with exchanges and log compressed."""
    entry = _copy(
        schema.Finding,
        finding,
        figures=[_figure_entry(figure) for figure in finding.figures],
        exchanges=tuple(map(exchange_entry, finding.exchanges)),
        templates=templates_of(finding),
    )
    if packed:
        parts = to_json(schema.PackedParts(entry.log, entry.exchanges))
        entry.packed = schema.Packed(len(parts), compressed(parts))
        entry.log, entry.exchanges = "", ()
    return entry


def _finding(entry: schema.Finding) -> Finding:
    if entry.packed is not None:
        written = decompressed(entry.packed.gzip, entry.packed.size)
        parts = msgspec.json.decode(written, type=schema.PackedParts)
        entry.log, entry.exchanges = parts.log, parts.exchanges
    return _copy(
        Finding,
        entry,
        figures=tuple(_figure(each) for each in entry.figures if each["kind"] in _KNOWN_FIGURES),
        exchanges=tuple(_exchange(exchange) for exchange in entry.exchanges),
        **messages_of(entry),
    )


def exchange_entry(
    of: Exchange, to_entry: Callable[[bytes], schema.Body] = body_entry
) -> schema.Exchange:
    """Return an exchange in the shape of its JSON, its bodies as `to_entry` makes them."""
    asked, answer = of.request, of.response
    request = schema.Request(asked.method, asked.target, asked.headers, to_entry(asked.body))
    response = None
    if answer is not None:
        body = to_entry(answer.body)
        response = schema.Response(answer.status, answer.headers, body, answer.omitted)
    return schema.Exchange(
        of.label,
        round(of.started, 6),
        round(of.seconds, 6),
        of.notes,
        request,
        response,
        of.trouble,
        of.detail,
    )


def _exchange(of: schema.Exchange) -> Exchange:
    asked, answer = of.request, of.response
    request = Request(asked.method, asked.target, asked.headers, body_of(asked.body))
    response = None
    if answer is not None:
        response = Response(answer.status, answer.headers, body_of(answer.body), answer.omitted)
    return Exchange(
        request, response, of.trouble, of.detail, of.label, of.started, of.seconds, of.notes
    )


_KNOWN_FIGURES = (Timeline.kind, Growth.kind)


def _figure_entry(figure: Figure) -> schema.Figure:
    if isinstance(figure, Timeline):
        actors = tuple(schema.Actor(*actor) for actor in figure.actors)
        return _copy(schema.Timeline, figure, actors=actors)
    return _copy(schema.Growth, figure, lines=tuple(schema.Line(*line) for line in figure.lines))


def _figure(data: Any) -> Figure:
    entry = msgspec.convert(data, schema.Timeline | schema.Growth)
    if isinstance(entry, schema.Timeline):
        actors = tuple((actor.name, actor.asks) for actor in entry.actors)
        if any(not 0 <= beat.actor < len(actors) for beat in entry.beats):
            raise msgspec.ValidationError("a beat names an actor that does not exist")
        return _copy(Timeline, entry, actors=actors)
    lines = tuple((line.name, line.values) for line in entry.lines)
    if any(len(values) != len(entry.sizes) for _, values in lines):
        raise msgspec.ValidationError("a line has more or fewer values than there are sizes")
    return _copy(Growth, entry, lines=lines)


def _copy(kind: Callable[..., _T], *sources: Any, **changed: Any) -> _T:
    """Return a `kind` made of `changed` and, for its other fields, the attributes of `sources`."""
    names = _fields(kind)
    values = {name: getattr(s, name) for s in sources for name in names if hasattr(s, name)}
    return kind(**(values | changed))


@cache
def _fields(kind: Any) -> tuple[str, ...]:
    return tuple(signature(kind).parameters)
