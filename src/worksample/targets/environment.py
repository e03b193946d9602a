"""The environment of a server, and how to show it without secrets."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from worksample.services.base import Resource
from worksample.stacks.base import stacks
from worksample.stacks.build_plan import BuiltSubmission
from worksample.stacks.settings import fill_placeholders

HOST = "127.0.0.1"
GENERATED_SECRETS = ("SECRET_KEY", "JWT_SECRET")
MIN_SECRET_LENGTH = 6
SECRET_NAME = re.compile(r"(?i)(secret|password|passwd|token|api_?key|private|credential)|pass$")
#: Of a URL, and of go-sql-driver's form, which has no scheme.
URL_CREDENTIALS = re.compile(r"(?:(?<=://)|^(?=[^@\s]+@tcp\())([^/\s:@]*):([^@\s]+)@")
#: Of a connection string that names its parts, such as those of libpq and .NET.
NAMED_PASSWORD = re.compile(r"(?i)(?<=\bpassword=)([^;&\s]+)")


def environment(
    built: BuiltSubmission, port: int, home: Path, resources: Sequence[Resource] = ()
) -> dict[str, str]:
    """Return the complete environment of a server that must listen on `port`.

    It holds the twelve-factor variables (PORT, DATABASE_URL ...), the variables of the build (PATH)
    and those of [env] in worksample.toml; later ones override earlier ones. Only PATH is inherited
    from Worksample's environment. Raises `WorkspaceError` for an unknown placeholder.
    """
    values = {"port": str(port), "host": HOST, "secret": derive_secret(built.secret, "secret")}
    resource_variables: dict[str, str] = {}
    for each in resources:
        values |= each.placeholders
        resource_variables |= each.environment
    return {
        **_base_environment(built, port, home),
        **resource_variables,
        **built.environment,
        **built.detection.variables({**values, "folder": str(built.cwd)}),
        **fill_placeholders(built.settings, values),
    }


def _base_environment(built: BuiltSubmission, port: int, home: Path) -> dict[str, str]:
    return {
        "PORT": str(port),
        "HOST": HOST,
        "HOME": str(home),
        "TMPDIR": str(home / "tmp"),
        "LANG": "C.UTF-8",
        **{key: text for each in stacks().values() for key, text in each.server_variables.items()},
        **{name: derive_secret(built.secret, name) for name in GENERATED_SECRETS},
    }


def derive_secret(secret: str, purpose: str) -> str:
    """Derive a secret of 64 hexadecimal digits from `secret` for one purpose."""
    return hashlib.sha256(f"{secret}:{purpose}".encode()).hexdigest()


def mask_secrets(environment: Mapping[str, str]) -> dict[str, str]:
    """Return an environment that can be shown: passwords, keys and tokens become `***`.

    The part of PATH that is inherited from Worksample's environment becomes `$PATH`.
    """
    shown = {
        key: "***" if SECRET_NAME.search(key) else _without_password(value)
        for key, value in sorted(environment.items())
    }
    own_path = os.environ.get("PATH", "")
    if own_path and shown.get("PATH", "").endswith(f":{own_path}"):
        shown["PATH"] = f"{shown['PATH'].removesuffix(own_path)}$PATH"
    return shown


def _without_password(value: str) -> str:
    return NAMED_PASSWORD.sub("***", URL_CREDENTIALS.sub(r"\1:***@", value))


def redact_secrets(text: str, environment: Mapping[str, str]) -> str:
    """Return a server's output with the secrets of its environment replaced by `***`."""
    for name, value in environment.items():
        secrets = [found[2] for found in URL_CREDENTIALS.finditer(value)]
        secrets += NAMED_PASSWORD.findall(value)
        secrets += [value] if SECRET_NAME.search(name) else []
        for secret in secrets:
            if len(secret) >= MIN_SECRET_LENGTH:
                text = text.replace(secret, "***")
    return text
