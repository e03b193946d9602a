"""What this machine has for Python projects, for `worksample doctor`."""

from __future__ import annotations

import importlib.util
import shutil
from collections.abc import Iterator

from worksample.messages import message
from worksample.sandbox.query import first_line_of
from worksample.stacks.base import Tool
from worksample.stacks.python.interpreters import interpreters


def machine_tools() -> Iterator[Tool]:
    """Yield Python, then uv."""
    yield _python()
    yield _uv()


def _python() -> Tool:
    own, *others = (each.version for each in interpreters())
    more = ", ".join(map(str, sorted(set(others) - {own})))
    text = message("{own} runs Worksample", own=own)
    if more:
        text = message("{own} runs Worksample; also here: {more}", own=own, more=more)
    if shutil.which("uv") or any(map(importlib.util.find_spec, ("pip", "ensurepip"))):
        return Tool("Python", text, essential=True)
    remedy = "python -m ensurepip; on Debian and Ubuntu: apt install python3-venv python3-pip"
    return Tool("Python", message("{own} without pip", own=own), False, remedy, essential=True)


def _uv() -> Tool:
    if version := first_line_of("uv", "--version"):
        return Tool("uv", version.removeprefix("uv "))
    text = "not found; Python projects are built with pip, more slowly"
    return Tool("uv", text, False, "pip install uv, or https://docs.astral.sh/uv")
