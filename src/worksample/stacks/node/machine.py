"""What this machine has for Node projects, for `worksample doctor`."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator

from worksample.errors import WorksampleError
from worksample.messages import message
from worksample.sandbox.cache import cache_root
from worksample.stacks.base import Tool
from worksample.stacks.node.tools import find_node, manager, program_folder

MANAGERS = ("npm", "pnpm", "yarn")


def machine_tools() -> Iterator[Tool]:
    """Yield Node, then its package managers."""
    try:
        node = find_node("")
    except WorksampleError as error:
        yield Tool("Node", "not found", False, error.hint, essential=True)
        return
    yield Tool(
        "Node", message("{node} from {source}", node=node.text, source=node.source), essential=True
    )
    try:
        folder = asyncio.run(program_folder(node, cache_root()))
    except OSError:
        return
    path = f"{folder}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    for name in MANAGERS:
        yield _manager(name, path)


def _manager(name: str, path: str) -> Tool:
    try:
        found = manager(name, path)
    except WorksampleError as error:
        text = "not found; only projects with its lock file need it"
        return Tool(name, text, False, error.hint)
    return Tool(name, found[0] if len(found) == 1 else "through corepack")
