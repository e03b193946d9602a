"""Texts of a row in place of which a copy of it has others; see `CopyableDatabase.copy_row`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any


def replaced(value: Any, texts: Mapping[str, str]) -> Any:
    """Return what a copy holds in place of a value; in lower case, if that is in lower case."""
    for old, new in texts.items():
        if value == old:
            return new
        if value == old.lower():
            return new.lower()
    return value


def holds_any(value: Any, texts: Mapping[str, str]) -> bool:
    """Whether a value still holds one of the texts, in any letters, alone or beside others."""
    written = json.dumps(value, ensure_ascii=False).casefold()
    return any(each.casefold() in written for each in texts)
