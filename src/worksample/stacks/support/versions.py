"""Check plain x.y.z versions against the version requirements of Python and Node projects."""

from __future__ import annotations

import re

Version = tuple[int, ...]
CLAUSE = re.compile(r"(\^|~=|~|>=|<=|==|!=|>|<|=)?\s*v?(\d+(?:\.\d+)*)((?:\.[*xX])?)")
RANGE = re.compile(r"v?(\d+(?:\.\d+)*)\s+-\s+v?(\d+(?:\.\d+)*)")


def parse(text: str) -> Version:
    """Return the leading numbers of a version: `v3.11.7rc1` -> (3, 11, 7)."""
    found = re.search(r"\d+(?:\.\d+)*", text)
    return tuple(int(each) for each in found[0].split(".")) if found else ()


def satisfies(version: Version, requirement: str, *, bare: str = "==") -> bool:
    """Whether `version` satisfies `requirement`; True if the requirement cannot be parsed.

    Supports the clauses of PEP 440 and npm (>=, <, ==, !=, ~=, ~, ^, wildcards, `a - b`), joined by
    commas or spaces, with `||` between alternatives. `bare` is the operator of a bare version.
    """
    return any(_all_clauses(version, each, bare) for each in requirement.split("||"))


def _all_clauses(version: Version, text: str, bare: str) -> bool:
    text = RANGE.sub(r">=\1 <=\2", text)
    return all(
        _clause(version, operator or bare, parse(number), bool(wildcard))
        for operator, number, wildcard in CLAUSE.findall(text)
    )


def _clause(version: Version, operator: str, wanted: Version, wildcard: bool) -> bool:
    start = version[: len(wanted)]
    if operator in ("==", "="):
        return start == wanted
    if operator == "!=":
        return start != wanted
    if operator in (">", "<=") and len(wanted) < len(version):
        return (start > wanted) if operator == ">" else (start <= wanted)
    if operator in (">=", ">", "<", "<="):
        return _compare(operator, version, wanted)
    fixed = _fixed_parts(operator, wanted)
    return version >= wanted and version[:fixed] == wanted[:fixed]


def _compare(operator: str, version: Version, wanted: Version) -> bool:
    width = max(len(version), len(wanted))
    left = version + (0,) * (width - len(version))
    right = wanted + (0,) * (width - len(wanted))
    answers = {">=": left >= right, ">": left > right, "<": left < right, "<=": left <= right}
    return answers[operator]


def _fixed_parts(operator: str, wanted: Version) -> int:
    """Return how many leading numbers `^`, `~` or `~=` fix."""
    if operator == "~=":
        return max(1, len(wanted) - 1)
    if operator == "~":
        return min(2, len(wanted))
    return next((at + 1 for at, each in enumerate(wanted) if each), len(wanted))
