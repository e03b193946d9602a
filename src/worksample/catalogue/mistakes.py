"""A mistake in a file of a challenge, and the line where it is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, order=True)
class Mistake:
    """One mistake; `line` is 0 if it concerns the file as a whole."""

    path: Path
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line or 1}: {self.message}"


def matching_line(text: str, pattern: str, nth: int = 0) -> int:
    """Return the line of `text` where `pattern` matches for the `nth` time, 0 if it does not."""
    found = list(re.finditer(pattern, text, re.M))
    return text.count("\n", 0, found[nth].start()) + 1 if nth < len(found) else 0
