"""The log that comes with a ticket: what the server printed, with the lines of this repository."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from worksample.catalogue.server_logs import PLACE, LoggedRequest, ServerLog, place_of
from worksample.messages import message
from worksample.tasks.trees import Tree

_FUNCTION = re.compile(r"\bin (\w+)$|\bat (?:async )?([\w.#]+) \(")
#: What a traceback of Python shows below a place: the line, and a mark under a part of it.
_SHOWN_BELOW = re.compile(r"^ {4}\S|^ {4}[\s~^]+$")
_LINE = ", line "
_TEXT = """\
The requests, from the log of the proxy (UTC):

{requests}

What the server printed at the last of them:

{lines}
"""


def log_text(log: ServerLog, tree: Tree, after: datetime, rng: random.Random) -> str:
    """Return the log of a defect as operations attach it, seen some time `after` a moment.

    The numbers of lines are those of the repository `tree`, which has other harmless changes than
    the one that was measured; a line that is not found there is named without its number.
    """
    return message(
        _TEXT,
        requests="\n".join(_requests(log.requests, after, rng)),
        lines="\n".join(_lines(log, tree)),
    )


def _requests(
    requests: Sequence[LoggedRequest], after: datetime, rng: random.Random
) -> Iterator[str]:
    moment = after + timedelta(seconds=rng.randrange(3600, 20 * 3600))
    for each in requests:
        moment += timedelta(milliseconds=rng.randrange(40, 4000))
        yield f"{moment:%Y-%m-%d %H:%M:%S}  {each.method} {each.target}  {each.status}"


def _lines(log: ServerLog, tree: Tree) -> Iterator[str]:
    is_lost = False
    for line in log.lines:
        if is_lost and _SHOWN_BELOW.match(line):
            continue
        is_lost = False
        found = PLACE.search(line)
        place = place_of(found) if found else ("", 0)
        text = log.places.get("{}:{}".format(*place))
        if found is None or text is None:
            yield line
            continue
        number = line_number(tree, place[0], text, _function_in(line))
        is_lost = number is None
        yield line[: found.start()] + _renamed(found, tree, text, number) + line[found.end() :]


def _function_in(line: str) -> str:
    found = _FUNCTION.search(line)
    return (found[1] or found[2]).split(".")[-1] if found else ""


def _renamed(found: re.Match[str], tree: Tree, text: str, number: int | None) -> str:
    """Return a place with another number, or with none."""
    path, _ = place_of(found)
    if found["file"]:
        head, between, _ = found[0].rpartition(_LINE)
        return head if number is None else f"{head}{between}{number}"
    if number is None:
        return path
    shift = _indent(_rows(tree, path)[number - 1]) - _indent(text)
    return f"{path}:{number}:{int(found['column']) + shift}"


def line_number(tree: Tree, path: str, text: str, function: str) -> int | None:
    """Return the number of the line `text` in a file of `tree`; None unless it can only be one.

    Of several such lines it is the only one inside of what is called `function`.
    """
    rows = _rows(tree, path)
    same = [number for number, row in enumerate(rows, 1) if row.strip() == text.strip()]
    if len(same) > 1 and function:
        same = [number for number in same if _is_inside(rows, number, function)]
    return same[0] if len(same) == 1 else None


def _is_inside(rows: Sequence[str], number: int, function: str) -> bool:
    """Return whether a line that is indented less, and stands above, begins `function`."""
    begins = re.compile(rf"(?<![\w#]){re.escape(function)}\s*\(")
    indent = _indent(rows[number - 1])
    for row in reversed(rows[: number - 1]):
        if row.strip() and _indent(row) < indent:
            if begins.search(row):
                return True
            indent = _indent(row)
    return False


def _rows(tree: Tree, path: str) -> list[str]:
    return tree.get(path, b"").decode(errors="replace").splitlines()


def _indent(row: str) -> int:
    return len(row) - len(row.lstrip())
