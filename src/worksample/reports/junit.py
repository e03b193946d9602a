"""The report as JUnit XML for CI systems: one testcase per check."""

from __future__ import annotations

import re
from xml.etree import ElementTree as Xml

from worksample.checks import CheckResult, Finding, Verdict
from worksample.grading import Report
from worksample.grading.report import LeftOut
from worksample.messages import message
from worksample.reports.support.formatting import lines_of, outcome, request_line, rule_of, truncate
from worksample.reports.text.figures import figures_as_lines

TITLE = "JUnit"
SUFFIX = ".xml"
SUMMARY = "JUnit XML, for CI systems"
_MAX_LENGTH = 4000
# Characters that XML 1.0 forbids, escaped or not (https://www.w3.org/TR/xml/#charsets).
_FORBIDDEN = re.compile(r"[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render(report: Report) -> bytes:
    """Return `report` as JUnit XML in UTF-8, with an XML declaration."""
    suite = Xml.Element("testsuite", _counts(report))
    properties = Xml.SubElement(suite, "properties")
    facts = {"run": report.run, "seed": str(report.seed), "verdict": report.verdict.value}
    facts |= {"profile": report.profile} if report.profile else {}
    facts |= {"stack": report.stack, "digest": report.digest}
    if report.shuffle is not None:
        facts["shuffle"] = str(report.shuffle)
    if report.score is not None:
        facts["score"] = str(report.score)
    for name, value in facts.items():
        Xml.SubElement(properties, "property", {"name": name, "value": clean(value)})
    if report.problem is not None:
        _add_problem(suite, report)
    for result in report.results:
        suite.append(_testcase(report, result))
    for check in report.left_out:
        _add_left_out(suite, report, check)
    root = Xml.Element("testsuites")
    root.append(suite)
    Xml.indent(root)
    text: bytes = Xml.tostring(root, "utf-8", xml_declaration=True)
    return text + b"\n"


def clean(text: str) -> str:
    """Return `text` with the characters that XML forbids written as escapes."""
    return _FORBIDDEN.sub(lambda found: f"\\u{ord(found.group()):04x}", text)


def _counts(report: Report) -> dict[str, str]:
    failures = len(report.with_verdict(Verdict.FAIL))
    errors = len(report.with_verdict(Verdict.ERROR)) + (report.problem is not None)
    skipped = sum(r.verdict in (Verdict.BLOCKED, Verdict.UNDECIDED) for r in report.results)
    skipped += len(report.left_out)
    return {
        "name": clean(f"worksample.{report.challenge}"),
        "tests": str(len(report.results) + len(report.left_out) + (report.problem is not None)),
        "failures": str(failures),
        "errors": str(errors),
        "skipped": str(skipped),
        "time": f"{report.seconds:.3f}",
        "timestamp": report.started,
    }


def _add_problem(suite: Xml.Element, report: Report) -> None:
    problem = report.problem
    assert problem is not None
    case = Xml.SubElement(
        suite, "testcase", {"classname": clean(report.challenge), "name": report.verdict.value}
    )
    element = Xml.SubElement(case, "error", {"message": _short(problem.message)})
    element.text = clean("\n".join([problem.hint, problem.command, *lines_of(problem.log, 60)]))


def _add_left_out(suite: Xml.Element, report: Report, check: LeftOut) -> None:
    group = clean(f"{report.challenge}.{check.aspect}")
    case = Xml.SubElement(suite, "testcase", {"classname": group, "name": clean(check.id)})
    Xml.SubElement(case, "skipped", {"message": "the budget left no time"})


def _testcase(report: Report, result: CheckResult) -> Xml.Element:
    check = result.check
    case = Xml.Element(
        "testcase",
        {
            "classname": clean(f"{report.challenge}.{check.aspect}"),
            "name": clean(check.id),
            "time": f"{result.seconds:.3f}",
        },
    )
    _add_outcome(case, report, result)
    _add_remarks(case, result)
    return case


def _add_remarks(case: Xml.Element, result: CheckResult) -> None:
    template = "remark ({rule}): expected {expected}, got {actual}"
    lines = [
        message(
            template,
            rule=rule_of(result.check, remark),
            expected=remark.expected,
            actual=remark.actual,
        )
        for remark in result.remarks
    ]
    if lines:
        element = Xml.SubElement(case, "system-out")
        element.text = "\n".join(map(_short, lines))


def _add_outcome(case: Xml.Element, report: Report, result: CheckResult) -> None:
    if result.verdict is Verdict.FAIL:
        for finding in result.findings or (Finding("a pass", result.reason),):
            template = "expected {expected}, got {actual}"
            text = message(template, expected=finding.expected, actual=finding.actual)
            element = Xml.SubElement(case, "failure", {"message": _short(text)})
            element.text = clean(_failure_text(report, result, finding))
    elif result.verdict is Verdict.ERROR:
        Xml.SubElement(case, "error", {"message": _short(result.reason)})
    elif result.verdict is not Verdict.PASS:
        why = result.reason or message("blocked by {blocked_by}", blocked_by=result.blocked_by)
        Xml.SubElement(case, "skipped", {"message": _short(why)})


def _failure_text(report: Report, result: CheckResult, finding: Finding) -> str:
    check = result.check
    rule = rule_of(check, finding)
    clause = report.clauses.get(rule, "")
    lines = [
        check.title,
        message(
            "requirement: {rule} {clause} {cites}",
            rule=rule,
            clause=clause,
            cites=check.cites,
        ).rstrip(),
    ]
    lines += [
        message("expected: {expected}", expected=finding.expected),
        message("actual: {actual}", actual=finding.actual),
    ]
    lines += [message("because: {because}", because=finding.because)] if finding.because else []
    lines += [message("why it matters: {why}", why=check.why), *finding.details[:20]]
    lines += figures_as_lines(finding.figures)
    lines += [f"{request_line(each)} -> {outcome(each)}" for each in finding.exchanges]
    lines += (
        [message("hint: {hint}", hint=finding.hint or check.hint)]
        if finding.hint or check.hint
        else []
    )
    lines += lines_of(finding.log, 25)
    return "\n".join(truncate(line, _MAX_LENGTH) for line in lines)


def _short(text: str) -> str:
    return clean(truncate(text, 300))
