"""Read a Procfile (Heroku, foreman): one `type: command` per line."""

from __future__ import annotations

import re
from pathlib import Path

ENTRY = re.compile(r"^([A-Za-z0-9_-]+):\s*(.+?)\s*$")


def read_procfile(folder: Path) -> dict[str, str]:
    """Return process type -> command; empty without a Procfile. Ignores all other lines."""
    try:
        text = (folder / "Procfile").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return {}
    found = (ENTRY.match(line) for line in text.splitlines() if not line.startswith("#"))
    return {match[1]: match[2] for match in found if match}
