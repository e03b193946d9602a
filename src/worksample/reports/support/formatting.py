"""Texts that all forms share: exchanges, clauses, durations, numbers."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence

from worksample.checks import Check, Finding
from worksample.checks.formatting import printable, shorten
from worksample.checks.model import culprit_of
from worksample.grading import Report
from worksample.messages import message
from worksample.probes.exchange import Exchange
from worksample.stacks.base import error_place, stacks

_MAX_TARGET = 120
_STEP_LABELS = {"asking": "running checks"}


def request_line(exchange: Exchange) -> str:
    """Return "POST /api/users", printable and bounded."""
    request = exchange.request
    target = printable(request.target[: _MAX_TARGET * 2])
    return f"{printable(request.method[:20])} {truncate(target, _MAX_TARGET)}"


def outcome(exchange: Exchange) -> str:
    """Return the status, or why there was no response."""
    if exchange.response is None:
        return str(exchange.trouble)
    return str(exchange.status)


def duration(seconds: float) -> str:
    """Return a duration in a suitable unit: "4 ms", "1.3 s", "2 min 5 s"."""
    if seconds < 0.9995:
        return message("{seconds} ms", seconds=f"{seconds * 1000:.0f}")
    if seconds < 99.95:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return message("{minutes} min {rest} s", minutes=minutes, rest=rest)


def body_line(body: bytes, max_length: int = 300) -> str:
    """Return a body as one printable line."""
    return shorten(body, max_length) if body else "no body"


def number(value: float) -> str:
    """Return "1,200" or "0.25": three digits if it is not a whole number."""
    if value == round(value):
        return f"{value:,.0f}"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def factor(values: Sequence[float]) -> str:
    """Return the ratio of the last to the first of `values`, "×16"; "" if it is undefined."""
    if len(values) < 2 or values[0] <= 0:
        return ""
    return f"×{number(float(f'{values[-1] / values[0]:.2g}'))}"


def truncate(text: str, max_length: int) -> str:
    """Return `text`, shortened with an ellipsis to at most `max_length` characters."""
    return text if len(text) <= max_length else text[: max_length - 1] + "…"


def rule_of(check: Check, finding: Finding | None = None) -> str:
    """Return the id of the rule that `finding` breaks, or else that `check` tests."""
    return (finding.clause if finding else "") or check.clause


def clause_text(report: Report, check: Check, finding: Finding | None = None) -> str:
    """Return the text of the rule that `finding` breaks or `check` tests, or an empty text."""
    return report.clauses.get(rule_of(check, finding), "")


def check_command(report: Report, check: Check) -> str:
    """Return the command that runs `check` again with the seeds of this run."""
    return f"worksample check --only {check.id} {report.repeating}"


def lines_of(text: str, limit: int, max_length: int = 400, *, last: bool = True) -> list[str]:
    """Return the last (or first) `limit` lines of untrusted text, each printable and bounded.

    Paths into the copy of the submission and into packages are shown relative to it.
    """
    lines = text.splitlines()
    local = _local_prefix()
    chosen = lines[-limit:] if last else lines[:limit]
    return [
        truncate(printable(local.sub("", line[: max_length * 2]).expandtabs(4)), max_length)
        for line in chosen
    ]


def code_place(log: str) -> str:
    """Return where in the learner's code the last error of a log happened, or an empty text."""
    return truncate(printable(_local_prefix().sub("", error_place(log))), 300)


def place_of(finding: Finding) -> str:
    """Return where in the learner's code a finding happened, or an empty text.

    A log that other requests have written to as well does not tell it.
    """
    if finding.error:
        return truncate(printable(_local_prefix().sub("", finding.error)), 300)
    culprit = culprit_of(finding)
    return code_place(finding.log) if culprit is None or culprit.response is None else ""


@functools.cache
def _local_prefix() -> re.Pattern[str]:
    """Return a pattern of what a learner does not know of a path.

    That is the folder of a run's copy of the submission, or of installed packages.
    """
    libraries = "|".join(
        f"{re.escape(name)}/" for each in stacks().values() for name in each.library_folders
    )
    return re.compile(rf"/[^\s\"'`]{{0,200}}/(?:worksample-run-\w+/app/|(?={libraries}))")


def step_label(step: str) -> str:
    """Return the name of a step of a run for people; the report's JSON keeps its keys."""
    return _STEP_LABELS.get(step, step)


def pluralize(number: int, noun: str, plural: str = "") -> str:
    """Return "1 check" or "3 checks"."""
    counted = noun if number == 1 else plural or noun + "s"
    return message("{number} " + counted, number=f"{number:,}")


def stage_label(stage: int) -> str:
    """Return "stage 3"; empty for a check that belongs to no stage (0)."""
    return message("stage {stage}", stage=stage) if stage else ""


def area_of(check: Check) -> str:
    """Return "security, stage 3"; only the aspect for a check that belongs to no stage."""
    return ", ".join(filter(None, (check.aspect, stage_label(check.stage))))
