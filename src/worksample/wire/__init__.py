"""The connection between a target and its service, on which we stand."""

from worksample.wire.postgres import Wire
from worksample.wire.proxied import Proxied
from worksample.wire.trips import Kind, Outcome, RoundTrip, Statement

__all__ = ["Kind", "Outcome", "Proxied", "RoundTrip", "Statement", "Wire"]
