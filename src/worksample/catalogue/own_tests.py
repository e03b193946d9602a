"""Which of a reference solution's own tests each mutant breaks.

`own-tests.json` beside the mutants is measured: `bench/own_tests.py` writes it. It has the id of
each measured mutant, with the names of the tests that it breaks as
`worksample.targets.own_tests.run_own_tests` gives them. A task that plants a mutant leaves these
tests out, since they would name the defect.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import msgspec

from worksample.errors import BrokenChallenge
from worksample.messages import message

OWN_TESTS = "own-tests.json"


def broken_own_tests(folder: Path) -> Mapping[str, tuple[str, ...]]:
    """Return the names of the tests that each mutant in `folder` breaks, sorted, by its id.

    A mutant with no names was measured and breaks none; one that is absent was not measured.
    Raises `BrokenChallenge` if the file is broken.
    """
    path = folder / OWN_TESTS
    if not path.is_file():
        return {}
    try:
        return msgspec.json.decode(path.read_bytes(), type=dict[str, tuple[str, ...]])
    except msgspec.MsgspecError as error:
        raise BrokenChallenge(
            message("{path} is broken: {reason}.", path=path, reason=error),
            hint="Measure it again, or remove it.",
        ) from None


def as_json(broken: Mapping[str, tuple[str, ...]]) -> bytes:
    """Return `broken` as JSON, a line a mutant."""
    lines = (
        f"  {msgspec.json.encode(name).decode()}: {msgspec.json.encode(broken[name]).decode()}"
        for name in sorted(broken)
    )
    return ("{\n" + ",\n".join(lines) + "\n}\n").encode()
