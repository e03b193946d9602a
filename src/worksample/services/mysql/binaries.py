"""Find the programs of MariaDB."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from worksample.errors import ServiceUnavailable
from worksample.messages import join_and, message

#: The environment variable that names the folder of MariaDB's programs; disables discovery.
BIN_VARIABLE = "WORKSAMPLE_MARIADB_BIN"
#: Debian keeps the server in a folder that is not on the PATH of ordinary users.
FURTHER_FOLDERS = ("/usr/sbin", "/usr/local/sbin")
VERSION_SECONDS = 30.0
INSTALL_HINT = (
    "install your system's MariaDB (apt install mariadb-server-core mariadb-client-core, dnf "
    "install mariadb-server, brew install mariadb); it need not run as a service"
)
#: mariadb-install-db is a script that needs the third one, which Debian has in another package.
PROGRAMS = ("mariadbd", "mariadb-install-db", "my_print_defaults")
_VERSION = re.compile(r"Ver (\d[\d.]*)-MariaDB")


@dataclass(frozen=True, slots=True)
class Installation:
    """The two programs that are needed: `server` is mariadbd, `install` mariadb-install-db."""

    server: Path
    install: Path

    def digest(self) -> str:
        """Return a short hash of the server program's path, size and modification time."""
        facts = self.server.stat()
        text = f"{self.server}:{facts.st_size}:{facts.st_mtime_ns}"
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def version(self) -> str:
        """Return the version (`10.11.19`); raises `ServiceUnavailable` if it does not run."""
        try:
            done = subprocess.run(
                [str(self.server), "--no-defaults", "--version"],
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                errors="replace",
                timeout=VERSION_SECONDS,
                check=True,
            )
        except (OSError, subprocess.SubprocessError) as error:
            raise ServiceUnavailable(
                message("{server} does not run: {error}", server=self.server, error=error),
                hint=INSTALL_HINT,
            ) from error
        found = _VERSION.search(done.stdout)
        return found[1] if found else "unknown"


def find_installation() -> Installation:
    """Return the installation in $WORKSAMPLE_MARIADB_BIN, or the first one on PATH.

    Raises `ServiceUnavailable`, with how to install MariaDB, if there is none.
    """
    named = os.environ.get(BIN_VARIABLE)
    folders = named or os.pathsep.join((os.environ.get("PATH", os.defpath), *FURTHER_FOLDERS))
    found = {name: shutil.which(name, path=folders) or "" for name in PROGRAMS}
    if all(found.values()):
        server, install, _ = map(Path, found.values())
        return Installation(server, install)
    missing = join_and([name for name, path in found.items() if not path])
    if named:
        raise ServiceUnavailable(
            message(
                "${variable} is {named}, which does not contain {missing}",
                variable=BIN_VARIABLE,
                named=named,
                missing=missing,
            ),
            hint="set it to the folder that contains them, or unset it; to install: "
            + INSTALL_HINT,
        )
    raise ServiceUnavailable(
        message("MariaDB is not installed on this machine: it lacks {missing}", missing=missing),
        hint=INSTALL_HINT,
    )
