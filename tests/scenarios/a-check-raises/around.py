"""Add a check and a passive check that raise to the challenge."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from tests.scenarios._harness.workdir import Workdir

BROKEN = """
from worksample.checks import Aspect, PassiveCheck, check, passive_check

ATTRIBUTES = {"stage": 1, "clause": "C1", "why": "It does not.", "aspect": Aspect.BEHAVIOUR}


@check(title="A broken check", **ATTRIBUTES)
async def a_broken_check(world):
    await world.new_counter()
    raise ZeroDivisionError("in the check")


@passive_check(title="A broken watch", **ATTRIBUTES)
class ABrokenWatch(PassiveCheck):
    def check_exchange(self, exchange):
        raise KeyError("nothing")
"""


@contextmanager
def around(workdir: Workdir) -> Iterator[None]:
    """Add the module to the challenge."""
    workdir.add_to_challenge("broken.py", BROKEN)
    yield
