"""Tests of the final verdict of blocked checks."""

from __future__ import annotations

import pytest

from tests.engine.harness import (
    CheckFunction,
    EngineHarness,
    World,
    blocked_by,
    failing,
    passing,
    passing_by,
)
from worksample.checks import STAYS_UP, CheckFailed, Finding, PreconditionFailed, Verdict
from worksample.probes.exchange import Exchange, Request, Response


def verdicts(harness: EngineHarness) -> dict[str, str]:
    """Run all checks; return verdict or `blocked by X` for each, except `STAYS_UP`."""
    found = harness.run()
    assert found.pop(STAYS_UP.id).verdict is Verdict.PASS
    return {
        name: f"blocked by {result.blocked_by}" if result.blocked_by else result.verdict.value
        for name, result in found.items()
    }


def test_blocked_by_failed_check_stays_blocked() -> None:
    harness = EngineHarness()
    harness.check("base", failing())
    harness.check("dependent", blocked_by("base"))
    assert verdicts(harness) == {"base": "fail", "dependent": "blocked by base"}


def test_blocked_by_passed_check_fails() -> None:
    harness = EngineHarness()
    harness.check("base", passing)
    harness.check("dependent", blocked_by("base"))
    assert verdicts(harness) == {"base": "pass", "dependent": "fail"}


def test_failed_precondition_is_reported_as_step() -> None:
    harness = EngineHarness()
    harness.check("base", passing)
    harness.check("dependent", blocked_by("base"))
    [finding] = harness.run()["dependent"].findings
    assert finding.step
    assert finding.because.endswith("“base” passed with other values")


def test_step_of_blocked_check_does_not_claim_it_passed() -> None:
    harness = EngineHarness()
    harness.check("third", blocked_by("second"))
    harness.check("second", blocked_by("first"))
    harness.check("first", passing)
    [finding] = harness.run()["third"].findings
    assert finding.step
    assert "passed" not in finding.because


def test_blocked_by_check_that_did_not_run_fails() -> None:
    harness = EngineHarness()
    harness.check("dependent", blocked_by("left out"))
    found = harness.run()["dependent"]
    assert found.verdict is Verdict.FAIL
    assert found.findings[0].expected == "a precondition"


def test_blocked_by_itself_fails() -> None:
    harness = EngineHarness()
    harness.check("base", blocked_by("base"))
    assert verdicts(harness) == {"base": "fail"}


def test_chain_of_blocks_ending_in_failure_stays_blocked() -> None:
    harness = EngineHarness()
    harness.check("third", blocked_by("second"))
    harness.check("second", blocked_by("first"))
    harness.check("first", failing())
    expected = {"first": "fail", "second": "blocked by first", "third": "blocked by second"}
    assert verdicts(harness) == expected


def test_chain_of_blocks_ending_in_pass_fails() -> None:
    harness = EngineHarness()
    harness.check("third", blocked_by("second"))
    harness.check("second", blocked_by("first"))
    harness.check("first", passing)
    assert verdicts(harness) == {"first": "pass", "second": "fail", "third": "fail"}


def test_checks_blocked_in_a_cycle_fail() -> None:
    harness = EngineHarness()
    harness.check("hen", blocked_by("egg"))
    harness.check("egg", blocked_by("hen"))
    assert verdicts(harness) == {"hen": "fail", "egg": "fail"}


def test_blocked_by_internal_error_stays_blocked() -> None:
    async def raising(world: object) -> None:
        raise ZeroDivisionError("in the check")

    harness = EngineHarness()
    harness.check("base", raising)
    harness.check("dependent", blocked_by("base"))
    assert verdicts(harness) == {"base": "error", "dependent": "blocked by base"}


def test_detour_round_failed_check_passes() -> None:
    harness = EngineHarness()
    harness.check("base", failing())
    harness.check("dependent", passing_by("base"))
    assert verdicts(harness) == {"base": "fail", "dependent": "pass"}


def test_detour_round_passed_check_fails() -> None:
    harness = EngineHarness()
    harness.check("base", passing)
    harness.check("dependent", passing_by("base"))
    result = harness.run()["dependent"]
    assert result.verdict is Verdict.FAIL
    assert result.findings[0].step
    assert result.findings[0].because.endswith("“base” passed with other values")


def test_detour_round_blocked_check_passes_if_the_chain_ends_in_failure() -> None:
    harness = EngineHarness()
    harness.check("third", passing_by("second"))
    harness.check("second", blocked_by("first"))
    harness.check("first", failing())
    assert verdicts(harness)["third"] == "pass"


