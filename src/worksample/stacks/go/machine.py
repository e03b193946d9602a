"""What this machine has for Go projects, for `worksample doctor`."""

from __future__ import annotations

from collections.abc import Iterator

from worksample.messages import message
from worksample.stacks.base import Tool
from worksample.stacks.go.toolchain import INSTALL_HINT, toolchains


def machine_tools() -> Iterator[Tool]:
    """Yield Go."""
    found = list(toolchains())
    if not found:
        yield Tool("Go", "not found", False, INSTALL_HINT, essential=True)
        return
    first, *others = found
    text = message("{version} from {source}", version=first.text, source=first.source)
    if others:
        more = ", ".join(each.text for each in others)
        text = message("{text}; also here: {more}", text=text, more=more)
    yield Tool("Go", text, essential=True)
