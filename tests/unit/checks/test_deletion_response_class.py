"""Tests of `deletion_response_class`: a missing resource counts as deleted, in any dialect."""

from __future__ import annotations

import pytest

from tests.wire.order_shop import answer
from worksample.checks import Answer, Dialect, Meaning, deletion_response_class
from worksample.checks.races import response_class

CUSTOM_DIALECT = Dialect().with_observed(Meaning.MISSING, 422).with_observed(Meaning.MISSING, 410)


@pytest.mark.parametrize(
    ("status", "dialect", "expected"),
    [
        (204, Dialect(), "done"),
        (404, Dialect(), "done"),
        (410, CUSTOM_DIALECT, "done"),
        (422, CUSTOM_DIALECT, "done"),
        (422, Dialect(), "refused"),
        (409, CUSTOM_DIALECT, "refused"),
        (500, CUSTOM_DIALECT, "failed"),
    ],
)
def test_deletion_of_missing_resource_counts_as_done(
    status: int, dialect: Dialect, expected: str
) -> None:
    assert deletion_response_class(Answer(answer(status), dialect)) == expected


def test_refusal_of_other_request_stays_refused() -> None:
    assert response_class(Answer(answer(422), CUSTOM_DIALECT)) == "refused"
