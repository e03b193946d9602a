"""Check x.y.z versions against the version ranges of npm (`engines.node`)."""

from __future__ import annotations

import re

from worksample.stacks.installation import Version

_CLAUSE = re.compile(r"(\^|~|>=|<=|>|<|=)?\s*v?(\d+(?:\.\d+)*)")
_RANGE = re.compile(r"v?(\d+(?:\.\d+)*)\s+-\s+v?(\d+(?:\.\d+)*)")


def parse(text: str) -> Version:
    """Return the leading numbers of a version: `v20.11.1-rc1` -> (20, 11, 1)."""
    found = re.search(r"\d+(?:\.\d+)*", text)
    return tuple(int(each) for each in found[0].split(".")) if found else ()


def satisfies(version: Version, requirement: str) -> bool:
    """Whether `version` is in a range of npm; True if the range cannot be parsed.

    Supports >=, <=, >, <, =, ~, ^, wildcards (`20.x`) and `a - b`, joined by spaces, with `||`
    between alternatives.
    """
    return any(_all_clauses(version, each) for each in requirement.split("||"))


def _all_clauses(version: Version, text: str) -> bool:
    return all(
        _clause(version, operator or "=", parse(number))
        for operator, number in _CLAUSE.findall(_RANGE.sub(r">=\1 <=\2", text))
    )


def _clause(version: Version, operator: str, wanted: Version) -> bool:
    start = version[: len(wanted)]
    simple = {"=": start == wanted, ">": start > wanted, "<=": start <= wanted}
    if operator in simple:
        return simple[operator]
    if operator == "<":
        return start < wanted
    fixed = _fixed_parts(operator, wanted)
    return start >= wanted and start[:fixed] == wanted[:fixed]


def _fixed_parts(operator: str, wanted: Version) -> int:
    """Return how many leading numbers `^` or `~` fix; `>=` fixes none."""
    if operator == ">=":
        return 0
    if operator == "~":
        return min(2, len(wanted))
    return next((at + 1 for at, each in enumerate(wanted) if each), len(wanted))
