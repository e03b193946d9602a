"""What a task is judged by: the file `task.json`, which it carries sealed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

FACTS = "task.json"


def facts_file(facts: Mapping[str, Any]) -> dict[str, bytes]:
    """Return the file with `facts`, by its path."""
    return {FACTS: json.dumps(facts, indent=1).encode()}


def read_facts(folder: Path) -> dict[str, Any]:
    """Return the facts of the opened seal in `folder`."""
    facts: dict[str, Any] = json.loads((folder / FACTS).read_bytes())
    return facts
