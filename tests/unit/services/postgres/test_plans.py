"""Examined rows and candidate indexes of query plans."""

from __future__ import annotations

import json
from typing import Any

from worksample.services.postgres.plans import Plan, candidate_indexes, plans_in, rows_examined


def scan(table: str, kind: str = "Seq Scan", rows: float = 1, loops: int = 1, **more: Any) -> Any:
    return {
        "Node Type": kind,
        "Relation Name": table,
        "Alias": table[0],
        "Actual Rows": rows,
        "Actual Loops": loops,
        **{name.replace("_", " "): value for name, value in more.items()},
    }


def plan(*nodes: Any) -> Plan:
    return Plan(1, "select", {"Node Type": "Limit", "Plans": list(nodes)})


def logged(pid: int, entry: Any) -> str:
    text = "\n".join(f"\t{line}" for line in json.dumps(entry, indent=2).splitlines())
    return f"2026-11-24 23:03:44.962 UTC [{pid}] LOG:  duration: 0.012 ms  plan:\n{text}\n"


def test_plans_in_filters_by_backend_and_skips_torn_entries() -> None:
    entry = {"Query Text": "select 1", "Plan": {"Node Type": "Result"}}
    log = (
        "2026-11-24 23:03:44 UTC [7] ERROR:  duplicate key\n"
        + logged(7, entry)
        + logged(8, entry)
        + "2026-11-24 23:03:45 UTC [7] LOG:  duration: 1 ms  plan:\n\t{ torn\n"
    )
    assert [(each.pid, each.sql) for each in plans_in(log, [7])] == [(7, "select 1")]


def test_rows_removed_count_in_every_loop() -> None:
    found = rows_examined([plan(scan("tags", rows=1, loops=3, Rows_Removed_by_Filter=99))], {}, {})
    assert found == {"tags": 300}


def test_index_scan_without_leading_key_counts_all_rows() -> None:
    node = scan("tags", "Index Only Scan", Index_Name="by_article", Index_Cond="(tag = 'a'::text)")
    assert rows_examined([plan(node)], {"tags": 600}, {"by_article": "article_id"}) == {"tags": 600}
    assert rows_examined([plan(node)], {"tags": 600}, {"by_article": "tag"}) == {"tags": 1}


def test_leading_key_must_match_whole_name() -> None:
    node = scan("tags", "Index Scan", Index_Name="by_id", Index_Cond="(article_id = 5)")
    assert rows_examined([plan(node)], {"tags": 600}, {"by_id": "id"}) == {"tags": 600}


def test_proposes_expression_index() -> None:
    node = scan("users", Filter="(lower((email)::text) = 'a'::text)")
    assert [str(each) for each in candidate_indexes([plan(node)])] == [
        "an index on users (lower(email))"
    ]


def test_proposes_index_on_trimmed_column() -> None:
    alone = scan("users", Filter="(TRIM(BOTH FROM (email)::text) = 'a'::text)")
    joined = scan("users", Filter="(TRIM(BOTH FROM u.name) = 'a'::text)")
    found = {each.key for each in candidate_indexes([plan(alone), plan(joined)])}
    assert found == {"TRIM(BOTH FROM email)", "TRIM(BOTH FROM name)"}


def test_proposes_indexes_for_both_sides_of_a_join() -> None:
    join = {
        "Node Type": "Nested Loop",
        "Join Filter": "(a.author_id = f.followed_id)",
        "Plans": [scan("articles"), scan("follows")],
    }
    assert {str(each) for each in candidate_indexes([plan(join)])} == {
        "an index on articles (author_id)",
        "an index on follows (followed_id)",
    }


def test_accepts_quoted_identifiers() -> None:
    join = {
        "Node Type": "Nested Loop",
        "Join Filter": '("Article"."authorId" = "User".id)',
        "Plans": [
            {**scan("Article"), "Alias": "Article"},
            {**scan("User"), "Alias": "User"},
        ],
    }
    assert {(each.table, each.key) for each in candidate_indexes([plan(join)])} == {
        ("Article", '"authorId"'),
        ("User", "id"),
    }


def test_proposes_index_for_each_condition() -> None:
    node = scan("tags", Filter="((article_id = 3) AND ((tag)::text = 'a'::text))")
    assert {each.key for each in candidate_indexes([plan(node)])} == {"article_id", "tag"}


def test_proposes_nothing_where_no_plain_index_helps() -> None:
    for condition in ("(title ~~ '%a%'::text)", "('a'::text = ANY (tags))", "(NOT deleted)"):
        assert candidate_indexes([plan(scan("articles", Filter=condition))]) == []
