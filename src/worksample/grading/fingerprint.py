"""The symptom of a finding: what it shows of its cause, from expectation, exchange and figures."""

from __future__ import annotations

import re

from worksample.checks import Finding, Timeline
from worksample.checks.model import culprit_of
from worksample.checks.request_kinds import pattern_of, shape_of
from worksample.grading.refusals import refusal_of
from worksample.grading.symptoms import (
    Accepted,
    Allowed,
    Keyed,
    NoAnswer,
    OtherRefusal,
    OtherSuccess,
    Refused,
    ServerError,
    Symptom,
    WrongShape,
    WrongValue,
)
from worksample.grading.violations import violation_of
from worksample.probes.exchange import Exchange, Trouble

NOTHING = Keyed("")
#: The values in a statement: quoted texts, numbers and placeholders.
_VALUES = re.compile(r"'(?:[^']|'')*'|\$\d+|(?<![\w.])\d[\w.]*")
#: The subject of an expectation: "articlesCount" in "articlesCount: 16".
_SUBJECT = re.compile(r"([A-Za-z][\w ,.'()-]{0,100}): ")
_STATUS = "status "


def symptom_of(finding: Finding) -> Symptom:
    """Return what goes wrong in `finding`; `NOTHING` if no other finding can share its cause."""
    failing = culprit_of(finding) or _only_server_error(finding)
    if failing is not None and failing.status >= 500:
        return _server_error(finding, failing)
    if failing is not None and failing.trouble and _is_about_the_answer(finding, failing):
        return _no_answer(finding, failing)
    if finding.inputs and failing is not None:
        return Accepted(pattern_of(failing.request), failing.status, finding.inputs)
    race = next((each for each in finding.figures if isinstance(each, Timeline)), None)
    if race is not None and not finding.cause:
        return Keyed(_race_key(finding, race))
    if (violation := violation_of(finding.expected, finding.actual)) and not _refused(failing):
        return WrongShape(violation)
    if failing is not None and failing.trouble is Trouble.TIMEOUT and not finding.cause:
        return _no_answer(finding, failing)
    if finding.cause:
        return Keyed(finding.cause)
    return _of_answer(finding)


def _is_about_the_answer(finding: Finding, failing: Exchange) -> bool:
    return bool(finding.inputs) or finding.cause == str(failing.trouble)


def _no_answer(finding: Finding, failing: Exchange) -> NoAnswer:
    """Return the symptom of a request that hangs by itself, or of broken connections in general."""
    hangs = failing.trouble is Trouble.TIMEOUT
    asked = f"{pattern_of(failing.request)} {shape_of(failing.request)}".strip() if hangs else ""
    return NoAnswer(str(failing.trouble), asked, finding.inputs)


def _of_answer(finding: Finding) -> Symptom:
    failing = culprit_of(finding)
    if failing is not None and failing.response is not None:
        if finding.expected.startswith(_STATUS):
            return _of_status(finding, failing)
        if _refused(failing):
            return _of_refusal(failing)
    last = failing or (finding.exchanges[-1] if finding.exchanges else None)
    subject = _SUBJECT.match(finding.expected)
    if last is None or subject is None:
        return NOTHING
    wanted = finding.expected[subject.end() :]
    return WrongValue(pattern_of(last.request), subject[1], wanted, finding.actual)


def _of_status(finding: Finding, failing: Exchange) -> Symptom:
    operation, status = pattern_of(failing.request), failing.status
    wanted = finding.expected.removeprefix(_STATUS)
    refusal_wanted = "4" in {each[0] for each in re.findall(r"\b\d\w\w\b", wanted)}
    if _refused(failing):
        return _of_refusal(failing, wanted if refusal_wanted else "")
    if refusal_wanted:
        return Allowed(operation, status, wanted, finding.because)
    return OtherSuccess(operation, status, wanted)


def _of_refusal(failing: Exchange, wanted: str = "") -> Symptom:
    """Return the symptom of a 4xx, where another (`wanted`) or none was expected."""
    operation, status = pattern_of(failing.request), failing.status
    refusal = refusal_of(failing)
    if refusal is not None and (refusal.absent or not wanted):
        return Refused(operation, status, refusal.words, refusal.absent)
    return OtherRefusal(operation, status, wanted) if wanted else NOTHING


def _server_error(finding: Finding, failing: Exchange) -> ServerError:
    assert failing.response is not None
    return ServerError(
        pattern_of(failing.request),
        failing.status,
        failing.response.body[:1000].decode("utf-8", "replace"),
        finding.error,
        finding.difference,
        finding.inputs,
    )


def _only_server_error(finding: Finding) -> Exchange | None:
    """Return the exchange with a 5xx of a finding that has no culprit, if there is exactly one."""
    failed = [each for each in finding.exchanges if each.status >= 500]
    return failed[0] if len(failed) == 1 and finding.culprit is None and finding.error else None


def _refused(exchange: Exchange | None) -> bool:
    return exchange is not None and 400 <= exchange.status < 500


def _race_key(finding: Finding, race: Timeline) -> str:
    """Return the marked statement and the other statements, without their values."""
    marked = next((_shape(beat.text) for beat in race.beats if beat.mark), "")
    requests = {f"{each.request.method} {each.request.target}" for each in finding.exchanges}
    statements = {beat.text for beat in race.beats if not beat.text.startswith("→")} - requests
    shapes = sorted({_shape(text) for text in statements})
    return f"race at {marked} among {'; '.join(shapes)}" if marked else ""


def _shape(statement: str) -> str:
    """Return a statement without its values."""
    return " ".join(_VALUES.sub("?", statement).lower().split())
