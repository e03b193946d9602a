"""A template data directory, initialised once and copied for each new server."""

from __future__ import annotations

import hashlib
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from worksample.errors import ServiceUnavailable
from worksample.messages import message
from worksample.sandbox import Command, LogFile, cache, run
from worksample.sandbox.users import server_user
from worksample.services.data_folders import measure
from worksample.services.postgres.binaries import Installation

ADMIN = "worksample"
OPTIONS = (
    "--encoding=UTF8",
    "--locale=C",
    "--auth=scram-sha-256",
    "--no-sync",
    "--no-instructions",
)
INITDB_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class Template:
    """A cache entry: the data directory to copy, and the superuser's password."""

    folder: Path

    @property
    def data(self) -> Path:
        """The data directory; it is owned by the user that runs the server."""
        return self.folder / "data"

    @property
    def password(self) -> str:
        """The superuser's password; other users of the machine cannot read its file."""
        return (self.folder / "password").read_text()

    def is_intact(self) -> bool:
        """Whether the number and total size of the files are those that initdb created."""
        return bool(self.password) and (self.folder / "manifest").read_text() == measure(self.data)


async def template(installation: Installation, cache_folder: Path) -> Template:
    """Return the template of an installation; create it if it is missing or damaged.

    Raises `ServiceUnavailable` with the last lines of initdb's output if initdb fails.
    """
    settings = repr((OPTIONS, ADMIN, server_user(), os.geteuid()))
    digest = hashlib.sha256(f"{installation.digest()}{settings}".encode()).hexdigest()[:16]

    async def create(folder: Path) -> None:
        await _initialise(folder, installation)

    folder = cache_folder / "postgres-data" / digest
    return Template(
        await cache.get_or_create(folder, create, check=lambda each: Template(each).is_intact())
    )


async def _initialise(folder: Path, installation: Installation) -> None:
    folder.chmod(0o755 if server_user() else 0o700)
    user = server_user() or (os.geteuid(), os.getegid())
    data, password = folder / "data", folder / "password"
    data.mkdir(mode=0o700)
    password.touch(mode=0o600)
    password.write_text(secrets.token_urlsafe(24))
    for each in (data, password):
        os.chown(each, *user)
    argv = [str(installation.bin / "initdb"), "-D", str(data), "-U", ADMIN, f"--pwfile={password}"]
    env = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}
    log = LogFile(folder / "initdb.log")
    command = Command([*argv, *OPTIONS], Path("/"), env, user=server_user())
    done = await run(command, log, timeout=INITDB_SECONDS)
    if not done.ok:
        cause = done.exit or message("not done within {seconds} s", seconds=f"{INITDB_SECONDS:.0f}")
        raise ServiceUnavailable(
            message(
                "PostgreSQL's initdb failed ({cause}):\n{lines}", cause=cause, lines=log.lines(20)
            ),
            hint=message(
                "the installation in use is {source}: {folder}",
                source=installation.source,
                folder=installation.bin,
            ),
        )
    os.chown(password, os.geteuid(), os.getegid())
    (folder / "manifest").write_text(measure(data))
