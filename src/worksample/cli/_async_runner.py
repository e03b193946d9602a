"""Run a coroutine; on Ctrl-C and SIGTERM, cancel it and wait until it has cleaned up."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Coroutine
from typing import Any, TypeVar

import click

from worksample.cli._exit_codes import TERMINATED

Result = TypeVar("Result")
_STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM)


def run_interruptible(work: Coroutine[Any, Any, Result]) -> Result:
    """Run `work` on uvloop (or asyncio's loop, without uvloop) and return its result.

    SIGINT and SIGTERM cancel `work`, so that it stops everything it started. Then SIGINT raises
    `KeyboardInterrupt`, SIGTERM `SystemExit(143)`. A signal that was ignored at the start stays
    ignored: a shell starts background jobs of a script with SIGINT ignored, so that Ctrl-C on the
    script does not reach them.
    """
    received: list[int] = []
    before = {number: signal.getsignal(number) for number in _STOP_SIGNALS}
    heeded = [number for number, handler in before.items() if handler is not signal.SIG_IGN]

    async def cancel_on_signal() -> Result:
        task = asyncio.current_task()
        assert task is not None
        loop = asyncio.get_running_loop()

        def stop(number: int) -> None:
            received.append(number)
            task.cancel()

        for number in heeded:
            loop.add_signal_handler(number, stop, number)
        return await work

    try:
        with asyncio.Runner(loop_factory=_loop_factory()) as runner:
            return runner.run(cancel_on_signal())
    except asyncio.CancelledError:
        if received and received[0] == signal.SIGTERM:
            click.echo("Terminated; nothing was left running.", err=True)
            sys.exit(TERMINATED)
        raise KeyboardInterrupt from None
    finally:
        # uvloop does not restore the handlers: every later Ctrl-C would be lost.
        for number, handler in before.items():
            signal.signal(number, handler)


def _loop_factory() -> Any:
    try:
        import uvloop
    except ImportError:
        return None
    return uvloop.new_event_loop
