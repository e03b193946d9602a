"""A template data directory, initialised once and copied for each new server."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from worksample.errors import ServiceUnavailable
from worksample.messages import message
from worksample.sandbox import Command, LogFile, cache, run
from worksample.sandbox.users import server_user
from worksample.services.data_folders import measure
from worksample.services.mysql.binaries import Installation

#: What the data directory is created with, and what each server that uses it must say again.
STORAGE = (
    "--innodb-log-file-size=8M",
    "--innodb-flush-method=nosync",
    "--innodb-doublewrite=0",
)
OPTIONS = (
    "--auth-root-authentication-method=normal",
    "--skip-test-db",
    "--skip-name-resolve",
    *STORAGE,
)
INSTALL_SECONDS = 120.0


async def template(installation: Installation, cache_folder: Path) -> Path:
    """Return the data directory to copy; create it if it is missing or damaged.

    The server's user owns it; nobody but `root` is known to it, without a password. Raises
    `ServiceUnavailable` with the last lines of what mariadb-install-db printed if that fails.
    """
    settings = repr((OPTIONS, server_user(), os.geteuid()))
    digest = hashlib.sha256(f"{installation.digest()}{settings}".encode()).hexdigest()[:16]

    async def create(folder: Path) -> None:
        await _initialise(folder, installation)

    made = await cache.get_or_create(
        cache_folder / "mariadb-data" / digest, create, check=_is_intact
    )
    return made / "data"


def _is_intact(folder: Path) -> bool:
    return (folder / "manifest").read_text() == measure(folder / "data")


async def _initialise(folder: Path, installation: Installation) -> None:
    folder.chmod(0o755 if server_user() else 0o700)
    data = folder / "data"
    data.mkdir(mode=0o700)
    os.chown(data, *(server_user() or (os.geteuid(), os.getegid())))
    argv = [str(installation.install), "--no-defaults", f"--datadir={data}", *OPTIONS]
    env = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}
    log = LogFile(folder / "install.log")
    done = await run(
        Command(argv, Path("/"), env, user=server_user()), log, timeout=INSTALL_SECONDS
    )
    if not done.ok:
        cause = done.exit or message(
            "not done within {seconds} s", seconds=f"{INSTALL_SECONDS:.0f}"
        )
        raise ServiceUnavailable(
            message(
                "{install} failed ({cause}):\n{lines}",
                install=installation.install,
                cause=cause,
                lines=log.lines(20),
            ),
            hint=message("the installation in use is {server}", server=installation.server),
        )
    (folder / "manifest").write_text(measure(data))
