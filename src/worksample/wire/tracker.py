"""One connection's talk with PostgreSQL, followed from both sides. No I/O here.

The rules are those of https://www.postgresql.org/docs/current/protocol-flow.html and
https://www.postgresql.org/docs/current/protocol-message-formats.html.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from worksample.wire.backend import BackendParser
from worksample.wire.frontend import FrontendParser
from worksample.wire.protocol_state import ProtocolState
from worksample.wire.round_trips import RoundTrip


class ProtocolTracker:
    """Feed `asking.framer` and `backend.framer` with what both sides say, in that order.

    `on_begin(trip)` is told when a round trip begins (True: stop there), `on_end(trip)` when its
    answer is complete.
    """

    def __init__(
        self,
        connection: int,
        on_begin: Callable[[RoundTrip], bool],
        on_end: Callable[[RoundTrip], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.state = ProtocolState(connection, on_end, clock)
        self.frontend = FrontendParser(self.state, on_begin)
        self.backend = BackendParser(self.state, self.frontend.names)

    def lose(self) -> None:
        """The connection is gone: what was asked will not be answered."""
        self.state.lose()
