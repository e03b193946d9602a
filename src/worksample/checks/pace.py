"""The pace of a server: how fast it answers when nothing disturbs it, and what that means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from worksample.messages import message
from worksample.probes.exchange import Exchange
from worksample.probes.http import Limits, Session

#: The time limit of a request is so many times the time of a slow answer, at most so many seconds:
#: twelve checks at once, with password hashes for two cores, must fit in easily.
LIMIT_PER_ANSWER = 40
LONGEST_LIMIT = 60.0
#: A server is slow if its fastest plain read takes so many seconds, also of so many more reads.
SLOW_READ, MORE_READS = 0.03, 9
#: What a check takes, on average: seconds, plain reads and slow answers one after the other.
CHECK_SECONDS, READS_PER_CHECK, SLOW_PER_CHECK = 0.15, 1.5, 0.4


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast a server answers one request after the other.

    `read` is the fastest plain read, in seconds: a busy machine slows down some reads, a slow
    server all. `slow` is what only a fifth of all answers takes longer for; one answer may have
    waited for something else. Both are 0 if unknown.
    """

    read: float = 0.0
    slow: float = 0.0

    @classmethod
    def of(cls, exchanges: Sequence[Exchange]) -> Pace:
        """Return the pace that these exchanges show, which were sent one after the other."""
        answered = [each for each in exchanges if each.response is not None]
        reads = [each.seconds for each in answered if _is_plain_read(each)]
        seconds = sorted(each.seconds for each in answered)
        slow = seconds[len(seconds) * 4 // 5] if seconds else 0.0
        return cls(min(reads, default=0.0), slow)

    def limits(self, usual: Limits) -> Limits:
        """Return `usual` with a time limit that fits a slow server.

        It is never shorter than usual: a machine that is quiet now may be busy later.
        """
        adapted = min(LIMIT_PER_ANSWER * self.slow, LONGEST_LIMIT)
        return replace(usual, timeout=max(usual.timeout, adapted))

    @property
    def patience(self) -> float:
        """How many times longer than usual to wait for this server, at least once as long."""
        usual = Limits()
        return self.limits(usual).timeout / usual.timeout

    @property
    def is_slow(self) -> bool:
        """Whether even the fastest plain read took long."""
        return self.read >= SLOW_READ

    def note(self, checks: int) -> str:
        """Say how long `checks` checks will take on a slow server; empty on a usual one."""
        if not self.is_slow:
            return ""
        each = CHECK_SECONDS + READS_PER_CHECK * self.read + SLOW_PER_CHECK * self.slow
        return message(
            "this server needs {read} ms for a plain read and {slow} ms for a slow one: expect "
            "about {minutes} min",
            read=f"{1000 * self.read:.0f}",
            slow=f"{1000 * self.slow:.0f}",
            minutes=f"{max(1, checks * each / 60):.0f}",
        )


async def pace_of(session: Session) -> Pace:
    """Return the pace that the exchanges of `session` show.

    If their reads were slow, one of them is repeated, to tell a slow server from a busy machine.
    """
    pace = Pace.of(session.exchanges)
    if not pace.is_slow:
        return pace
    reads = filter(_is_plain_read, session.exchanges)
    request = min(reads, key=lambda each: each.seconds).request
    more = [await session.exchange(request) for _ in range(MORE_READS)]
    return replace(pace, read=min(pace.read, Pace.of(more).read or pace.read))


def _is_plain_read(exchange: Exchange) -> bool:
    return exchange.request.method == "GET" and 200 <= exchange.status < 300
