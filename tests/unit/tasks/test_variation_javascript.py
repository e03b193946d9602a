"""Each kind of change in JavaScript sources, and the places that must be refused."""

from __future__ import annotations

import pytest

from tests.unit.tasks.references import change, places

RENAMED = ("find", "row", "record")


def test_renames_local_in_all_its_uses() -> None:
    source = """
export async function find(db) {
  const { row, a: { b }, ...rest } = await db.one({ row, x: row.row }, db);
  for (const one of row) one();
  return [() => `${row} row`, function () { return { row: 1, ['row']: row }; }];
}
function other() { const row = 1; return row; }
"""
    assert (
        change("a.js", "rename-local", RENAMED, source)
        == """
export async function find(db) {
  const { row: record, a: { b }, ...rest } = await db.one({ row: record, x: record.row }, db);
  for (const one of record) one();
  return [() => `${record} row`, function () { return { row: 1, ['row']: record }; }];
}
function other() { const row = 1; return row; }
"""
    )


def test_renames_shorthand_with_default_and_rest() -> None:
    source = (
        "const find = () => {\n  const { row = 1 } = a(), [...rows] = row;\n  return rows;\n};\n"
    )
    assert change("a.js", "rename-local", RENAMED, source) == source.replace(
        "{ row = 1 } = a(), [...rows] = row", "{ row: record = 1 } = a(), [...rows] = record"
    )
    after = change("a.js", "rename-local", ("find", "rows", "entries"), source)
    assert after == source.replace("rows", "entries")


def test_renames_in_methods_catch_and_loops() -> None:
    source = (
        "class A { find() { try { a(); } catch (row) { b(row); }\n"
        "  for (const row of c) d({ row }); } }\n"
    )
    after = change("a.js", "rename-local", ("A.find", "row", "record"), source)
    assert after == source.replace("(row)", "(record)").replace(
        "const row", "const record"
    ).replace("{ row }", "{ row: record }")


@pytest.mark.parametrize(
    "source",
    [
        "function find(row) { row = 1; var row; }",
        "function find({ row }) { { const row = 1; } }",
        "function find(a = row) { const row = 1; }",
        "const row = 1; function find() { const row = 2; }",
        "import row from 'row'; function find() { const row = 2; }",
        "import { row } from 'row'; function find() { const row = 2; }",
        "function row() {} function find() { const row = 2; }",
        "function find() { const row = 1; return (row) => 2; }",
        "function find() { const row = 1; return row => 2; }",
        "function find() { const row = 1; return ({ a: [row] }) => 2; }",
        "function find() { const row = 1; return (a = row) => a; }",
        "function find() { const row = () => 1; }",
        "function find() { const row = class {}; }",
        "function find() { let row; row = function () {}; }",
        "function find() { let row; row ??= (() => 1); }",
        "function find() { const { row = () => 1 } = a; }",
        "function find() { { function row() {} } const row = 1; }",
        "function find() { const row = 1; return class row {}; }",
        "function find() { const row = 1; return eval('row'); }",
        "function find() { const row = 1; with (a) { row; } }",
        "function find() { const row = 1; return <row a={row} />; }",
        "function find() { row = 1; return row; }",
        "function find() { for (row of a) b(row); }",
        "function find() { const row = 1; const record = 2; }",
        "function find() { const row = 1; return a.record; }",
        "function find() { const row = 1; return { record: 1 }; }",
        "const record = 1; function find() { const row = 1; }",
        "function find(record) { const row = 1; }",
        "const a = { find() { const row = 1; } }, b = { find() { const row = 1; } };",
        "app.get('/', () => { const row = 1; });",
    ],
)
def test_refuses_to_rename(source: str) -> None:
    assert change("a.js", "rename-local", RENAMED, source) is None


def test_names_are_in_camel_case() -> None:
    source = "function find() { const passwordHash = 1; }"
    found = places("a.js", "rename-local", source)
    assert found[0] == ("find", "passwordHash", "hashedPassword")


def test_swaps_declared_functions_with_their_comments() -> None:
    source = """\
import a from 'a';

/** The first. */
export function first() {
  return a;
}

// The second.
async function second() {}
"""
    assert (
        change("a.js", "order-functions", ("", "first", "second"), source)
        == """\
import a from 'a';

// The second.
async function second() {}

/** The first. */
export function first() {
  return a;
}
"""
    )


def test_swaps_functions_within_a_function() -> None:
    source = "function a() {\n  function b() {}\n  function c() {}\n  return b;\n}\n"
    after = change("a.js", "order-functions", ("a", "b", "c"), source)
    assert after == "function a() {\n  function c() {}\n  function b() {}\n  return b;\n}\n"


@pytest.mark.parametrize(
    "source",
    [
        "const first = () => 1;\nconst second = () => 2;\n",
        "function first() {}\nfoo();\nfunction second() {}\n",
        "function first() {}\n\n// A section.\n\nfunction second() {}\n",
        "export function first() {} // why\nfunction second() {}\n",
        "function first() {} function second() {}\n",
        "function second() {}\nfunction first() {}\n",
    ],
)
def test_refuses_to_swap_functions(source: str) -> None:
    assert change("a.js", "order-functions", ("", "first", "second"), source) is None


def test_swaps_methods_but_not_constructors_or_fields() -> None:
    source = (
        "class A {\n  #a = 1;\n  constructor() {}\n  first() {}\n  second() {}\n"
        "  get b() {}\n  set b(v) {}\n  [x]() {}\n}\n"
    )
    found = places("a.js", "order-methods", source)
    assert found == [("A", "first", "second"), ("A", "second", "b")]
    after = change("a.js", "order-methods", found[0], source)
    assert after == source.replace("first() {}\n  second() {}", "second() {}\n  first() {}")


