"""Track the protocol of one connection in both directions, without I/O.

Rules: https://www.postgresql.org/docs/current/protocol-flow.html and
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
    """Feed `frontend.framer` and `backend.framer` with the bytes of each side, in their order.

    `on_begin(trip)` is called when a round trip begins; if it returns True, the framer stops there.
    `on_end(trip)` is called when its reply is complete or can no longer arrive.
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
        """End all pending round trips: the connection is closed or no longer parsed."""
        self.state.lose()
