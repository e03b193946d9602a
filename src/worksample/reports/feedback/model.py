"""Comments, replies and rounds of feedback, as kept in `.worksample/feedback.json`."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

import msgspec

from worksample.tasks.reviewing.form import Severity

FORMAT = 1


class State(StrEnum):
    """Where a comment stands; the order is that of display.

    MENDED: what it was about was asked again, and is right. ANSWERED: it is not, but the learner
    replied. OPEN: the rest.
    """

    MENDED = "mended"
    ANSWERED = "answered"
    OPEN = "open"


class Sign(msgspec.Struct, frozen=True):
    """How a cause is recognised in a later run: a check, and what went wrong in it.

    `key` is that of the symptom (`grading.symptoms`), empty if it tells no cause. `is_only` says
    that the check told this failure alone: it may have stopped there, so that only its success
    shows that the failure is gone.
    """

    check: str
    key: str = ""
    is_only: bool = True


class Reply(msgspec.Struct, frozen=True):
    """What the learner replied, when (ISO 8601, UTC), and the lines changed by then in each file.

    Changes are counted from the submission that the comment was made on.
    """

    text: str
    when: str
    changes: Mapping[str, int] = {}


class Comment(msgspec.Struct, frozen=True, kw_only=True):
    """What a reviewer says of one cause; its `number` never changes.

    run, finding: the latest run that showed it, and the number of its first finding there.
    place: `file:line` in the learner's code, if a log tells it; else empty.
    shown: the request that shows it, with its outcome; else empty.
    rule, clause: the id of the rule of the brief that is broken, and its text.
    further: how many more checks fail or are blocked by this cause.
    mended_in: the run in which all of it was right; empty before.
    """

    number: int
    run: str
    title: str
    severity: Severity
    signs: tuple[Sign, ...]
    finding: int = 0
    stage: int = 0
    place: str = ""
    shown: str = ""
    expected: str = ""
    actual: str = ""
    rule: str = ""
    clause: str = ""
    why: str = ""
    further: int = 0
    mended_in: str = ""
    replies: tuple[Reply, ...] = ()

    @property
    def state(self) -> State:
        """Where the comment stands."""
        if self.mended_in:
            return State.MENDED
        return State.ANSWERED if self.replies else State.OPEN


class Round(msgspec.Struct, frozen=True):
    """A run that was read, and the lines changed in each file since the one before.

    `digest` is that of the submission, `verdict` the verdict of the run.
    """

    run: str
    verdict: str
    digest: str
    changes: Mapping[str, int] = {}


class Feedback(msgspec.Struct, frozen=True):
    """All comments on the submissions of one workspace, and the runs that they come from."""

    challenge: str
    comments: tuple[Comment, ...] = ()
    rounds: tuple[Round, ...] = ()
    format: int = FORMAT

    @property
    def latest(self) -> str:
        """The id of the run that was read last, "" before the first."""
        return self.rounds[-1].run if self.rounds else ""

    def in_state(self, state: State) -> list[Comment]:
        """Return the comments in `state`, in the order of their numbers."""
        return [each for each in self.comments if each.state is state]
