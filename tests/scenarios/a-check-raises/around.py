"""A challenge with a check that does not work, and a watch that does not."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from tests.scenarios._harness.workdir import Workdir

BROKEN = """
from worksample.checks import Aspect, Watch, check, watch

WORDS = {"stage": 1, "clause": "C1", "why": "It does not.", "aspect": Aspect.BEHAVIOUR}


@check(title="A broken check", **WORDS)
async def a_broken_check(world):
    await world.made()
    raise ZeroDivisionError("the author slipped")


@watch(title="A broken watch", **WORDS)
class ABrokenWatch(Watch):
    def see(self, exchange):
        raise KeyError("nothing")
"""


@contextmanager
def around(workdir: Workdir) -> Iterator[None]:
    """Break the challenge."""
    workdir.add_to_challenge("broken.py", BROKEN)
    yield
