"""Who is blocked by whom, and what is made of it in the end."""

from __future__ import annotations

from tests.engine.harness import EngineHarness, blocked_by, failing, passing
from worksample.checks import STAYS_UP, Verdict


def verdicts(stage: EngineHarness) -> dict[str, str]:
    """Play, and return `verdict` or `blocked by X` for each check but the engine's own."""
    found = stage.run()
    assert found.pop(STAYS_UP.id).verdict is Verdict.PASS
    return {
        name: f"blocked by {result.blocked_by}" if result.blocked_by else result.verdict.value
        for name, result in found.items()
    }


def test_blocked_by_failed_check_stays_blocked() -> None:
    stage = EngineHarness()
    stage.check("base", failing())
    stage.check("built on it", blocked_by("base"))
    assert verdicts(stage) == {"base": "fail", "built on it": "blocked by base"}


def test_blocked_by_passed_check_fails() -> None:
    stage = EngineHarness()
    stage.check("base", passing)
    stage.check("built on it", blocked_by("base"))
    assert verdicts(stage) == {"base": "pass", "built on it": "fail"}


def test_failed_precondition_is_reported_as_step() -> None:
    stage = EngineHarness()
    stage.check("base", passing)
    stage.check("built on it", blocked_by("base"))
    [finding] = stage.run()["built on it"].findings
    assert finding.step
    assert finding.because.endswith("“base” passed with other values")


def test_step_of_blocked_check_does_not_claim_it_passed() -> None:
    stage = EngineHarness()
    stage.check("third", blocked_by("second"))
    stage.check("second", blocked_by("first"))
    stage.check("first", passing)
    [finding] = stage.run()["third"].findings
    assert finding.step
    assert "passed" not in finding.because


def test_blocked_by_check_that_did_not_run_fails() -> None:
    stage = EngineHarness()
    stage.check("built on it", blocked_by("left out"))
    found = stage.run()["built on it"]
    assert found.verdict is Verdict.FAIL
    assert found.findings[0].expected == "what was taken for granted"


def test_blocked_by_itself_fails() -> None:
    stage = EngineHarness()
    stage.check("base", blocked_by("base"))
    assert verdicts(stage) == {"base": "fail"}


def test_chain_of_blocks_ending_in_failure_stays_blocked() -> None:
    stage = EngineHarness()
    stage.check("third", blocked_by("second"))
    stage.check("second", blocked_by("first"))
    stage.check("first", failing())
    expected = {"first": "fail", "second": "blocked by first", "third": "blocked by second"}
    assert verdicts(stage) == expected


def test_chain_of_blocks_ending_in_pass_fails() -> None:
    stage = EngineHarness()
    stage.check("third", blocked_by("second"))
    stage.check("second", blocked_by("first"))
    stage.check("first", passing)
    assert verdicts(stage) == {"first": "pass", "second": "fail", "third": "fail"}


def test_checks_blocked_in_a_cycle_fail() -> None:
    stage = EngineHarness()
    stage.check("hen", blocked_by("egg"))
    stage.check("egg", blocked_by("hen"))
    assert verdicts(stage) == {"hen": "fail", "egg": "fail"}


def test_blocked_by_internal_error_stays_blocked() -> None:
    async def slipping(world: object) -> None:
        raise ZeroDivisionError("the author slipped")

    stage = EngineHarness()
    stage.check("base", slipping)
    stage.check("built on it", blocked_by("base"))
    assert verdicts(stage) == {"base": "error", "built on it": "blocked by base"}
