"""Who is blocked by whom, and what is made of it in the end."""

from __future__ import annotations

from tests.engine.stage import Stage, blocked_by, failing, passing
from worksample.checks import STAYS_UP, Verdict


def verdicts(stage: Stage) -> dict[str, str]:
    """Play, and return `verdict` or `blocked by X` for each check but the engine's own."""
    found = stage.play()
    assert found.pop(STAYS_UP.id).verdict is Verdict.PASS
    return {
        name: f"blocked by {result.blocked_by}" if result.blocked_by else result.verdict.value
        for name, result in found.items()
    }


def test_a_block_by_a_check_that_failed_stays() -> None:
    stage = Stage()
    stage.check("base", failing())
    stage.check("built on it", blocked_by("base"))
    assert verdicts(stage) == {"base": "fail", "built on it": "blocked by base"}


def test_a_block_by_a_check_that_passed_is_a_finding_of_its_own() -> None:
    stage = Stage()
    stage.check("base", passing)
    stage.check("built on it", blocked_by("base"))
    assert verdicts(stage) == {"base": "pass", "built on it": "fail"}


def test_a_step_that_fails_is_told_as_a_step() -> None:
    stage = Stage()
    stage.check("base", passing)
    stage.check("built on it", blocked_by("base"))
    [finding] = stage.play()["built on it"].findings
    assert finding.step
    assert finding.because.endswith("“base” passed with other values")


def test_a_step_on_another_step_does_not_say_that_it_passed() -> None:
    stage = Stage()
    stage.check("third", blocked_by("second"))
    stage.check("second", blocked_by("first"))
    stage.check("first", passing)
    [finding] = stage.play()["third"].findings
    assert finding.step
    assert "passed" not in finding.because


def test_a_block_by_a_check_that_nobody_asked_is_a_finding_of_its_own() -> None:
    stage = Stage()
    stage.check("built on it", blocked_by("left out"))
    found = stage.play()["built on it"]
    assert found.verdict is Verdict.FAIL
    assert found.findings[0].expected == "what was taken for granted"


def test_a_block_by_itself_is_a_failure() -> None:
    stage = Stage()
    stage.check("base", blocked_by("base"))
    assert verdicts(stage) == {"base": "fail"}


def test_a_chain_of_blocks_is_followed_to_its_end() -> None:
    stage = Stage()
    stage.check("third", blocked_by("second"))
    stage.check("second", blocked_by("first"))
    stage.check("first", failing())
    expected = {"first": "fail", "second": "blocked by first", "third": "blocked by second"}
    assert verdicts(stage) == expected


def test_a_chain_of_blocks_that_ends_well_hides_nothing() -> None:
    stage = Stage()
    stage.check("third", blocked_by("second"))
    stage.check("second", blocked_by("first"))
    stage.check("first", passing)
    assert verdicts(stage) == {"first": "pass", "second": "fail", "third": "fail"}


def test_checks_that_block_each_other_in_a_circle_all_fail() -> None:
    stage = Stage()
    stage.check("hen", blocked_by("egg"))
    stage.check("egg", blocked_by("hen"))
    assert verdicts(stage) == {"hen": "fail", "egg": "fail"}


def test_a_block_by_our_own_error_is_not_counted_against_the_server() -> None:
    async def slipping(world: object) -> None:
        raise ZeroDivisionError("the author slipped")

    stage = Stage()
    stage.check("base", slipping)
    stage.check("built on it", blocked_by("base"))
    assert verdicts(stage) == {"base": "error", "built on it": "blocked by base"}
