"""Show where a test hangs that one of several test processes runs."""

from __future__ import annotations

import faulthandler
from typing import Any

import pytest


class StacksOnStderr:
    """The timer of pytest-timeout in a process whose stdout nobody reads.

    After the timeout of a test it writes the stacks of all threads to the file descriptor `stderr`
    and ends the process. It needs no signal, and no thread that Python must let run.
    """

    def __init__(self, stderr: int) -> None:
        self._stderr = stderr

    @pytest.hookimpl(tryfirst=True)
    def pytest_timeout_set_timer(self, settings: Any) -> bool:
        """Start the timer; return True, since no other is needed."""
        faulthandler.dump_traceback_later(settings.timeout, exit=True, file=self._stderr)
        return True

    @pytest.hookimpl(tryfirst=True)
    def pytest_timeout_cancel_timer(self) -> bool:
        """Stop the timer; return True, since no other is needed."""
        faulthandler.cancel_dump_traceback_later()
        return True
