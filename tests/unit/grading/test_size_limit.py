"""A report stays under two megabytes, whatever was found, and says what it left out."""

from __future__ import annotations

import base64
import gzip
import random
from dataclasses import replace

import orjson
import pytest

from tests.support import reports
from worksample.checks import Finding, TimelineStep
from worksample.checks.evidence import bounded as bounded_finding
from worksample.grading import Report, codec, issues_of, replayable
from worksample.grading.codec import LIMIT
from worksample.grading.size_limit import bounded
from worksample.probes.exchange import Exchange, Request
from worksample.probes.http.bindings import templates

RNG = random.Random(12)
TOKEN = "abc.def.0123456789"


def answered(size: int, target: str) -> Exchange:
    """Return an exchange with `size` bytes that cannot be compressed."""
    noise = RNG.randbytes(size // 2).hex()
    made = reports.exchange("asks", "GET", target, status=200, got={"noise": noise})
    return replace(made, request=Request("GET", target, (("Authorization", f"Token {TOKEN}"),)))


def finding(number: int, size: int, path: int = 0) -> Finding:
    """Return a finding of twelve exchanges; the first response has a token that others use."""
    story = [reports.exchange(got={"token": TOKEN})]
    targets = (f"/api/{number}/{n}/{RNG.randbytes(path // 2).hex()}" for n in range(11))
    story += [answered(size, target) for target in targets]
    log = "\n".join(f"line {n} {'z' * 300}" for n in range(25))
    return Finding(
        f"the sum of {number}",
        "5",
        exchanges=tuple(story),
        culprit=11,
        log=log,
        details=("d",) * 50,
    )


def failures(checks: int, findings: int = 1, *, size: int, path: int = 0) -> Report:
    """Return a report with so many failed checks, as the engine makes them."""
    results = [
        reports.failed(
            reports.check(f"check-{n}"),
            *(bounded_finding(finding(n * 100 + i, size, path)) for i in range(findings)),
        )
        for n in range(checks)
    ]
    return reports.report(results)


def order(report: Report) -> list[str]:
    return [issue.lead.check.id for issue in issues_of(report.results)]


def test_leaves_small_report_as_it_is() -> None:
    for report in (reports.rejected(), reports.drawn()):
        assert bounded(report) == report
        assert b'"gzip"' not in codec.encode(report)


def test_every_request_of_337_failures_has_room() -> None:
    report = failures(337, size=400)
    assert bounded(report) == report
    written = codec.encode(report)
    assert len(written) <= LIMIT
    assert codec.decode(written) == report


def test_findings_to_fix_first_stay_readable_and_the_others_are_packed() -> None:
    report = failures(337, size=400)
    entries = {
        each["id"]: each["findings"][0] for each in orjson.loads(codec.encode(report))["checks"]
    }
    found = [entries[name] for name in order(report)]
    assert found[0]["packed"] is None and len(found[0]["exchanges"]) == 12
    last = found[-1]
    assert (last["exchanges"], last["log"], last["culprit"]) == ([], "", 11)
    parts = orjson.loads(gzip.decompress(base64.b64decode(last["packed"]["gzip"])))
    assert len(parts["exchanges"]) == 12 and len(parts["log"].splitlines()) == 25


@pytest.fixture(scope="module")
def reduced() -> tuple[Report, Report]:
    """Return a report with too many different requests and responses, and what is left of it."""
    report = failures(60, 3, size=3000, path=1200)
    return report, bounded(report)


def test_any_report_has_room_in_the_same_order(reduced: tuple[Report, Report]) -> None:
    report, small = reduced
    written = codec.encode(small)
    assert len(written) <= LIMIT
    assert codec.decode(written) == small
    assert order(small) == order(report)


def test_finding_without_room_keeps_its_culprit(reduced: tuple[Report, Report]) -> None:
    report, small = reduced
    found = {each.check.id: each.findings for each in small.results}
    before = {each.check.id: each.findings for each in report.results}
    names = order(small)
    first, last = found[names[0]][0], found[names[-1]][-1]
    assert templates(first.exchanges) == templates(before[names[0]][0].exchanges)
    assert (len(last.exchanges), last.omitted_exchanges, last.culprit) == (1, 11, 0)
    assert last.exchanges[0].response is not None and last.exchanges[0].response.omitted > 2000
    assert not replayable(report.results[0].check, last)


def test_says_how_many_findings_had_no_room() -> None:
    long = RNG.randbytes(200).hex()
    found = Finding(expected=long, actual=long, because=long, hint=long)
    checks = [reports.check(f"check-{n}") for n in range(400)]
    report = reports.report([reports.failed(check, *(found,) * 6) for check in checks])
    small = bounded(report)
    assert len(codec.encode(small)) <= LIMIT
    assert {len(each.findings) for each in small.results} == {1}
    note = "2000 further findings of the same checks were left out of this report."
    assert small.notes[-1] == note


def test_figures_are_limited() -> None:
    beats = tuple(TimelineStep(n % 2, "SELECT " + "a, " * 20_000, mark=n == 3) for n in range(20))
    race = replace(finding(0, 100), figures=(reports.timeline(beats=beats),))
    report = reports.report([reports.failed(reports.check(f"race-{n}"), race) for n in range(3)])
    small = bounded(report)
    assert len(codec.encode(small)) < LIMIT
    assert all(each.findings[0].figures for each in small.results)


def test_log_of_a_build_is_limited() -> None:
    failed = reports.build_failed()
    assert failed.problem is not None
    log = "y" * 9_000_000 + "\nlast"
    kept = bounded(replace(failed, problem=replace(failed.problem, log=log)))
    assert kept.problem is not None and kept.problem.log.endswith("\nlast")
    assert len(codec.encode(kept)) < 10_000
