"""What two deletions at once come to: gone is as good as deleted, however a server says it."""

from __future__ import annotations

import pytest

from tests.wire.shop import answer
from worksample.checks import Answer, Dialect, Meaning, gone_or_done
from worksample.checks.races import sort_of

THEIRS = Dialect().learning(Meaning.MISSING, 422).learning(Meaning.MISSING, 410)


@pytest.mark.parametrize(
    ("status", "dialect", "sort"),
    [
        (204, Dialect(), "done"),
        (404, Dialect(), "done"),
        (410, THEIRS, "done"),
        (422, THEIRS, "done"),
        (422, Dialect(), "refused"),
        (409, THEIRS, "refused"),
        (500, THEIRS, "failed"),
    ],
)
def test_gone_is_as_good_as_deleted(status: int, dialect: Dialect, sort: str) -> None:
    assert gone_or_done(Answer(answer(status), dialect)) == sort


def test_where_nothing_is_deleted_a_refusal_is_none_the_less_one() -> None:
    assert sort_of(Answer(answer(422), THEIRS)) == "refused"
