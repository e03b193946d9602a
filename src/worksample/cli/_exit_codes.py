"""Exit codes of the commands. No other room knows them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from worksample.errors import SubmissionError, UserError, WorksampleError

if TYPE_CHECKING:
    from worksample.grading import RunVerdict

SUCCESS = 0
NEGATIVE = 1
MISUSE = 2
NOT_STARTED = 3
INTERNAL = 4
# 128 and the number of the signal, as shells report it: SIGINT, SIGPIPE, SIGTERM.
INTERRUPTED = 130
BROKEN_PIPE = 141
TERMINATED = 143

_OF_ERRORS: dict[type[WorksampleError], int] = {UserError: MISUSE, SubmissionError: NOT_STARTED}
# By value: importing RunVerdict would import the whole of `grading` before any command runs.
_OF_VERDICTS = {
    "accepted": SUCCESS,
    "nothing found": SUCCESS,
    "rejected": NEGATIVE,
    "build failed": NOT_STARTED,
    "start failed": NOT_STARTED,
    "error": INTERNAL,
}


def code_of_error(error: type[WorksampleError]) -> int:
    """Return the exit code for an error of this type."""
    found = (_OF_ERRORS[base] for base in error.__mro__ if base in _OF_ERRORS)
    return next(found, INTERNAL)


def code_of_verdict(verdict: RunVerdict) -> int:
    """Return the exit code of `worksample check` for this verdict."""
    return _OF_VERDICTS[verdict.value]
