"""`expect(...)`: assertions about answers and values.

    expect(answer).created()
    expect(answer).forbidden(because="the article belongs to someone else")
    expect(answer.at("user", "bio"), "the bio").equals(None)

An assertion that does not hold raises `CheckFailed` with the expected and the actual value; under
a profile that leaves its rule out, it is kept as a remark, and the check goes on.
Every method takes `because` (why this is expected) and `hint` (the usual fix) for the finding.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection
from typing import Any, overload

from worksample.checks.answer import Answer
from worksample.checks.dialect import Meaning
from worksample.checks.formatting import describe_exchange, shorten
from worksample.checks.judging import fail
from worksample.checks.model import Finding
from worksample.checks.outcome import CheckFailed
from worksample.messages import join_or, message


class AnswerExpectation:
    """Assertions about an `Answer`; each returns the answer."""

    __slots__ = ("answer",)

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def means(self, *meanings: Meaning, because: str = "", hint: str = "") -> Answer:
        """Expect a status that expresses one of `meanings` in the server's dialect."""
        accepted = {s for meaning in meanings for s in self.answer.dialect.accepts(meaning)}
        return self.status(*sorted(accepted), because=because, hint=hint)

    def exactly(self, meaning: Meaning, because: str = "", hint: str = "") -> Answer:
        """Expect a status that the contract allows for `meaning`, whatever the server's dialect."""
        allowed = sorted(self.answer.dialect.allowed[meaning])
        return self.status(*allowed, because=because, hint=hint)

    def status(self, *statuses: int, because: str = "", hint: str = "") -> Answer:
        """Expect one of `statuses`."""
        if self.answer.status not in statuses:
            self._fail(message("status {statuses}", statuses=join_or(statuses)), because, hint)
        return self.answer

    def ok(self, because: str = "", hint: str = "") -> Answer:
        """Expect success (200)."""
        return self.means(Meaning.OK, because=because, hint=hint)

    def created(self, because: str = "", hint: str = "") -> Answer:
        """Expect that a resource was created (201)."""
        return self.means(Meaning.CREATED, because=because, hint=hint)

    def deleted(self, because: str = "", hint: str = "") -> Answer:
        """Expect that a resource was deleted (204)."""
        return self.means(Meaning.DELETED, because=because, hint=hint)

    def unauthenticated(self, because: str = "", hint: str = "") -> Answer:
        """Expect a refusal because the request is not authenticated (401)."""
        return self.means(Meaning.UNAUTHENTICATED, because=because, hint=hint)

    def bad_login(self, because: str = "", hint: str = "") -> Answer:
        """Expect a refusal because the credentials are wrong (401)."""
        return self.means(Meaning.BAD_LOGIN, because=because, hint=hint)

    def forbidden(self, because: str = "", hint: str = "") -> Answer:
        """Expect a refusal because the user lacks the permission (403)."""
        return self.means(Meaning.FORBIDDEN, because=because, hint=hint)

    def missing(self, because: str = "", hint: str = "") -> Answer:
        """Expect that the resource does not exist (404)."""
        return self.means(Meaning.MISSING, because=because, hint=hint)

    def invalid(self, because: str = "", hint: str = "") -> Answer:
        """Expect a refusal because the request content is invalid (422)."""
        return self.means(Meaning.INVALID, because=because, hint=hint)

    def taken(self, because: str = "", hint: str = "") -> Answer:
        """Expect a refusal because a unique value is taken already (422)."""
        return self.means(Meaning.TAKEN, Meaning.INVALID, because=because, hint=hint)

    def refused(self, because: str = "", hint: str = "") -> Answer:
        """Expect any client error (4xx)."""
        if not 400 <= self.answer.status < 500:
            self._fail("status 4xx", because, hint)
        return self.answer

    def not_server_error(self, because: str = "", hint: str = "") -> Answer:
        """Expect any response except a server error (5xx)."""
        if not 100 <= self.answer.status < 500:
            self._fail("any status except 5xx", because, hint)
        return self.answer

    def _fail(self, expected: str, because: str, hint: str) -> None:
        fail(self.answer.failure(expected, describe_exchange(self.answer.exchange), because, hint))


class ValueExpectation:
    """Assertions about a value; `what` names it in the finding."""

    __slots__ = ("value", "what")

    def __init__(self, value: Any, what: str) -> None:
        self.value = value
        self.what = what

    def equals(self, wanted: Any, because: str = "", hint: str = "") -> None:
        """Expect JSON equality with `wanted` (see `json_equal`)."""
        if not json_equal(self.value, wanted):
            self._fail(shorten(wanted), because, hint)

    def differs_from(self, other: Any, because: str = "", hint: str = "") -> None:
        """Expect a value that is not JSON-equal to `other`."""
        if json_equal(self.value, other):
            self._fail(message("not {value}", value=shorten(other)), because, hint)

    def contains(self, part: Any, because: str = "", hint: str = "") -> None:
        """Expect that the list, text or object contains `part`."""
        if part not in self.value:
            self._fail(message("contains {part}", part=shorten(part)), because, hint)

    def lacks(self, part: Any, because: str = "", hint: str = "") -> None:
        """Expect that the list, text or object does not contain `part`."""
        if part in self.value:
            self._fail(message("does not contain {part}", part=shorten(part)), because, hint)

    def one_of(self, choices: Collection[Any], because: str = "", hint: str = "") -> None:
        """Expect JSON equality with one of `choices`."""
        if not any(json_equal(self.value, choice) for choice in choices):
            self._fail(join_or(shorten(choice) for choice in choices), because, hint)

    def is_true(self, because: str = "", hint: str = "") -> None:
        """Expect JSON true."""
        self.equals(True, because, hint)

    def is_false(self, because: str = "", hint: str = "") -> None:
        """Expect JSON false."""
        self.equals(False, because, hint)

    def satisfies(
        self, test: Callable[[Any], bool], expected: str, because: str = "", hint: str = ""
    ) -> None:
        """Expect that `test(value)` is true; `expected` describes the condition in the finding."""
        if not test(self.value):
            self._fail(expected, because, hint)

    def _fail(self, expected: str, because: str, hint: str) -> None:
        fail(
            CheckFailed(
                Finding(
                    expected=message("{what}: {expected}", what=self.what, expected=expected),
                    actual=shorten(self.value),
                    because=because,
                    hint=hint,
                )
            )
        )


@overload
def expect(subject: Answer) -> AnswerExpectation: ...
@overload
def expect(subject: Any, what: str) -> ValueExpectation: ...
def expect(subject: Any, what: str = "") -> AnswerExpectation | ValueExpectation:
    """Return the assertions about an `Answer`, or about any value, which `what` names."""
    if isinstance(subject, Answer) and not what:
        return AnswerExpectation(subject)
    return ValueExpectation(subject, what)


def json_equal(left: Any, right: Any) -> bool:
    """Return whether two JSON values are equal.

    Unlike `==`, true is not 1, and floats are compared with a tolerance.
    """
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, list | tuple) and isinstance(right, list | tuple):
        return len(left) == len(right) and all(map(json_equal, left, right))
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(json_equal(left[k], right[k]) for k in left)
    if isinstance(left, float) and isinstance(right, float):
        return math.isclose(left, right)
    return bool(left == right)
