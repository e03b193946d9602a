"""The profiles that challenge.toml declares beside the brief.

    [profiles.realworld]
    title = "the public RealWorld specification"
    public = true
    remarks = ["T2", "S9"]

`remarks` are the rules of the brief that this profile leaves out, `title` is what a report says
that the server was judged by. A folder that names no profile is judged by the `public` one.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from worksample.catalogue.mistakes import Mistake, matching_line
from worksample.checks import BRIEF, Check, Profile, StagedOperation
from worksample.messages import message

_KEYS = ("title", "public", "remarks")


def read_profiles(tables: Mapping[str, Mapping[str, Any]]) -> tuple[Profile, ...]:
    """Return the profiles of a challenge, the brief first; `tables` is `profiles` in its TOML."""
    declared = (
        Profile(name, table["title"], frozenset(table["remarks"]), bool(table.get("public")))
        for name, table in tables.items()
    )
    return (BRIEF, *declared)


def mistakes_in_profiles(
    path: Path, text: str, tables: Any, clauses: Collection[str]
) -> Iterator[Mistake]:
    """Yield what is wrong with `profiles` in challenge.toml; `clauses` are the brief's rules."""
    if not isinstance(tables, dict) or not all(isinstance(each, dict) for each in tables.values()):
        yield Mistake(path, _line(text), "`profiles` must be tables, such as [profiles.realworld]")
        return
    for name, table in tables.items():
        at = _line(text, name)
        for wrong in _wrong(name, table):
            yield Mistake(path, at, wrong)
        for clause in _unknown(table.get("remarks"), clauses):
            yield Mistake(
                path,
                _clause_line(text, at, clause),
                message(
                    "the profile {profile} leaves out {rule}, but the brief has no such rule",
                    profile=repr(name),
                    rule=repr(clause),
                ),
            )
    public = [name for name, table in tables.items() if table.get("public") is True]
    for name in public[1:]:
        yield Mistake(
            path, _line(text, name), message("{first} is public already", first=repr(public[0]))
        )


def left_out_proofs(
    folder: Path, operations: Sequence[StagedOperation], checks: Sequence[Check]
) -> Iterator[Mistake]:
    """Yield a mistake for each profile that leaves out the rule by which an operation is proven.

    A server without the operation would only get a remark. Mistakes of other kinds are not told.
    """
    path = folder / "challenge.toml"
    try:
        text = path.read_text(encoding="utf-8")
        profiles = read_profiles(tomllib.loads(text).get("profiles", {}))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return
    clauses = {check.id: check.clause for check in checks}
    proofs = {clauses[each.proven_by]: each for each in operations if each.proven_by in clauses}
    for profile in profiles:
        for clause in sorted(profile.remarks & set(proofs)):
            yield Mistake(
                path,
                _clause_line(text, _line(text, profile.id), clause),
                message(
                    "the profile {profile} leaves out {rule}, the rule of the check {check} that "
                    "proves the operation {operation}: without it no server may pass",
                    profile=repr(profile.id),
                    rule=repr(clause),
                    check=repr(proofs[clause].proven_by),
                    operation=repr(proofs[clause].id),
                ),
            )


def _wrong(name: str, table: Mapping[str, Any]) -> Iterator[str]:
    if name == BRIEF.id:
        yield "every challenge has the profile `brief`, by which all rules count; name another"
    for key in sorted(set(table) - set(_KEYS)):
        yield message("unknown key `{key}`; the keys are {keys}", key=key, keys=", ".join(_KEYS))
    title, remarks = table.get("title"), table.get("remarks")
    if not isinstance(title, str) or not title.strip():
        yield message("the profile {profile} needs a `title`", profile=repr(name))
    if not isinstance(remarks, list) or not all(isinstance(each, str) for each in remarks):
        yield message(
            "the profile {profile} needs `remarks`: a list of rules of the brief",
            profile=repr(name),
        )
    if not isinstance(table.get("public", False), bool):
        yield "`public` must be true or false"


def _unknown(remarks: Any, clauses: Collection[str]) -> Iterable[str]:
    named = remarks if isinstance(remarks, list) else []
    return (each for each in named if isinstance(each, str) and each not in clauses)


def _line(text: str, name: str = "") -> int:
    """Return the line where the table of the profile `name` (empty: any) begins."""
    named = rf"\.{re.escape(name)}\b" if name else ""
    return matching_line(text, rf"^\[?profiles{named}")


def _clause_line(text: str, begin: int, clause: str) -> int:
    """Return the first line from `begin` on that names the rule; `begin` if none does."""
    lines = enumerate(text.splitlines(), 1)
    return next((at for at, line in lines if at >= begin and f'"{clause}"' in line), begin)
