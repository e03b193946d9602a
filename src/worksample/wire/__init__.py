"""A proxy between a target and its database that records traffic and injects faults."""

from worksample.wire.account import Account, account, by_request
from worksample.wire.gate import Fault, FaultScript, Gate
from worksample.wire.interception import Interception
from worksample.wire.locks import LockWait
from worksample.wire.normalization import normalized_sql
from worksample.wire.proxied_database import ProxiedDatabase
from worksample.wire.proxy import Wire
from worksample.wire.round_trips import Kind, Outcome, RoundTrip, Statement
from worksample.wire.traces import Trace
from worksample.wire.transcript import transcript

__all__ = [
    "Account",
    "Fault",
    "FaultScript",
    "Gate",
    "Interception",
    "Kind",
    "LockWait",
    "Outcome",
    "ProxiedDatabase",
    "RoundTrip",
    "Statement",
    "Trace",
    "Wire",
    "account",
    "by_request",
    "normalized_sql",
    "transcript",
]
