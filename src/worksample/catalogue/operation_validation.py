"""Validate the operations that a challenge's world names, with their stages."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from worksample.catalogue.mistakes import Mistake, matching_line
from worksample.checks import Check, StagedOperation
from worksample.messages import message


def operations(
    folder: Path,
    named: Sequence[StagedOperation],
    contract: Collection[str],
    checks: Sequence[Check],
) -> Iterator[Mistake]:
    """Yield what is wrong with the `operations` of the world in `folder`; nothing if it has none.

    `contract` are the ids of the contract's operations, `checks` those of the challenge.
    """
    stages = {each.id: each.stage for each in checks}
    for operation in named:
        for problem in _operation(operation, contract, stages):
            yield Mistake(*_declaration(folder, operation), problem)
    lacking = sorted(set(contract) - {each.id for each in named}) if named else []
    world = folder / "checks" / "world.py"
    for name in lacking:
        at = matching_line(world.read_text(encoding="utf-8"), r"^\s+operations\b")
        yield Mistake(
            world, at, message("`operations` lacks {name} of the contract", name=repr(name))
        )


def _operation(
    operation: StagedOperation, contract: Collection[str], stages: dict[str, int]
) -> Iterator[str]:
    """Yield what is wrong with `operation`; `stages` are those of the checks, by id."""
    if operation.id not in contract:
        yield message("the contract has no operation {name}", name=repr(operation.id))
    if not operation.proven_by:
        return
    stage = stages.get(operation.proven_by)
    if stage is None:
        yield message(
            "the operation {name} is proven by {check}, which is no check",
            name=repr(operation.id),
            check=repr(operation.proven_by),
        )
    elif stage != operation.stage:
        yield message(
            "the operation {name} of stage {stage} is proven by {check} of stage {other}; "
            "name a check of stage {stage}",
            name=repr(operation.id),
            stage=operation.stage,
            check=repr(operation.proven_by),
            other=stage,
        )


def _declaration(folder: Path, operation: StagedOperation) -> tuple[Path, int]:
    """Return file and line that declare `operation`; `checks/world.py` if none is found."""
    pattern = rf"StagedOperation\(\s*(id=)?[\"']{re.escape(operation.id)}[\"']"
    for path in sorted((folder / "checks").rglob("*.py")):
        if line := matching_line(path.read_text(encoding="utf-8"), pattern):
            return path, line
    return folder / "checks" / "world.py", 0
