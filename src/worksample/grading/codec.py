"""Reports as JSON and back, as stored in `.worksample/runs/<run>/report.json`."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

import orjson

from worksample.checks import Aspect, Check, CheckResult, Finding, Verdict
from worksample.errors import BrokenReport
from worksample.grading import figure_codec
from worksample.grading.report import FORMAT, Problem, Report, RunVerdict
from worksample.probes.exchange import Exchange, Request, Response, Trouble

_CHECK_FIELDS = ("id", "title", "stage", "clause", "why", "cites", "hint", "since")


def encode(report: Report) -> bytes:
    """Return `report` as JSON."""
    options = orjson.OPT_INDENT_2 | orjson.OPT_NON_STR_KEYS
    data = as_data(report)
    try:
        return orjson.dumps(data, option=options)
    except TypeError:
        return orjson.dumps(_without_surrogates(data), option=options)


def read(path: Path) -> Report:
    """Read a saved report; raise `BrokenReport` if the file is not a report of this format."""
    try:
        data = orjson.loads(path.read_bytes())
    except OSError as error:
        raise BrokenReport(f"The report {path} cannot be read: {error.strerror}.") from None
    except ValueError:
        raise BrokenReport(f"The report {path} is incomplete.") from None
    found = data.get("format") if isinstance(data, dict) else None
    if found != FORMAT:
        raise BrokenReport(
            f"The report {path} has format {found}; this version of Worksample reads {FORMAT}.",
            hint="Use the version of Worksample that wrote it, or make a new report.",
        )
    try:
        return from_data(data)
    except (KeyError, TypeError, ValueError) as error:
        raise BrokenReport(
            f"The report {path} is broken: {type(error).__name__}: {error}."
        ) from None


def as_data(report: Report) -> dict[str, Any]:
    """Return `report` as plain data, in the format of docs/report.md."""
    return {
        "format": FORMAT,
        "run": report.run,
        "kind": report.kind,
        "verdict": report.verdict.value,
        "challenge": {
            "id": report.challenge,
            "title": report.challenge_title,
            "version": report.challenge_version,
            "stages": {str(number): title for number, title in report.stages.items()},
        },
        "stack": report.stack,
        "digest": report.digest,
        "seed": report.seed,
        "selection": report.selection,
        "started": report.started,
        "seconds": round(report.seconds, 3),
        "timings": {name: round(value, 3) for name, value in report.timings.items()},
        "requests": report.requests,
        "versions": dict(report.versions),
        "base_url": report.base_url,
        "prefix": report.prefix,
        "notes": list(report.notes),
        "problem": _problem_data(report.problem),
        "clauses": dict(report.clauses),
        "checks": [_result_data(result) for result in report.results],
    }


def from_data(data: dict[str, Any]) -> Report:
    """Return the report that `as_data` turned into `data`.

    Raises KeyError, TypeError or ValueError.
    """
    challenge = data["challenge"]
    problem = data["problem"]
    return Report(
        run=data["run"],
        kind=data["kind"],
        challenge=challenge["id"],
        challenge_title=challenge["title"],
        challenge_version=challenge["version"],
        stages={int(number): title for number, title in challenge["stages"].items()},
        stack=data["stack"],
        digest=data["digest"],
        seed=data["seed"],
        verdict=RunVerdict(data["verdict"]),
        started=data["started"],
        seconds=data["seconds"],
        versions=data["versions"],
        results=tuple(_result(entry) for entry in data["checks"]),
        problem=None if problem is None else Problem(**problem),
        notes=tuple(data["notes"]),
        selection=data["selection"],
        timings=data["timings"],
        requests=data["requests"],
        clauses=data["clauses"],
        base_url=data["base_url"],
        prefix=data["prefix"],
    )


def _problem_data(problem: Problem | None) -> dict[str, Any] | None:
    if problem is None:
        return None
    return {entry.name: _plain(getattr(problem, entry.name)) for entry in fields(problem)}


def _plain(value: Any) -> Any:
    return dict(value) if isinstance(value, Mapping) else value


def _result_data(result: CheckResult) -> dict[str, Any]:
    check = result.check
    return {
        **{name: getattr(check, name) for name in _CHECK_FIELDS},
        "aspect": check.aspect.value,
        "skills": list(check.skills),
        "lab": check.lab,
        "operations": list(check.operations),
        "verdict": result.verdict.value,
        "blocked_by": result.blocked_by,
        "reason": result.reason,
        "excused": result.excused,
        "seconds": round(result.seconds, 4),
        "requests": result.requests,
        "notes": list(result.notes),
        "findings": [_finding_data(finding) for finding in result.findings],
    }


def _result(data: dict[str, Any]) -> CheckResult:
    check = Check(
        **{name: data[name] for name in _CHECK_FIELDS},
        aspect=Aspect(data["aspect"]),
        skills=tuple(data["skills"]),
        lab=data.get("lab", False),
        operations=tuple(data.get("operations", ())),
    )
    return CheckResult(
        check=check,
        verdict=Verdict(data["verdict"]),
        findings=tuple(_finding(entry) for entry in data["findings"]),
        blocked_by=data["blocked_by"],
        reason=data["reason"],
        excused=data["excused"],
        seconds=data["seconds"],
        requests=data["requests"],
        notes=tuple(data["notes"]),
    )


def _finding_data(finding: Finding) -> dict[str, Any]:
    return {
        "expected": _text(finding.expected),
        "actual": _text(finding.actual),
        "because": _text(finding.because),
        "details": [_text(line) for line in finding.details],
        "hint": _text(finding.hint),
        "cause": _text(finding.cause),
        "log": _text(finding.log),
        "step": finding.step,
        "culprit": finding.culprit,
        "figures": [figure_codec.as_data(figure) for figure in finding.figures],
        "exchanges": [_exchange_data(exchange) for exchange in finding.exchanges],
    }


def _finding(data: dict[str, Any]) -> Finding:
    return Finding(
        expected=data["expected"],
        actual=data["actual"],
        because=data["because"],
        details=tuple(data["details"]),
        hint=data["hint"],
        cause=data["cause"],
        log=data["log"],
        step=data.get("step", False),
        culprit=data["culprit"],
        figures=figure_codec.from_data(data.get("figures", [])),
        exchanges=tuple(_exchange(entry) for entry in data["exchanges"]),
    )


def _exchange_data(exchange: Exchange) -> dict[str, Any]:
    request, response = exchange.request, exchange.response
    return {
        "label": _text(exchange.label),
        "started": round(exchange.started, 6),
        "seconds": round(exchange.seconds, 6),
        "notes": [_text(note) for note in exchange.notes],
        "request": {
            "method": request.method,
            "target": request.target,
            "headers": _headers_data(request.headers),
            "body": _body_data(request.body),
        },
        "response": None
        if response is None
        else {
            "status": response.status,
            "headers": _headers_data(response.headers),
            "body": _body_data(response.body),
        },
        "trouble": None if exchange.trouble is None else exchange.trouble.value,
        "detail": _text(exchange.detail),
    }


def _exchange(data: dict[str, Any]) -> Exchange:
    request, response = data["request"], data["response"]
    return Exchange(
        request=Request(
            request["method"],
            request["target"],
            _headers(request["headers"]),
            _body(request["body"]),
        ),
        response=None
        if response is None
        else Response(response["status"], _headers(response["headers"]), _body(response["body"])),
        trouble=None if data["trouble"] is None else Trouble(data["trouble"]),
        detail=data["detail"],
        label=data["label"],
        started=data["started"],
        seconds=data["seconds"],
        notes=tuple(data["notes"]),
    )


def _headers_data(headers: tuple[tuple[str, str], ...]) -> list[list[str]]:
    return [[name, value] for name, value in headers]


def _headers(data: list[list[str]]) -> tuple[tuple[str, str], ...]:
    return tuple((name, value) for name, value in data)


def _body_data(body: bytes) -> str | dict[str, str]:
    """Return UTF-8 as text, any other bytes as `{"base64": ...}`."""
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(body).decode("ascii")}


def _body(data: str | dict[str, str]) -> bytes:
    return data.encode("utf-8") if isinstance(data, str) else base64.b64decode(data["base64"])


def _text(text: str) -> str:
    """Return `text` with lone surrogates escaped: a target may send them, JSON cannot hold them."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _without_surrogates(value: Any) -> Any:
    """Return `value` with `_text` applied to every text in it."""
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, dict):
        return {_without_surrogates(key): _without_surrogates(each) for key, each in value.items()}
    return [_without_surrogates(each) for each in value] if isinstance(value, list) else value
