"""The numbered rules of a brief."""

from __future__ import annotations

import re

_CLAUSE = re.compile(r"^- \*\*([A-Z][0-9]+)\.\*\* (.+?)(?=\n- \*\*|\n\n|\Z)", re.S | re.M)


def clauses_of(brief: str) -> dict[str, str]:
    """Return the rules of a Markdown `brief` by id.

    A rule is a list item that begins with its id in bold, such as `**R4.**`.
    """
    return {found[1]: " ".join(found[2].split()) for found in _CLAUSE.finditer(brief)}
