"""The language in which checks are written, and the engine that asks them."""

from worksample.checks.answer import Answer, blame
from worksample.checks.arena import Arena
from worksample.checks.contract import Contract, Operation
from worksample.checks.dialect import Dialect, Meaning
from worksample.checks.either_order import either_order
from worksample.checks.engine import Engine, Listener
from worksample.checks.expect import expect, same
from worksample.checks.figures import Beat, Figure, Growth, Timeline
from worksample.checks.health import STAYS_UP
from worksample.checks.language import check, checks_in, watch
from worksample.checks.model import Aspect, Check, CheckResult, Finding, Verdict
from worksample.checks.outcome import Excused, GivenFailed, Unmet
from worksample.checks.races import Race, gone_or_done, sort_of
from worksample.checks.watching import Watch
from worksample.checks.words import printable, say_exchange, shorten
from worksample.checks.world import World, given, given_at

__all__ = [
    "STAYS_UP",
    "Answer",
    "Arena",
    "Aspect",
    "Beat",
    "Check",
    "CheckResult",
    "Contract",
    "Dialect",
    "Engine",
    "Excused",
    "Figure",
    "Finding",
    "GivenFailed",
    "Growth",
    "Listener",
    "Meaning",
    "Operation",
    "Race",
    "Timeline",
    "Unmet",
    "Verdict",
    "Watch",
    "World",
    "blame",
    "check",
    "checks_in",
    "either_order",
    "expect",
    "given",
    "given_at",
    "gone_or_done",
    "printable",
    "same",
    "say_exchange",
    "shorten",
    "sort_of",
    "watch",
]
