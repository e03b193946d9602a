"""Which error the server logged for a request, although other requests run beside it.

The log has no names of requests, so an error counts as that of a request only if no other one can
be meant: the request was the only one that failed while the error was logged, all that failed
meanwhile were of one operation and logged the same error, or the request was sent again alone and
logged an error that was also logged while it was answered for the first time.
"""

from __future__ import annotations

import asyncio
import time
from bisect import bisect_left, bisect_right
from dataclasses import dataclass

from worksample.checks.request_kinds import pattern_of
from worksample.probes.exchange import Exchange
from worksample.probes.http import HttpClient
from worksample.stacks.base import error_places
from worksample.targets import ExternalTarget, Target

#: How often the position of the log is noted, in seconds.
_NOTED_EVERY = 0.005
#: A server may log an error so many seconds after it has sent the answer.
_LATE = 0.25
_POLL = 0.02
_MAX_WINDOWS = 4000
#: How long one request may take that is sent again, in seconds.
_PATIENCE = 5.0
_Key = tuple[float, str, str]


@dataclass(frozen=True, slots=True)
class LoggedError:
    """An error ("app.py:27: KeyError: 'x'") and the lines that the server printed with it."""

    error: str
    log: str


@dataclass(frozen=True, slots=True)
class _Window:
    """The positions of the log while a request was answered with a 5xx, and both times."""

    operation: str
    start: int
    end: asyncio.Task[int]
    started: float
    ended: float


class ErrorLog:
    """The log of one target, and which part of it was written during each 5xx.

    `record` is called with every exchange as it ends.
    """

    def __init__(self, target: Target | ExternalTarget) -> None:
        self._target = target if isinstance(target, Target) else None
        self._times, self._positions = [0.0], [self._target.log.position if self._target else 0]
        self._windows: dict[_Key, _Window] = {}

    def record(self, exchange: Exchange) -> None:
        """Note where the log is now, and where it was when a 5xx was asked for."""
        if self._target is None:
            return
        now = time.monotonic()
        if exchange.status >= 500 and len(self._windows) < _MAX_WINDOWS:
            end = asyncio.get_running_loop().create_task(self._target.flush_log())
            start = self._positions[bisect_right(self._times, exchange.started) - 1]
            self._windows[_key_of(exchange)] = _Window(
                pattern_of(exchange.request), start, end, exchange.started, now
            )
        if now - self._times[-1] >= _NOTED_EVERY:
            self._times.append(now)
            self._positions.append(self._target.log.position)

    async def error_of(self, exchange: Exchange) -> LoggedError | None:
        """Return the error of `exchange` if the log of its time shows that no other is meant.

        A request that ended shortly before may log its error meanwhile.
        """
        own = self._windows.get(_key_of(exchange))
        if own is None:
            return None
        begin, end = own.start, await own.end
        before = own.started - _LATE
        windows = [each for each in list(self._windows.values()) if each.ended > before]
        windows = [each for each in windows if each.start < end]
        if any(each.operation != own.operation for each in windows):
            return None
        meanwhile = [(each.start, await each.end) for each in windows]
        log = self._printed(min((b for b, _ in meanwhile), default=begin),
                            max((e for _, e in meanwhile), default=end))  # fmt: skip
        errors = error_places(log)
        if len(set(map(kind_of, errors))) != 1 or len(errors) < len(meanwhile):
            return None
        return LoggedError(errors[-1], log)

    async def error_again(self, exchange: Exchange, client: HttpClient) -> LoggedError | None:
        """Send the request of `exchange` again, while nothing else runs; return its error.

        None if the answer is another one, or if its error was not logged the first time.
        """
        own = self._windows.get(_key_of(exchange))
        if own is None or self._target is None or not self._target.alive:
            return None
        first = set(map(kind_of, error_places(self._printed(own.start, self._late_end(own)))))
        mark = await self._target.flush_log()
        if not first or (await client.send(exchange.request, timeout=_PATIENCE)).status != (
            exchange.status
        ):
            return None
        log = await self._printed_late(mark)
        errors = error_places(log)
        if len(set(map(kind_of, errors))) != 1 or kind_of(errors[0]) not in first:
            return None
        return LoggedError(errors[-1], log)

    def _late_end(self, window: _Window) -> int:
        """Return the position of the log some time after the answer."""
        index = bisect_left(self._times, window.ended + _LATE)
        assert self._target is not None
        return self._positions[index] if index < len(self._times) else self._target.log.position

    async def _printed_late(self, mark: int) -> str:
        """Return what is printed since `mark`; wait a moment until there is an error."""
        assert self._target is not None
        until = time.monotonic() + _LATE
        while True:
            log = self._printed(mark, await self._target.flush_log())
            if error_places(log) or time.monotonic() > until:
                return log
            await asyncio.sleep(_POLL)

    def _printed(self, start: int, end: int) -> str:
        assert self._target is not None
        return self._target.printed(start, end)


def kind_of(error: str) -> str:
    """Return the place and the type of an error, without its message."""
    return ": ".join(error.split(": ")[:2])


def _key_of(exchange: Exchange) -> _Key:
    return exchange.started, exchange.request.method, exchange.request.target
