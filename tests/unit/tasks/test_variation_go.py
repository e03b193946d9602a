"""Each kind of change in Go sources, and the places that must be refused."""

from __future__ import annotations

import pytest

from tests.unit.tasks.references import change, places

RENAMED = ("find", "row", "record")


def go(body: str) -> str:
    return f"package a\n\n{body}\n"


def renamed(body: str) -> str | None:
    return change("a.go", "rename-local", RENAMED, go(body))


def test_renames_local_in_all_its_uses() -> None:
    source = """func find(db *DB) (n int, err error) {
	row, err := db.One(Query{Row: 1}, db.row)
	for _, one := range row.List {
		n += one + func() int { return row.row }()
	}
	return n + row.N, err
}

func other() { row := 1; _ = row }"""
    expected = (
        source.replace("row, err", "record, err")
        .replace("range row.", "range record.")
        .replace("return row.row", "return record.row")
        .replace("+ row.N", "+ record.N")
    )
    assert renamed(source) == go(expected)


@pytest.mark.parametrize(
    "statement",
    [
        "if row := a(); row > 0 { b(row) }",
        "for row := range a { b(row) }",
        "for row := 0; row < 3; row++ { b(row) }",
        "var row int; b(&row)",
        "switch row := a(); row { case 1: b(row) }",
        "switch { case a: row := 1; b(row) }",
    ],
)
def test_renames_in_every_scope(statement: str) -> None:
    source = go(f"func find() {{ {statement} }}")
    assert change("a.go", "rename-local", RENAMED, source) == source.replace("row", "record")


def test_renames_in_a_method_by_its_type() -> None:
    source = go("func (s *Store) find() { row := 1; b(row) }")
    place = ("Store.find", "row", "record")
    assert change("a.go", "rename-local", place, source) == source.replace("row", "record")


@pytest.mark.parametrize(
    "source",
    [
        "func find() { row := row(1); b(row) }",
        "func find() { { row := 1; b(row) }; row() }",
        "func find() { if row := 1; row > 0 { b() }; b(row) }",
        "func find(row int) { row, x := a(); b(row, x) }",
        "func find() (row int) { { row := 1; b(row) }; return }",
        "func find() { row := 1; c(func(row int) {}); b(row) }",
        "func find() { row = 1 }",
        "func find() { for row = range a { b(row) } }",
        "func find() { row := 1; b(T{row: row}) }",
        "func find() { row := 1; b(map[int]int{row: 1}) }",
        "func find() { switch row := a.(type) { case int: b(row) } }",
        "func find() { row.Do(); row := 1; b(row) }",
        "func find() { row := 1; record := 2; b(row, record) }",
        "func find() { row := 1; b(row, record) }",
        "func find() { row := 1; b(row, x.record) }",
        "var record = 1\n\nfunc find() { row := 1; b(row) }",
        "var row = 1\n\nfunc find() { row := 1; b(row) }",
    ],
)
def test_refuses_to_rename(source: str) -> None:
    assert renamed(source) is None


def test_swaps_functions_and_methods_with_their_comments() -> None:
    first = "// First is one.\nfunc (s *Store) First() {}"
    second = "// second is one, too.\n//\n//go:noinline\nfunc second() {}"
    place = ("", "Store.First", "second")
    after = change("a.go", "order-functions", place, go(f"{first}\n\n{second}"))
    assert after == go(f"{second}\n\n{first}")


@pytest.mark.parametrize(
    "source",
    [
        "func first() {}\n\nfunc init() {}",
        "func first() {}\n\nvar a = 1\n\nfunc second() {}",
        "func first() {} // why\nfunc second() {}",
    ],
)
def test_refuses_to_swap_functions(source: str) -> None:
    assert places("a.go", "order-functions", go(source)) == []


def test_lays_out_parameters_there_and_back() -> None:
    source = go("func f(a int, b ...string) error {\n\treturn nil\n}")
    spread = source.replace("(a int, b ...string)", "(\n\ta int,\n\tb ...string,\n)")
    assert change("a.go", "parameters", ("f", "spread"), source) == spread
    assert change("a.go", "parameters", ("f", "joined"), spread) == source


def test_groups_parameters_there_and_back() -> None:
    apart = go("func f(a string, b string, c int, d ...int) {}")
    together = go("func f(a, b string, c int, d ...int) {}")
    assert change("a.go", "group-parameters", ("f", "together"), apart) == together
    assert change("a.go", "group-parameters", ("f", "apart"), together) == apart
    assert places("a.go", "group-parameters", go("func f(string, string) {}")) == []


def test_sets_off_the_result() -> None:
    source = go("func f() int {\n\ta()\n\tb()\n\treturn 1\n}")
    expected = source.replace("b()\n", "b()\n\n")
    assert change("a.go", "blank-line", ("f",), source) == expected


def test_puts_last_statement_into_an_else_branch() -> None:
    source = go("func f(a int) int {\n\tif a > 1 {\n\t\treturn 1\n\t}\n\treturn 2\n}")
    assert change("a.go", "else-branch", ("f",), source) == go(
        "func f(a int) int {\n\tif a > 1 {\n\t\treturn 1\n\t} else {\n\t\treturn 2\n\t}\n}"
    )
    own = source.replace("if a > 1", "if a := b(); a > 1")
    assert change("a.go", "else-branch", ("f",), own) is None


def test_names_a_result() -> None:
    source = go("func f() error {\n\treturn a.b(1)\n}")
    expected = source.replace("return a.b(1)", "result := a.b(1)\n\treturn result")
    assert change("a.go", "name-result", ("f", "result"), source) == expected


@pytest.mark.parametrize(
    ("results", "value"),
    [
        ("(int, error)", "a()"),
        ("(n int)", "a()"),
        ("int64", "0"),
        ("error", "nil"),
        ("int64", "1 + 2"),
        ("error", "result(a)"),
        ("(int, error)", "a, b"),
    ],
)
def test_refuses_to_name_a_result(results: str, value: str) -> None:
    source = go(f"func f() {results} {{\n\treturn {value}\n}}")
    assert change("a.go", "name-result", ("f", "result"), source) is None


@pytest.mark.parametrize(
    "source", ['package a\n\nimport "C"\n', "package a\r\n", "package a\n\nfunc {\n"]
)
def test_source_that_cannot_be_changed_safely_stays(source: str) -> None:
    assert places("a.go", "order-functions", source) == []
