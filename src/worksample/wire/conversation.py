"""One connection's talk with PostgreSQL, followed from both sides. No I/O here.

The rules are those of https://www.postgresql.org/docs/current/protocol-flow.html and
https://www.postgresql.org/docs/current/protocol-message-formats.html.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from worksample.wire.answering import Answering
from worksample.wire.asking import Asking
from worksample.wire.legs import Legs
from worksample.wire.trips import RoundTrip


class Conversation:
    """Feed `asking.framer` and `answering.framer` with what both sides say, in that order.

    `opens(trip)` is told when a round trip begins (True: stop there), `closes(trip)` when its
    answer is complete.
    """

    def __init__(
        self,
        connection: int,
        opens: Callable[[RoundTrip], bool],
        closes: Callable[[RoundTrip], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.legs = Legs(connection, closes, clock)
        self.asking = Asking(self.legs, opens)
        self.answering = Answering(self.legs, self.asking.names)

    def lose(self) -> None:
        """The connection is gone: what was asked will not be answered."""
        self.legs.lose()
