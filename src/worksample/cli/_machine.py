"""What this machine has and lacks for building and judging servers, and how to get it."""

from __future__ import annotations

import asyncio
import getpass
import importlib.metadata
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from worksample.errors import WorksampleError
from worksample.sandbox.cache import cache_root
from worksample.sandbox.folders import fast_parent
from worksample.services.base import Service, services
from worksample.services.support.pg_binaries import server_user
from worksample.stacks.support.node_tools import find_node, manager, programs
from worksample.stacks.support.py_environment import interpreters

GIGABYTE = 1 << 30
MANAGERS = ("npm", "pnpm", "yarn")
# How long the size of the cache may be counted: a doctor who takes long is not asked again.
COUNTING_SECONDS = 0.5
ASKING_SECONDS = 10.0


class Kind(StrEnum):
    """What a fact is about."""

    LANGUAGE = "Languages"
    TOOL = "Tools"
    SERVICE = "Services"
    PLACE = "This machine"


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that is there, or not.

    `needed` says that it counts for whether anything can be checked (see `enough`), `how` how to
    get it where it lacks.
    """

    kind: Kind
    name: str
    text: str
    there: bool = True
    needed: bool = False
    how: str = ""


def examine() -> list[Fact]:
    """Return everything that is worth knowing, all asked at the same time."""
    questions: list[Callable[[], Iterator[Fact]]] = [
        _python, _node, _git, _uv, _uvloop, _services, _user, _cache, _disk, _memory, _isolation,
    ]  # fmt: skip
    with ThreadPoolExecutor(len(questions)) as pool:
        return [fact for facts in pool.map(lambda ask: list(ask()), questions) for fact in facts]


def enough(facts: list[Fact]) -> bool:
    """Return whether servers of at least one stack can be checked.

    For that at least one language, at least one service and every needed place must be there.
    """
    needed = [fact for fact in facts if fact.needed]
    some = {fact.kind for fact in needed if fact.there}
    places = all(fact.there for fact in needed if fact.kind is Kind.PLACE)
    return places and {Kind.LANGUAGE, Kind.SERVICE} <= some


def _python() -> Iterator[Fact]:
    own, *others = (".".join(map(str, each.version)) for each in interpreters())
    more = sorted(set(others) - {own}, key=lambda text: [int(n) for n in text.split(".")])
    text = f"{own} runs Worksample" + (f"; also here: {', '.join(more)}" if more else "")
    if shutil.which("uv") or any(map(importlib.util.find_spec, ("pip", "ensurepip"))):
        yield Fact(Kind.LANGUAGE, "Python", text, needed=True)
        return
    how = "python -m ensurepip; on Debian and Ubuntu: apt install python3-venv python3-pip"
    yield Fact(Kind.LANGUAGE, "Python", f"{own} without pip", False, needed=True, how=how)


def _node() -> Iterator[Fact]:
    try:
        node = find_node("")
    except WorksampleError as error:
        yield Fact(Kind.LANGUAGE, "Node", "not here", False, needed=True, how=error.hint)
        return
    yield Fact(Kind.LANGUAGE, "Node", f"{node.text} from {node.source}", needed=True)
    try:
        folder = asyncio.run(programs(node, cache_root()))
    except OSError:
        return
    path = f"{folder}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    for name in MANAGERS:
        yield _manager(name, path)


def _manager(name: str, path: str) -> Fact:
    try:
        found = manager(name, path)
    except WorksampleError as error:
        text = "not here; only projects that are locked by it need it"
        return Fact(Kind.TOOL, name, text, False, how=error.hint)
    return Fact(Kind.TOOL, name, found[0] if len(found) == 1 else "through corepack")


def _git() -> Iterator[Fact]:
    if version := _said("git", "--version"):
        yield Fact(Kind.TOOL, "git", version.removeprefix("git version "))
        return
    text = "not here; `worksample calibrate` needs it, `worksample check` does not"
    yield Fact(Kind.TOOL, "git", text, False, how="https://git-scm.com, or your system's packages")


def _uv() -> Iterator[Fact]:
    if version := _said("uv", "--version"):
        yield Fact(Kind.TOOL, "uv", version.removeprefix("uv "))
        return
    text = "not here; pip builds Python projects in its place, more slowly"
    yield Fact(Kind.TOOL, "uv", text, False, how="pip install uv, or https://docs.astral.sh/uv")


def _uvloop() -> Iterator[Fact]:
    try:
        yield Fact(Kind.TOOL, "uvloop", importlib.metadata.version("uvloop"))
    except importlib.metadata.PackageNotFoundError:
        text = "not here; requests are sent more slowly"
        yield Fact(Kind.TOOL, "uvloop", text, False, how="pip install uvloop")


def _services() -> Iterator[Fact]:
    for service in services().values():
        yield _service(service)


def _service(service: Service) -> Fact:
    try:
        return Fact(Kind.SERVICE, service.name, service.look(), needed=True)
    except WorksampleError as error:
        return Fact(Kind.SERVICE, service.name, error.message, False, needed=True, how=error.hint)


def _user() -> Iterator[Fact]:
    uid = os.geteuid()
    if uid == 0:
        yield Fact(Kind.PLACE, "user", "root; PostgreSQL, which refuses root, runs as nobody")
        return
    try:
        name = getpass.getuser()
    except (KeyError, OSError):
        name = "a user without a name"
    yield Fact(Kind.PLACE, "user", f"{name} (uid {uid})")


def _cache() -> Iterator[Fact]:
    try:
        # What another user has to run (PostgreSQL, when we are root) may have to lie elsewhere.
        roots = {cache_root(), cache_root(for_others=server_user() is not None)}
    except OSError as error:
        how = "let WORKSAMPLE_CACHE name a folder that can be written"
        yield Fact(Kind.PLACE, "cache", str(error), False, needed=True, how=how)
        return
    for root in sorted(roots):
        size = _said("du", "-sk", str(root), seconds=COUNTING_SECONDS).partition("\t")[0]
        holds = _bytes(int(size) * 1024) if size.isdigit() else "more than can be counted at once"
        yield Fact(Kind.PLACE, "cache", f"{root} holds {holds}", needed=True)


def _disk() -> Iterator[Fact]:
    try:
        place = Path(tempfile.gettempdir())
        free = shutil.disk_usage(place).free
    except OSError as error:
        how = "let TMPDIR name a folder that can be written"
        yield Fact(Kind.PLACE, "disk", str(error), False, needed=True, how=how)
        return
    text = f"{_bytes(free)} free for servers and their output ({place})"
    how = f"make room there: a run wants {_bytes(GIGABYTE)}; or let TMPDIR name another folder"
    yield Fact(Kind.PLACE, "disk", text, free > GIGABYTE, how=how)


def _memory() -> Iterator[Fact]:
    if place := fast_parent():
        free = shutil.disk_usage(place).free
        text = f"{place}, {_bytes(free)} free: databases live in memory"
        yield Fact(Kind.PLACE, "tmpfs", text)
        return
    text = "no memory-backed folder with 1 GB free; databases live on disk, a little slower"
    how = "" if sys.platform == "darwin" else "in a container: docker run --shm-size=2g"
    yield Fact(Kind.PLACE, "tmpfs", text, False, how=how)


def _isolation() -> Iterator[Fact]:
    if _said("unshare", "--user", "--map-root-user", "--net", "--pid", "--fork", "echo", "yes"):
        text = "namespaces can be made; your own servers run with your own rights"
        yield Fact(Kind.PLACE, "isolation", text)
        return
    text = "no namespaces can be made; servers run with your own rights, so check only your own"
    how = "Linux: sysctl kernel.unprivileged_userns_clone=1, or a container that allows namespaces"
    yield Fact(Kind.PLACE, "isolation", text, False, how=how)


def _said(*argv: str, seconds: float = ASKING_SECONDS) -> str:
    """Return the first line that a program prints; empty if it is not here or fails."""
    try:
        done = subprocess.run(
            argv,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=seconds,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return next(iter(done.stdout.splitlines()), "").strip()


def _bytes(count: float) -> str:
    for unit in ("B", "KB", "MB"):
        if count < 1000:
            return f"{count:.0f} {unit}"
        count /= 1024
    return f"{count:.1f} GB"
