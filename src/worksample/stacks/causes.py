"""Likely causes of a failed build, recognised by its output."""

from __future__ import annotations

import re

BUILD_CAUSES: tuple[tuple[str, str], ...] = (
    (
        r"(?i:name or service not known|temporary failure in name resolution|network is unreachable"
        r"|failed to establish a new connection|dns error)"
        r"|\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT)\b",
        "the package index could not be reached: check the network and the proxy settings",
    ),
    (
        r"(?i)(certificate verify failed|SELF_SIGNED_CERT"
        r"|UNABLE_TO_GET_ISSUER_CERT|invalid peer certificate)",
        "the package index's certificate is not trusted: set PIP_CERT (pip) or NODE_EXTRA_CA_CERTS "
        "(node) to the certificate of your network",
    ),
    (
        r"(?i)(requires a different python|requires-python|requires python"
        r"|not supported between the python"
        r"|no solution found .*python)",
        "a package (or the project) requires another Python version: install it, or change "
        "requires-python",
    ),
    (
        r"(?i)(pg_config executable not found|pg_config is required)",
        "psycopg2 needs the PostgreSQL headers to compile: depend on psycopg2-binary or "
        "psycopg[binary] instead",
    ),
    (
        r"(?i)(gcc: not found|command '.*(gcc|cc|clang)' failed|unable to execute '?(gcc|cc)"
        r"|microsoft visual c\+\+|linker `cc` not found|gyp ERR! find Python|not found: make)",
        "a package must be compiled, but a compiler is missing: install one (apt install "
        "build-essential python3-dev, xcode-select --install), or choose a version with a wheel",
    ),
    (
        r"(ERESOLVE|peer dep|Conflicting peer dependency)",
        "two packages require different versions of a third (peer conflict): align the versions in "
        "package.json and commit the lock file",
    ),
    (
        r"(?i)(npm ci.{0,40}can only install packages when|lock file's .* does not satisfy"
        r"|ERR_PNPM_OUTDATED_LOCKFILE"
        r"|lockfile needs to be updated|lockfile would have been modified)",
        "the lock file does not match package.json: run your package manager's install and commit "
        "the lock file",
    ),
    (
        r"(?i)(no matching distribution found|404 not found|E404|ETARGET|no versions of"
        r"|was not found in the package registry)",
        "the package or version does not exist in the package index: check the spelling and the "
        "version",
    ),
    (
        r"(?i)(resolutionimpossible|conflicting dependencies|no solution found)",
        "the required versions conflict: the log names the packages",
    ),
    (r"(?i)(EBADENGINE|Unsupported engine)", "a package requires another version of Node"),
    (r"(?i)(no space left on device|ENOSPC)", "the disk is full"),
    (
        r"(?i)(ModuleNotFoundError|Cannot find module)",
        "the build uses a package that is not installed: add it to the dependencies",
    ),
    (r"error TS\d+", "the TypeScript does not compile: the log names the errors"),
)


def build_cause(log: str) -> str:
    """Return advice on the likely cause of a failed build, or "" if the cause is unknown."""
    return next((cause for pattern, cause in BUILD_CAUSES if re.search(pattern, log)), "")
