"""Query plans of PostgreSQL: examined rows, and indexes that could reduce them.

A sequential scan is right if all rows are needed, and wrong if an index would lead to the few rows
that are. The conditions in the plan suggest candidate indexes. Whether one helps is not estimated
here but tried out (`plan_log.py`).
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from worksample.services.plans import IndexCandidate

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
#: PostgreSQL shows a call of `trim` as `TRIM(BOTH FROM …)`.
_CALL = re.compile(r'(?:(?:lower|upper|btrim)\(|TRIM\(BOTH FROM )(?:\w+|"[^"]+")\)')


@dataclass(frozen=True, slots=True)
class Plan:
    """The plan of one executed statement, as logged in JSON by `auto_explain`."""

    pid: int
    sql: str
    root: Node

    def nodes(self) -> Iterator[Node]:
        """Yield all nodes, the outermost first."""
        waiting = [self.root]
        while waiting:
            node = waiting.pop()
            yield node
            waiting += node.get("Plans", ())


def plans_in(log: str, pids: Iterable[int]) -> list[Plan]:
    """Return the plans in a server log that the backends `pids` wrote. Skips torn entries."""
    wanted, found = set(pids), []
    for entry in _ENTRY.finditer(log):
        if int(entry[1]) not in wanted:
            continue
        try:
            data = json.loads(entry[2])
            found.append(Plan(int(entry[1]), str(data["Query Text"]), data["Plan"]))
        except (ValueError, KeyError, TypeError):
            continue
    return found


def rows_examined(
    plans: Iterable[Plan], table_rows: Mapping[str, int], first_keys: Mapping[str, str]
) -> Counter[str]:
    """Return table -> number of rows examined in all plans.

    `table_rows` is table -> number of rows, `first_keys` index -> first key. An index scan whose
    condition does not use the first key reads the whole index, which the plan's counts of removed
    rows do not show.
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
    """Return whether an index condition does not use the first key of the index."""
    condition, first = node.get("Index Cond", ""), first_keys.get(node.get("Index Name", ""), "")
    plain = plain_key(condition.replace(f"{node.get('Alias')}.", ""))
    uses_first = re.search(rf"(?<![\w.]){re.escape(first)}(?!\w)", plain)
    return bool(condition and first) and not uses_first


def plain_key(expression: str) -> str:
    """Return an expression without casts: `lower(email)` for `lower((email)::text)`."""
    return _CAST.sub(lambda found: found[1] or "", expression)


def candidate_indexes(plans: Iterable[Plan]) -> list[IndexCandidate]:
    """Return the distinct indexes that could serve the conditions of the plans."""
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
    """Yield (node of the table, key) for each side of an equality that is a column of a table."""
    sides = [*_EQUAL.findall(condition), *_OTHER_SIDE.findall(condition)]
    for side in sides:
        plain = plain_key(side.strip()).lstrip("(")
        alias, dot, _ = plain.rpartition(".")
        alias = alias.rpartition("(")[2].removeprefix("BOTH FROM ")
        own = node if node.get("Relation Name") else None
        table = tables.get(alias.strip('"')) if dot else own
        key = plain.replace(f"{alias}.", "") if dot else plain
        if table is not None and (_COLUMN.fullmatch(key) or _CALL.fullmatch(key)):
            yield table, key
