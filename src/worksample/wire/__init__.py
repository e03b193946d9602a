"""A proxy between a target and its database that records traffic and injects faults."""

from worksample.wire.account import Account, account, by_request
from worksample.wire.gate import Fault, FaultScript, Gate
from worksample.wire.interception import Interception
from worksample.wire.locks import LockWait
from worksample.wire.protocol import WireProtocol, protocols
from worksample.wire.proxy import Wire
from worksample.wire.round_trips import Outcome, RoundTrip, Statement
from worksample.wire.traces import Trace
from worksample.wire.transcript import transcript

__all__ = [
    "Account",
    "Fault",
    "FaultScript",
    "Gate",
    "Interception",
    "LockWait",
    "Outcome",
    "RoundTrip",
    "Statement",
    "Trace",
    "Wire",
    "WireProtocol",
    "account",
    "by_request",
    "protocols",
    "transcript",
]
