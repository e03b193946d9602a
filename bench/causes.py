"""The planted causes of bench/realism.py: their description, and the patches that plant them.

`realism/causes.toml` describes each cause, in the order in which the patches apply together;
`realism/causes/ID.patch` plants it in the reference solution `STACK`, alone or with the others.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from pathlib import Path

import msgspec

from worksample.catalogue import Challenge, Mutant

CHALLENGE, STACK = "conduit", "python-fastapi"
#: What needs the answers of the challenge.
BENCH = "bench/realism.py"
HERE = Path(__file__).parent / "realism"
SLOW = HERE / "slow.patch"
STORING = HERE / "storing.patch"
WEIGHTS = ("takes another's data", "loses data", "breaks for everybody", "the rest")


class Cause(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One planted defect.

    wrong: what is wrong, in one sentence.
    operations: the requests that show it, as `METHOD /path`; `*` stands for one segment of the
        path or for any method, `**` at the end for any further segments.
    stage: the stage of the challenge whose rule is broken.
    weight: what it does to the users, one of `WEIGHTS`.
    found_by: the ids of the checks that fail when only this cause is planted.
    status: the status of the answer that shows it; 0 if no single one does.
    shows: a regular expression that occurs in a finding of this cause, where other causes have the
        same operation and status.
    hides: the ids of causes that no check meets while this one is planted too, unless it gets
        round this one.
    """

    id: str
    wrong: str
    operations: tuple[str, ...]
    stage: int
    weight: str
    found_by: tuple[str, ...]
    status: int = 0
    shows: str = ""
    hides: tuple[str, ...] = ()

    @property
    def patch(self) -> Path:
        """The patch that plants this cause."""
        return HERE / "causes" / f"{self.id}.patch"

    def plant(self, folder: Path) -> None:
        """Patch the copy of the reference in `folder`; raise `CatalogueError` if that fails."""
        apply(self.patch, folder)

    def concerns(self, method: str, target: str) -> bool:
        """Whether a request is one of the operations."""
        asked = f"{method} {target.partition('?')[0]}"
        return any(_pattern(operation).fullmatch(asked) for operation in self.operations)


def _pattern(operation: str) -> re.Pattern[str]:
    text = re.escape(operation).replace(r"/\*\*", "(/.*)?").replace(r"\*", "[^/]+")
    return re.compile(text)


def read_causes(path: Path = HERE / "causes.toml") -> list[Cause]:
    """Return all causes, in the order of their patches.

    Raises `msgspec.ValidationError` for an entry that has not exactly the fields of a cause.
    """
    listed = tomllib.loads(path.read_text(encoding="utf-8"))["cause"]
    return msgspec.convert(listed, list[Cause])


def apply(patch: Path, folder: Path) -> None:
    """Apply a patch to the copy of the reference in `folder`, as calibration applies mutants."""
    Mutant(patch.stem, patch, "", "", "", "", ()).apply(folder)


def copy_reference(challenge: Challenge, to: Path) -> Path:
    """Copy the reference without build output; return the folder of the copy."""
    return challenge.answers(BENCH).copy(STACK, to)


def sharing(causes: Sequence[Cause]) -> list[Cause]:
    """Return the causes that share an operation and a status with another one."""
    return [
        cause
        for cause in causes
        if any(
            cause.status == other.status != 0 and set(cause.operations) & set(other.operations)
            for other in causes
            if other is not cause
        )
    ]