def test_detour_round_check_that_did_not_run_passes() -> None:
    harness = EngineHarness()
    harness.check("dependent", passing_by("left out"))
    assert verdicts(harness) == {"dependent": "pass"}


def test_detour_is_explained_by_another_check_that_fails_for_the_same_answer() -> None:
    def meeting(status: int, ends: type[Exception]) -> CheckFunction:
        shown = Exchange(Request("GET", "/things/7"), Response(status, (), b"{}"))
        finding = Finding("status 200", str(status), exchanges=(shown,), culprit=0)

        async def check_function(world: World) -> None:
            if ends is CheckFailed:
                raise CheckFailed(finding)
            world.detours.append(PreconditionFailed("base", finding))

        return check_function

    for status, verdict in ((500, "pass"), (422, "fail")):
        harness = EngineHarness()
        harness.check("base", passing)
        harness.check("other", meeting(500, CheckFailed))
        harness.check("dependent", meeting(status, PreconditionFailed))
        assert verdicts(harness)["dependent"] == verdict


def test_failure_after_a_detour_keeps_its_own_finding() -> None:
    async def check_function(world: World) -> None:
        await passing_by("base")(world)
        await failing("found")(world)

    harness = EngineHarness()
    harness.check("base", passing)
    harness.check("dependent", check_function)
    assert harness.run()["dependent"].findings[0].actual == "found"


def test_failure_after_a_detour_does_not_show_the_request_that_was_gone_round() -> None:
    async def check_function(world: World) -> None:
        shown = await world.get("/broken")
        finding = Finding("status 200", "500", exchanges=(shown,), culprit=0)
        world.detours.append(PreconditionFailed("base", finding))
        await world.get("/list")
        raise CheckFailed(Finding("an order", "another"))

    harness = EngineHarness(lambda path: Response(500 if path == "/broken" else 200, (), b"{}"))
    harness.check("base", failing())
    harness.check("dependent", check_function)
    [finding] = harness.run()["dependent"].findings
    assert [each.request.target for each in finding.exchanges] == ["/list"]


async def left_out(world: World) -> None:
    """Pass without a part that the check `base` tests."""
    world.unprepared.append(PreconditionFailed("base", Finding("a precondition", "nothing")))


def test_blocked_if_a_part_was_left_out_and_the_rest_passes() -> None:
    harness = EngineHarness()
    harness.check("base", failing())
    harness.check("dependent", left_out)
    assert verdicts(harness) == {"base": "fail", "dependent": "blocked by base"}


def test_fails_if_a_part_was_left_out_for_a_check_that_passed() -> None:
    harness = EngineHarness()
    harness.check("base", passing)
    harness.check("dependent", left_out)
    assert verdicts(harness) == {"base": "pass", "dependent": "fail"}


def test_failure_beside_a_part_that_was_left_out_is_told() -> None:
    async def check_function(world: World) -> None:
        await left_out(world)
        await failing("found")(world)

    harness = EngineHarness()
    harness.check("base", failing())
    harness.check("dependent", check_function)
    assert harness.run()["dependent"].findings[0].actual == "found"


def reading_fails(name: str, status: int = 500, path: str = "/articles?author=a") -> CheckFunction:
    """Return a check function whose preparation gets this status, in an operation `name` proves."""

    async def check_function(world: World) -> None:
        finding = Finding("200", str(status), exchanges=(answered(status, path),), culprit=0)
        raise PreconditionFailed(name, finding, exact=False)

    return check_function


def answered(status: int, path: str) -> Exchange:
    """Return a GET of `path` with this status."""
    return Exchange(Request("GET", path), Response(status, (), b""))


def failing_with(status: int, path: str) -> CheckFunction:
    """Return a check function that fails for an answer with this status."""

    async def check_function(world: World) -> None:
        finding = Finding("200", str(status), exchanges=(answered(status, path),), culprit=0)
        raise CheckFailed(finding)

    return check_function


@pytest.mark.parametrize(
    ("status", "path", "expected"),
    [
        (500, "/articles", "blocked by by-author"),
        (404, "/articles", "fail"),
        (500, "/tags", "fail"),
    ],
)
def test_blocked_by_another_check_that_fails_for_the_same_answer(
    status: int, path: str, expected: str
) -> None:
    harness = EngineHarness()
    harness.check("list", passing)
    harness.check("by-author", failing_with(status, path))
    harness.check("dependent", reading_fails("list"))
    assert verdicts(harness)["dependent"] == expected
