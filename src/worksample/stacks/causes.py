"""Likely causes of a failure, recognised by what a program printed.

Each stack has causes of its own; the ones here belong to no language.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from worksample.messages import message


@dataclass(frozen=True, slots=True)
class Cause:
    """A pattern that occurs in the log of a failure, and what to do then.

    `{found}` in `advice` stands for the first group of `pattern` that matched. A `vague` pattern
    occurs in the logs of other failures too, so these are tried last.
    """

    pattern: str
    advice: str
    vague: bool = False


def likely_cause(log: str, *groups: Iterable[Cause]) -> str:
    """Return the advice of the first cause that occurs in `log`, or "" if none does.

    The causes are tried in the order of `groups`, but the vague ones after all others.
    """
    known = (cause for group in groups for cause in group)
    for cause in sorted(known, key=lambda each: each.vague):
        if match := re.search(cause.pattern, log):
            named = next((each for each in match.groups() if each), "")
            return message(cause.advice, found=named)
    return ""


GENERAL_BUILD_CAUSES: tuple[Cause, ...] = (
    Cause(
        r"(?i:name or service not known|temporary failure in name resolution|network is unreachable"
        r"|failed to establish a new connection|dns error)"
        r"|\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT)\b",
        "the package index could not be reached: check the network and the proxy settings",
    ),
    Cause(
        r"(?i)(certificate verify failed|invalid peer certificate"
        r"|certificate signed by unknown authority)",
        "the package index's certificate is not trusted: let your package manager trust the "
        "certificate of your network",
    ),
    Cause(
        r"(?i)(gcc: not found|unable to execute '?(gcc|cc)|linker `cc` not found|not found: make)",
        "a package must be compiled, but a compiler is missing: install one (apt install "
        "build-essential, xcode-select --install)",
    ),
    Cause(r"(?i)(no space left on device|ENOSPC)", "the disk is full"),
    Cause(
        r"\bE40[137]\b|_FETCH_40[137]\b|(?i:(?:http error|status ?code)[: =]+40[137]\b"
        r"|\b40[137]\b[: ]+(?:client error:? )?(?:forbidden|unauthorized"
        r"|proxy authentication required))",
        "a download was refused: the log names its address; check the proxy and the login of the "
        "package index, or whether an install script downloads from elsewhere",
    ),
    Cause(
        r"(?i)(404 not found)",
        "the package or version does not exist in the package index: check the spelling and the "
        "version",
        vague=True,
    ),
)
