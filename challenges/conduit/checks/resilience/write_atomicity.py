"""Writes are atomic, and the server recovers, after a kill and after a lost connection (V1, V2)."""

from __future__ import annotations

from functools import partial

from worksample.checks import Words
from worksample.suites import write_atomicity

from .writes import ARTICLE_AND_ACCOUNT_WRITES, DELETION, MARKS, ConduitWrites

half_written = partial(
    write_atomicity.a_kill_leaves_nothing_half_written.declare, clause="V1", stage=8
)

CHECKS = [
    *half_written(
        partial(ConduitWrites, judged=ARTICLE_AND_ACCOUNT_WRITES),
        title="A kill leaves no half-written article or account",
        why="An article that is stored without its tags is never found by them, and no one "
        "notices.",
    ),
    *half_written(
        partial(ConduitWrites, judged=(DELETION,)),
        id="a-kill-leaves-nothing-half-deleted",
        title="A kill leaves no half-deleted article",
        why="An article that has lost its comments but still exists cannot be repaired by anyone.",
    ),
    *half_written(
        partial(ConduitWrites, judged=MARKS),
        id="a-kill-leaves-no-mark-by-half",
        title="A kill leaves no mark, follow or comment by half",
        why="A counter that is stored separately from the rows that it counts stays wrong.",
    ),
    *write_atomicity.SUITE.checks(
        ConduitWrites,
        clause="V1",
        stage=8,
        without=("a-kill-leaves-nothing-half-written",),
        words={
            "a-lost-answer-doubles-nothing": Words(
                why="When the response to a COMMIT is lost, the transaction may be committed: a "
                "server that repeats it blindly publishes twice."
            ),
            "a-broken-connection-is-mended": Words(clause="V2"),
            "broken-connections-leave-nothing-open": Words(clause="V2"),
        },
    ),
]
