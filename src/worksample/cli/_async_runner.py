"""Run a coroutine to its end, or, on Ctrl-C and SIGTERM, to an orderly one."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Coroutine
from typing import Any, TypeVar

import click

Result = TypeVar("Result")
_STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM)


def run_interruptible(work: Coroutine[Any, Any, Result]) -> Result:
    """Run `work` on uvloop (asyncio's own loop where there is none) and return its result.

    SIGINT and SIGTERM cancel it, so that everything it started is stopped; then
    `KeyboardInterrupt` is raised for the first and `SystemExit(143)` for the second.
    """
    received: list[int] = []
    before = {number: signal.getsignal(number) for number in _STOP_SIGNALS}

    async def cancel_on_signal() -> Result:
        task = asyncio.current_task()
        assert task is not None
        loop = asyncio.get_running_loop()

        def stop(number: int) -> None:
            received.append(number)
            task.cancel()

        for number in _STOP_SIGNALS:
            loop.add_signal_handler(number, stop, number)
        return await work

    try:
        with asyncio.Runner(loop_factory=_loop_factory()) as runner:
            return runner.run(cancel_on_signal())
    except asyncio.CancelledError:
        if received and received[0] == signal.SIGTERM:
            click.echo("Ended by SIGTERM; nothing was left running.", err=True)
            sys.exit(128 + signal.SIGTERM)
        raise KeyboardInterrupt from None
    finally:
        # uvloop leaves its own handlers behind, which would swallow every later Ctrl-C.
        for number, handler in before.items():
            signal.signal(number, handler)


def _loop_factory() -> Any:
    try:
        import uvloop
    except ImportError:
        return None
    return uvloop.new_event_loop
