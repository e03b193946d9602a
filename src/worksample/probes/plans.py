"""Plans of PostgreSQL, read for work in vain: rows that were looked at to be thrown away.

A scan of a whole table is no fault when the whole is wanted. It is one when an index would have
led straight to the few rows that are. Which index that would be is read from the conditions of
the plan; whether it helps is not guessed here but tried (`indexes.py`).
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Node = dict[str, Any]

_REMOVED = (
    "Rows Removed by Filter",
    "Rows Removed by Join Filter",
    "Rows Removed by Index Recheck",
)
_CONDITIONS = (
    "Filter",
    "Join Filter",
    "Index Cond",
    "Recheck Cond",
    "Hash Cond",
    "Merge Cond",
)
_SCANS = ("Seq Scan", "Index Scan", "Index Only Scan", "Bitmap Heap Scan", "Sample Scan")
_ENTRY = re.compile(r"^[^\t\n][^\n]*?\[(\d+)\][^\n]*? plan:\n((?:\t[^\n]*\n?)+)", re.MULTILINE)
_EQUAL = re.compile(r"\(([^=<>!]+?) = ")
_OTHER_SIDE = re.compile(r" = ([^=<>!]+?)\)(?= (?:AND|OR)|\)*$)")
_CAST = re.compile(r'\((\w+|"[^"]+")\)::[a-z ]+(?:\[\])?|(?<=[\w)])::[a-z ]+(?:\[\])?')
_COLUMN = re.compile(r'(?:[^\W\d]\w*|"[^"]+")')
_CALL = re.compile(r'(?:lower|upper|btrim)\((?:\w+|"[^"]+")\)')


@dataclass(frozen=True, slots=True)
class Plan:
    """The plan of one executed statement, as `auto_explain` logs it in JSON."""

    pid: int
    sql: str
    root: Node

    def nodes(self) -> Iterator[Node]:
        """Yield every node, the outermost first."""
        waiting = [self.root]
        while waiting:
            node = waiting.pop()
            yield node
            waiting += node.get("Plans", ())


@dataclass(frozen=True, slots=True, order=True)
class IndexCandidate:
    """An index that may be missing: on `table`, led by `key` (a column, or an expression)."""

    table: str
    key: str

    def __str__(self) -> str:
        return f"an index on {self.table} ({self.key})"


def plans_in(log: str, pids: Iterable[int]) -> list[Plan]:
    """Return the plans that backends `pids` logged; entries that were torn are left out."""
    wanted, found = set(pids), []
    for entry in _ENTRY.finditer(log):
        if int(entry[1]) not in wanted:
            continue
        try:
            told = json.loads(entry[2])
            found.append(Plan(int(entry[1]), str(told["Query Text"]), told["Plan"]))
        except (ValueError, KeyError, TypeError):
            continue
    return found


def rows_examined(
    plans: Iterable[Plan], table_rows: Mapping[str, int], first_keys: Mapping[str, str]
) -> Counter[str]:
    """Return table -> rows looked at, over all plans.

    `table_rows` says how many rows each table has, `first_keys` the first key of each index: an index
    that is asked for another key than its first is read from end to end, which no count of
    removed rows tells.
    """
    found: Counter[str] = Counter()
    for plan in plans:
        for node in plan.nodes():
            table = node.get("Relation Name")
            if table and node.get("Node Type") in _SCANS:
                found[table] += _rows_examined_by(node, table_rows.get(table, 0), first_keys)
    return found


def _rows_examined_by(node: Node, table_rows: int, first_keys: Mapping[str, str]) -> int:
    loops = max(int(node.get("Actual Loops", 0)), 0)
    if loops and _scans_whole_index(node, first_keys):
        return loops * table_rows
    removed = sum(float(node.get(each, 0)) for each in _REMOVED)
    return int(loops * max(float(node.get("Actual Rows", 0)) + removed, 1.0))


def _scans_whole_index(node: Node, first_keys: Mapping[str, str]) -> bool:
    """Whether an index is asked for something that is not its first key."""
    asked, first = node.get("Index Cond", ""), first_keys.get(node.get("Index Name", ""), "")
    plain = plain_key(asked.replace(f"{node.get('Alias')}.", ""))
    return bool(asked and first) and not re.search(rf"(?<![\w.]){re.escape(first)}(?!\w)", plain)


def plain_key(expression: str) -> str:
    """Return an expression without its casts: `lower(email)` for `lower((email)::text)`."""
    return _CAST.sub(lambda found: found[1] or "", expression)


def candidate_indexes(plans: Iterable[Plan]) -> list[IndexCandidate]:
    """Return the indexes by which the plans' conditions could be met, each once."""
    found: dict[IndexCandidate, None] = {}
    for plan in plans:
        tables = {
            str(node["Alias"]): node
            for node in plan.nodes()
            if node.get("Relation Name") and node.get("Alias")
        }
        for node in plan.nodes():
            for each in _CONDITIONS:
                for table, key in _keys(str(node.get(each, "")), node, tables):
                    found[IndexCandidate(table["Relation Name"], key)] = None
    return list(found)


def _keys(condition: str, node: Node, tables: Mapping[str, Node]) -> Iterator[tuple[Node, str]]:
    """Yield (table's node, key) for each side of an equality that is a column of that table."""
    sides = [*_EQUAL.findall(condition), *_OTHER_SIDE.findall(condition)]
    for side in sides:
        told = plain_key(side.strip()).lstrip("(")
        alias, dot, _ = told.rpartition(".")
        alias = alias.rpartition("(")[2]
        own = node if node.get("Relation Name") else None
        table = tables.get(alias.strip('"')) if dot else own
        key = told.replace(f"{alias}.", "") if dot else told
        if table is not None and (_COLUMN.fullmatch(key) or _CALL.fullmatch(key)):
            yield table, key
