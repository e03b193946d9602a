"""What a server finds in its environment, and how that is shown to people."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from worksample.services.base import Resource
from worksample.stacks.plan import Built
from worksample.stacks.settings import fill

HOST = "127.0.0.1"
SECRET_NAMES = ("SECRET_KEY", "JWT_SECRET")
SHORTEST_SECRET = 6
SECRET = re.compile(r"(?i)(secret|password|passwd|token|api_?key|private|credential)|pass$")
IN_URL = re.compile(r"(?<=://)([^/\s:@]*):([^@\s]+)@")


def environment(
    built: Built, port: int, home: Path, resources: Sequence[Resource] = ()
) -> dict[str, str]:
    """Return the whole environment of a server that shall listen on `port`.

    The conventions of twelve-factor (PORT, DATABASE_URL ...), what the build adds (PATH), then
    what [env] of worksample.toml says, which wins. Nothing comes from our own environment but
    PATH. Raises `WorkspaceError` for an unknown placeholder.
    """
    values = {"port": str(port), "host": HOST, "secret": derived(built.secret, "secret")}
    given: dict[str, str] = {}
    for each in resources:
        values |= each.placeholders
        given |= each.environment
    return {
        **_base(built, port, home),
        **given,
        **built.environment,
        **fill(built.settings, values),
    }


def _base(built: Built, port: int, home: Path) -> dict[str, str]:
    return {
        "PORT": str(port),
        "HOST": HOST,
        "HOME": str(home),
        "TMPDIR": str(home / "tmp"),
        "LANG": "C.UTF-8",
        "NODE_ENV": "production",
        "PYTHONUNBUFFERED": "1",
        **{name: derived(built.secret, name) for name in SECRET_NAMES},
    }


def derived(secret: str, purpose: str) -> str:
    """Return a secret of 64 hexadecimal digits for one purpose."""
    return hashlib.sha256(f"{secret}:{purpose}".encode()).hexdigest()


def masked(environment: Mapping[str, str]) -> dict[str, str]:
    """Return an environment fit to be shown: no passwords, keys or tokens, and of PATH what is new.

    What PATH has from our own environment stands there as `$PATH`.
    """
    shown = {
        key: "***" if SECRET.search(key) else IN_URL.sub(r"\1:***@", value)
        for key, value in sorted(environment.items())
    }
    own = os.environ.get("PATH", "")
    if own and shown.get("PATH", "").endswith(f":{own}"):
        shown["PATH"] = f"{shown['PATH'].removesuffix(own)}$PATH"
    return shown


def without_secrets(text: str, environment: Mapping[str, str]) -> str:
    """Return what a server printed, without the secrets that its environment gave it."""
    for name, value in environment.items():
        secrets = [found[2] for found in IN_URL.finditer(value)]
        secrets += [value] if SECRET.search(name) else []
        for secret in secrets:
            if len(secret) >= SHORTEST_SECRET:
                text = text.replace(secret, "***")
    return text
