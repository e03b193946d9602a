"""The kill matrix: which trials are good, and which mutants a profile leaves out."""

from __future__ import annotations

import pytest

from tests.support import reports
from worksample.calibration.matrix import Matrix, Trial, trial_of
from worksample.checks import CheckResult, Finding, Verdict

REMARK = (Finding("refused", "accepted"),)


def trial(verdict: Verdict, remarks: tuple[Finding, ...] = (), mutant: str = "it-breaks") -> Trial:
    """Return a trial whose only check, named by the mutant, had this result."""
    result = CheckResult(reports.check("one"), verdict, remarks=remarks)
    return trial_of("python", mutant, ("one",) if mutant else (), [result], 1.0)


@pytest.mark.parametrize(
    ("verdict", "remarks", "good", "left_out"),
    [
        (Verdict.FAIL, (), True, False),
        (Verdict.FAIL, REMARK, True, False),
        (Verdict.PASS, REMARK, True, True),
        (Verdict.PASS, (), False, False),
        (Verdict.BLOCKED, (), False, False),
    ],
)
def test_named_check_must_fail_or_remark(
    verdict: Verdict, remarks: tuple[Finding, ...], good: bool, left_out: bool
) -> None:
    found = trial(verdict, remarks)
    assert (found.good, found.left_out) == (good, left_out)


def test_reference_with_a_remark_is_accepted_and_not_left_out() -> None:
    found = trial(Verdict.PASS, REMARK, mutant="")
    assert (found.good, found.left_out) == (True, False)


def test_check_that_remarks_on_a_mutant_is_proven() -> None:
    trials = (trial(Verdict.PASS, REMARK), trial(Verdict.PASS, mutant=""))
    matrix = Matrix("counter", "1.0", 1, ("one", "two"), trials, profile="public")
    assert matrix.unproven == ["two"]
    data = matrix.as_data()
    assert data["profile"] == "public"
    assert [each["remarked"] for each in data["trials"]] == [["one"], []]
