"""Files of measured values: a JSON object with a line for each name."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from worksample.errors import BrokenChallenge
from worksample.messages import message

_Value = TypeVar("_Value")


def read_measured(path: Path, kind: type[_Value]) -> Mapping[str, _Value]:
    """Return the values of the file `path`, by name; empty if nobody has measured them.

    Raises `BrokenChallenge` if the file is broken.
    """
    if not path.is_file():
        return {}
    try:
        found: Mapping[str, _Value] = msgspec.json.decode(path.read_bytes(), type=dict[str, kind])  # type: ignore[valid-type]
    except msgspec.MsgspecError as error:
        raise BrokenChallenge(
            message("{path} is broken: {reason}.", path=path, reason=error),
            hint="Measure it again, or remove it.",
        ) from None
    return found


def as_json(values: Mapping[str, Any]) -> bytes:
    """Return `values` as JSON, a line a name."""
    lines = (
        f"  {msgspec.json.encode(name).decode()}: {msgspec.json.encode(values[name]).decode()}"
        for name in sorted(values)
    )
    return ("{\n" + ",\n".join(lines) + "\n}\n").encode()