def test_orders_imports_beside_modules_of_node() -> None:
    source = (
        "import a from './a.js';\nimport { b } from 'node:b';\nimport c from 'c';\nimport 'd';\n"
    )
    found = places("a.js", "order-imports", source)
    assert found == [("", "./a.js", "node:b"), ("", "node:b", "c")]
    after = change("a.js", "order-imports", found[1], source)
    assert after == (
        "import a from './a.js';\nimport c from 'c';\nimport { b } from 'node:b';\nimport 'd';\n"
    )


def test_orders_names_of_an_import() -> None:
    source = "import d, { a as b, c } from './a.js';\n"
    after = change("a.js", "order-names", ("./a.js", "a as b", "c"), source)
    assert after == "import d, { c, a as b } from './a.js';\n"
    commented = source.replace("c }", "/* why */ c }")
    assert change("a.js", "order-names", ("./a.js", "a as b", "c"), commented) is None


def test_lays_out_comment_there_and_back() -> None:
    source = "class A {\n  /** Find it. */\n  find() {}\n}\n"
    spread = "class A {\n  /**\n   * Find it.\n   */\n  find() {}\n}\n"
    assert change("a.js", "docstring", ("A.find", "spread"), source) == spread
    assert change("a.js", "docstring", ("A.find", "joined"), spread) == source


@pytest.mark.parametrize(
    "comment",
    [
        *("// Find it.", "/* Find it. */", "/** @type {x} */", "/** eslint-disable */"),
        *("/** Find it. */\n", "x(); /** Find it. */", "/** */", "/***/"),
    ],
)
def test_refuses_comment(comment: str) -> None:
    source = f"{comment}\nfunction find() {{}}\n"
    assert change("a.js", "docstring", ("find", "spread"), source) is None


def test_lays_out_parameters_there_and_back() -> None:
    source = "const f = async (a, { b, c }, ...d) => {};\n"
    spread = "const f = async (\n  a,\n  { b, c },\n  ...d\n) => {};\n"
    assert change("a.js", "parameters", ("f", "spread"), source) == spread
    assert change("a.js", "parameters", ("f", "joined"), spread) == source


def test_adds_braces() -> None:
    source = "function f(a) {\n  if (a > 1) throw b;\n  return 1;\n}\n"
    assert change("a.js", "braces", ("f", "(a > 1)"), source) == (
        "function f(a) {\n  if (a > 1) {\n    throw b;\n  }\n  return 1;\n}\n"
    )


@pytest.mark.parametrize(
    "line",
    [
        *("if (a) { b(); }", "if (a) b(); else c();", "if (b) a();"),
        *("if (a) if (b) c();", "for (;;) if (a) b();", "if (a) b({\n    });"),
        *("if (a) /* why */ b();", "if (a) b(); if (a) c();", "if (a) b();\n  if (a) c();"),
    ],
)
def test_refuses_braces(line: str) -> None:
    assert change("a.js", "braces", ("f", "(a)"), f"function f() {{\n  {line}\n}}\n") is None


def test_changes_quotes_of_plain_texts_only() -> None:
    source = (
        "function f() {\n  'use strict';\n"
        "  return ['a', 'say \"a\"', 'it\\'s', `b ${g('c')}`, { 'd': \"e\" }, ''];\n}\n"
    )
    after = change("a.js", "quotes", ("f", "double"), source)
    assert after == source.replace("'a',", '"a",').replace("'d'", '"d"')


def test_puts_last_return_into_else_branch() -> None:
    source = "function f(a) {\n  if (a) return 2;\n  return 1;\n}\n"
    after = change("a.js", "else-branch", ("f",), source)
    assert after == "function f(a) {\n  if (a) return 2;\n  else return 1;\n}\n"
    block = "function f(a) {\n  if (a) {\n    throw b;\n  }\n  return 1;\n}\n"
    after = change("a.js", "else-branch", ("f",), block)
    assert after == "function f(a) {\n  if (a) {\n    throw b;\n  } else {\n    return 1;\n  }\n}\n"


@pytest.mark.parametrize(
    "line",
    [
        *("if (a) b();", "if (a) return 1; else b();", "if (a) if (b) return 1;"),
        *("if (a) return 1; // why", "if (a) { function g() {} }", "while (a) return 1;"),
    ],
)
def test_refuses_else_branch(line: str) -> None:
    source = f"function f(a) {{\n  {line}\n  return 2;\n}}\n"
    assert change("a.js", "else-branch", ("f",), source) is None


def test_names_result() -> None:
    source = "async function f() {\n  return (await a()).b;\n}\n"
    assert change("a.js", "name-result", ("f", "outcome"), source) == (
        "async function f() {\n  const outcome = (await a()).b;\n  return outcome;\n}\n"
    )


@pytest.mark.parametrize(
    "statement",
    [
        *(
            "eval('1'); return a();",
            "return a;",
            "return;",
            "return 1, 2;",
            "return () => 1;",
            "return (function () {});",
        ),
        *("return class {};", "return a.outcome;", "return outcome();", "return a()", "b();"),
        *("if (a) return a();", "return a(); // why", "a(); return a();"),
    ],
)
def test_refuses_to_name_result(statement: str) -> None:
    source = f"function f(a) {{\n  {statement}\n}}\n"
    assert change("a.js", "name-result", ("f", "outcome"), source) is None
