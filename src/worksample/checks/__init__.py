"""The API in which checks are written, and the engine that runs them."""

from worksample.checks.answer import Answer, cause_of
from worksample.checks.context import CheckContext, Recorder
from worksample.checks.contract import Contract, Operation
from worksample.checks.decorators import check, checks_in, passive_check
from worksample.checks.detours import (
    expect_success,
    first_of,
    precondition_success,
    stored_id,
)
from worksample.checks.dialect import Dialect, Meaning
from worksample.checks.engine import Engine
from worksample.checks.expect import expect, json_equal
from worksample.checks.figures import Figure, Growth, Timeline, TimelineStep
from worksample.checks.formatting import describe_exchange, printable, shorten
from worksample.checks.health import STAYS_UP
from worksample.checks.judging import rule
from worksample.checks.listener import CheckListener
from worksample.checks.model import (
    BAD_TOKEN,
    Aspect,
    Check,
    CheckResult,
    Finding,
    InvalidCheck,
    Verdict,
)
from worksample.checks.operations import StagedOperation
from worksample.checks.outcome import CheckFailed, PreconditionFailed, Skipped, Undecided
from worksample.checks.passive_checks import PassiveCheck
from worksample.checks.profile import BRIEF, Profile
from worksample.checks.races import Race, deletion_response_class, response_class
from worksample.checks.serializable import serializable
from worksample.checks.suite import NoAdapter, Suite, Template, Words
from worksample.checks.values import as_query, in_any_order, parse_timestamp, segment
from worksample.checks.weak_writes import remove_rows, removed_on_failure
from worksample.checks.world import World, precondition, precondition_at

__all__ = [
    "BAD_TOKEN",
    "BRIEF",
    "STAYS_UP",
    "Answer",
    "Aspect",
    "Check",
    "CheckContext",
    "CheckFailed",
    "CheckListener",
    "CheckResult",
    "Contract",
    "Dialect",
    "Engine",
    "Figure",
    "Finding",
    "Growth",
    "InvalidCheck",
    "Meaning",
    "NoAdapter",
    "Operation",
    "PassiveCheck",
    "PreconditionFailed",
    "Profile",
    "Race",
    "Recorder",
    "Skipped",
    "StagedOperation",
    "Suite",
    "Template",
    "Timeline",
    "TimelineStep",
    "Undecided",
    "Verdict",
    "Words",
    "World",
    "as_query",
    "cause_of",
    "check",
    "checks_in",
    "deletion_response_class",
    "describe_exchange",
    "expect",
    "expect_success",
    "first_of",
    "in_any_order",
    "json_equal",
    "parse_timestamp",
    "passive_check",
    "precondition",
    "precondition_at",
    "precondition_success",
    "printable",
    "remove_rows",
    "removed_on_failure",
    "response_class",
    "rule",
    "segment",
    "serializable",
    "shorten",
    "stored_id",
]
