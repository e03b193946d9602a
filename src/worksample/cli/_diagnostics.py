"""What this machine has and lacks for building and checking servers, and how to get it."""

from __future__ import annotations

import getpass
import importlib.metadata
import importlib.util
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from worksample.cli._hints import hints_of
from worksample.errors import WorksampleError
from worksample.messages import message
from worksample.sandbox.cache import cache_root
from worksample.sandbox.folders import memory_backed_folder
from worksample.sandbox.query import first_line_of
from worksample.sandbox.users import server_user
from worksample.services.base import Service, services
from worksample.stacks.base import stacks

GIGABYTE = 1 << 30
# Counting a large cache takes too long for a command that should answer at once.
CACHE_SIZE_TIMEOUT = 0.5


class Category(StrEnum):
    """The heading under which `doctor` shows a diagnostic."""

    LANGUAGE = "Languages"
    TOOL = "Tools"
    SERVICE = "Services"
    PLACE = "This machine"


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One thing that this machine has (`found`) or lacks.

    `required` says whether it counts for `can_check`, `remedy` how to get it.
    """

    category: Category
    name: str
    text: str
    found: bool = True
    required: bool = False
    remedy: str = ""


def run_diagnostics() -> list[Diagnostic]:
    """Return all diagnostics, examined concurrently."""
    examinations: list[Callable[[], Iterator[Diagnostic]]] = [
        _stacks, _git, _uvloop, _services, _user, _cache, _disk, _memory, _isolation,
    ]  # fmt: skip
    with ThreadPoolExecutor(len(examinations)) as pool:
        return [
            diagnostic
            for diagnostics in pool.map(lambda examination: list(examination()), examinations)
            for diagnostic in diagnostics
        ]


def can_check(diagnostics: list[Diagnostic]) -> bool:
    """Return whether servers of at least one stack can be checked.

    That requires at least one language, at least one service and every required place.
    """
    required = [diagnostic for diagnostic in diagnostics if diagnostic.required]
    some = {diagnostic.category for diagnostic in required if diagnostic.found}
    places = all(
        diagnostic.found for diagnostic in required if diagnostic.category is Category.PLACE
    )
    return places and {Category.LANGUAGE, Category.SERVICE} <= some


def _stacks() -> Iterator[Diagnostic]:
    for stack in stacks().values():
        for tool in stack.tools():
            yield Diagnostic(
                Category.LANGUAGE if tool.essential else Category.TOOL,
                tool.name,
                tool.text,
                tool.found,
                required=tool.essential,
                remedy=tool.remedy,
            )


def _git() -> Iterator[Diagnostic]:
    if version := first_line_of("git", "--version"):
        yield Diagnostic(Category.TOOL, "git", version.removeprefix("git version "))
        return
    text = "not found; `worksample calibrate` needs it, `worksample check` does not"
    yield Diagnostic(
        Category.TOOL, "git", text, False, remedy="https://git-scm.com, or your system's packages"
    )


def _uvloop() -> Iterator[Diagnostic]:
    try:
        yield Diagnostic(Category.TOOL, "uvloop", importlib.metadata.version("uvloop"))
    except importlib.metadata.PackageNotFoundError:
        text = "not found; requests are sent more slowly"
        yield Diagnostic(Category.TOOL, "uvloop", text, False, remedy="pip install uvloop")


def _services() -> Iterator[Diagnostic]:
    for service in services().values():
        yield _service(service)


def _service(service: Service) -> Diagnostic:
    name, required = service.name, service.needed_by_default
    try:
        return Diagnostic(Category.SERVICE, name, service.describe(), required=required)
    except WorksampleError as error:
        remedy = ". ".join(hint.rstrip(".") for hint in hints_of(error))
        return Diagnostic(Category.SERVICE, name, error.message, False, required, remedy)


def _user() -> Iterator[Diagnostic]:
    uid = os.geteuid()
    if uid == 0:
        yield Diagnostic(
            Category.PLACE, "user", "root; PostgreSQL refuses to run as root and runs as nobody"
        )
        return
    try:
        name = getpass.getuser()
    except (KeyError, OSError):
        name = "a user without a name"
    yield Diagnostic(Category.PLACE, "user", message("{name} (uid {uid})", name=name, uid=uid))


def _cache() -> Iterator[Diagnostic]:
    try:
        # As root, PostgreSQL runs as another user, whose programs may need a cache of their own.
        roots = {cache_root(), cache_root(for_other_users=server_user() is not None)}
    except OSError as error:
        remedy = "set WORKSAMPLE_CACHE to a writable folder"
        yield Diagnostic(Category.PLACE, "cache", str(error), False, required=True, remedy=remedy)
        return
    for root in sorted(roots):
        size = first_line_of("du", "-sk", str(root), seconds=CACHE_SIZE_TIMEOUT).partition("\t")[0]
        holds = _bytes(int(size) * 1024) if size.isdigit() else "more than can be counted quickly"
        yield Diagnostic(
            Category.PLACE,
            "cache",
            message("{root} holds {holds}", root=root, holds=holds),
            required=True,
        )


def _disk() -> Iterator[Diagnostic]:
    try:
        place = Path(tempfile.gettempdir())
        free = shutil.disk_usage(place).free
    except OSError as error:
        remedy = "set TMPDIR to a writable folder"
        yield Diagnostic(Category.PLACE, "disk", str(error), False, required=True, remedy=remedy)
        return
    text = message(
        "{free} free for servers and their output ({place})", free=_bytes(free), place=place
    )
    remedy = message(
        "free some space there: a run needs {needed}; or set TMPDIR to another folder",
        needed=_bytes(GIGABYTE),
    )
    yield Diagnostic(Category.PLACE, "disk", text, free > GIGABYTE, remedy=remedy)


def _memory() -> Iterator[Diagnostic]:
    if place := memory_backed_folder():
        free = shutil.disk_usage(place).free
        template = "{place}, {free} free: databases are kept in memory"
        in_memory = message(template, place=place, free=_bytes(free))
        yield Diagnostic(Category.PLACE, "tmpfs", in_memory)
        return
    text = "no memory-backed folder with 1 GB free; databases are kept on disk, a little slower"
    remedy = "" if sys.platform == "darwin" else "in a container: docker run --shm-size=2g"
    yield Diagnostic(Category.PLACE, "tmpfs", text, False, remedy=remedy)


def _isolation() -> Iterator[Diagnostic]:
    if first_line_of(
        "unshare", "--user", "--map-root-user", "--net", "--pid", "--fork", "echo", "yes"
    ):
        text = "namespaces are available; your own servers run with your own rights"
        yield Diagnostic(Category.PLACE, "isolation", text)
        return
    text = "no namespaces are available; servers run with your own rights, so check only your own"
    remedy = (
        "Linux: sysctl kernel.unprivileged_userns_clone=1, or a container that allows namespaces"
    )
    yield Diagnostic(Category.PLACE, "isolation", text, False, remedy=remedy)


def _bytes(count: float) -> str:
    for unit in ("B", "KB", "MB"):
        if count < 1000:
            return f"{count:.0f} {unit}"
        count /= 1024
    return f"{count:.1f} GB"
