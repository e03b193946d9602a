"""The connection between a target and its service, on which we stand."""

from worksample.wire.account import Account, account, by_request
from worksample.wire.gate import Fault, Gate, Script
from worksample.wire.locks import LockWait
from worksample.wire.passage import Passage
from worksample.wire.postgres import Wire
from worksample.wire.proxied import Proxied
from worksample.wire.shapes import shape
from worksample.wire.story import story
from worksample.wire.traces import Trace
from worksample.wire.trips import Kind, Outcome, RoundTrip, Statement

__all__ = [
    "Account",
    "Fault",
    "Gate",
    "Kind",
    "LockWait",
    "Outcome",
    "Passage",
    "Proxied",
    "RoundTrip",
    "Script",
    "Statement",
    "Trace",
    "Wire",
    "account",
    "by_request",
    "shape",
    "story",
]
