"""The user that runs the servers of services."""

from __future__ import annotations

import os
import pwd


def server_user() -> tuple[int, int] | None:
    """Return (uid, gid) of the user nobody if this process is root, else None.

    Database servers refuse to run as root.
    """
    if os.geteuid() != 0:
        return None
    try:
        entry = pwd.getpwnam("nobody")
    except KeyError:
        return 65534, 65534
    return entry.pw_uid, entry.pw_gid
