"""Fingerprints of findings: findings of one defect are grouped by them into one issue."""

from __future__ import annotations

import re

from worksample.checks import Finding, Timeline
from worksample.checks.answer import operation_of
from worksample.probes.exchange import Exchange

#: Words with a digit: values that checks generate for each run, or servers for each request.
_GENERATED = re.compile(r"[\w@.+-]*\d[\w@.+-]*")
#: A framework's own error page reads the same for every refusal.
_HTML_PAGE = re.compile(r"(?i)<(?:!doctype|html|title|h1)\b")
#: The values in a statement: quoted texts, numbers and placeholders.
_VALUES = re.compile(r"'(?:[^']|'')*'|\$\d+|(?<![\w.])\d[\w.]*")
#: The subject of an expectation: "articlesCount" in "articlesCount: 16".
_SUBJECT = re.compile(r"([A-Za-z][\w ,.'()-]{0,100}): ")


def fingerprint_of(finding: Finding) -> str:
    """Return a key that findings of one defect share, or an empty text if there is none.

    Three kinds of findings have a fingerprint: an operation refuses (4xx) valid requests with the
    same words, an operation returns a wrong value for the same subject, and the same statements
    race at the same place. An invalid request that was accepted has none, because every missing
    rule is a defect of its own.
    """
    race = next((each for each in finding.figures if isinstance(each, Timeline)), None)
    if race is not None:
        return _race_fingerprint(finding, race)
    failing = _failing_exchange(finding)
    if failing is None:
        return ""
    operation = operation_of(failing)
    if finding.culprit is not None and finding.expected.startswith("status "):
        refused = 400 <= failing.status < 500 and "4" not in finding.expected
        refused = refused and not _HTML_PAGE.search(finding.actual)
        return f"{operation} {_GENERATED.sub('#', finding.actual)}" if refused else ""
    subject = _SUBJECT.match(finding.expected)
    return f"{operation} {_GENERATED.sub('#', subject[1])}" if subject else ""


def _race_fingerprint(finding: Finding, race: Timeline) -> str:
    """Return the marked statement and the other statements, without their values."""
    marked = next((_shape(beat.text) for beat in race.beats if beat.mark), "")
    requests = {f"{each.request.method} {each.request.target}" for each in finding.exchanges}
    statements = {beat.text for beat in race.beats if not beat.text.startswith("→")} - requests
    shapes = sorted({_shape(text) for text in statements})
    return f"race at {marked} among {'; '.join(shapes)}" if marked else ""


def _shape(statement: str) -> str:
    """Return a statement without its values."""
    return " ".join(_VALUES.sub("?", statement).lower().split())


def _failing_exchange(finding: Finding) -> Exchange | None:
    """Return the culprit, or the last exchange if the finding names none."""
    if not finding.exchanges:
        return None
    index = len(finding.exchanges) - 1 if finding.culprit is None else finding.culprit
    return finding.exchanges[index] if 0 <= index < len(finding.exchanges) else None
