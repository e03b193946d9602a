"""Each kind of change in Java sources, and the places that must be refused."""

from __future__ import annotations

import pytest

from tests.unit.tasks.references import change, places

RENAMED = ("Shop.find", "row", "record")


def java(body: str) -> str:
    return f"package a;\n\nclass Shop {{\n{body}\n}}\n"


def renamed(body: str) -> str | None:
    return change("Shop.java", "rename-local", RENAMED, java(body))


def test_renames_local_in_all_its_uses() -> None:
    source = """    int find(Database db) {
        var row = db.row(this.row, row -> 1);
        for (Row one : row.list()) {
            run(() -> row.row(one::row));
        }
        return row.n;
    }

    void other() { int row = 1; run(row); }"""
    source = source.replace("row -> 1", "x -> 1")
    expected = (
        source.replace("var row", "var record")
        .replace(": row.list", ": record.list")
        .replace("row.row(one", "record.row(one")
        .replace("return row.n", "return record.n")
    )
    assert renamed(source) == java(expected)


@pytest.mark.parametrize(
    "statement",
    [
        "for (int row = 0; row < 3; row++) { b(row); }",
        "for (Row row : a) { b(row); }",
        "try (Row row = a(); Row b = row.b()) { c(row); }",
        "try { a(); } catch (Failure row) { b(row); }",
        "switch (a) { case 1: int row = 1; b(row); break; default: row = 2; }",
        "{ int row = 1; b(row); } { int row = 2; b(row); }",
        "Row row, other = a(row = b());",
        "Runnable r = () -> { int row = 1; b(row); };",
    ],
)
def test_renames_in_every_scope(statement: str) -> None:
    source = java(f"    void find() {{ {statement} }}")
    assert change("Shop.java", "rename-local", RENAMED, source) == source.replace("row", "record")


def test_renames_in_a_constructor() -> None:
    source = java("    Shop() { int row = 1; b(row); }")
    place = ("Shop.Shop", "row", "record")
    assert change("Shop.java", "rename-local", place, source) == source.replace("row", "record")


@pytest.mark.parametrize(
    "source",
    [
        "void find() { { int row = 1; b(row); } b(row); }",  # inherited
        "void find() { b(row); int row = 1; }",
        "void find() { for (Row row : row) { b(row); } }",
        "void find() { try (Row row = a()) { b(row); } finally { c(row); } }",
        "void find() { int row = 1; run(record -> b(row)); }",
        "void find() { int record = 1; int row = 2; b(row); }",
        "void find(int record) { int row = 2; b(row); }",
        "void find() { { int row = 1; b(row); } a.forEach(row -> b(row)); }",
        "void find() { { int row = 1; } a.forEach((row, x) -> b(row)); }",
        "void find() { { int row = 1; } a.forEach((Row row) -> b(row)); }",
        "void find() { { int row = 1; } if (a instanceof Row row) { b(row); } }",
        "void find() { int row = 1; b(new A() { int row = 2; }); }",
        "void find(int row) { b(row); }",
        "void find() { row = 1; }",
        "int row; void find() { int row = 1; b(row); }",
        "int record; void find() { int row = 1; b(row); }",
        "void find() { int row = 1; } void find(int a) { int row = 1; }",
    ],
)
def test_does_not_rename_what_others_know(source: str) -> None:
    assert renamed(source) is None


def test_moves_a_method_with_its_comment_and_annotations() -> None:
    one, other = "    /** One. */\n    @A\n    void one() {}", "    // Two.\n    int two;"
    two = other.replace("int two;", "void two() {}")
    source, expected = java(f"{one}\n\n{two}"), java(f"{two}\n\n{one}")
    assert change("Shop.java", "order-methods", ("Shop", "one", "two"), source) == expected
    assert places("Shop.java", "order-methods", java(f"{one}\n\n{other}")) == []


def test_moves_an_import_within_its_group() -> None:
    source = "package a;\n\nimport b.One;\nimport b.Two;\n\nimport static b.C.c;\n\nclass A {}\n"
    found = places("A.java", "order-imports", source)
    assert found == [("", "b.One", "b.Two")]
    expected = source.replace("One", "X").replace("Two", "One").replace("X", "Two")
    assert change("A.java", "order-imports", found[0], source) == expected


def test_lays_out_parameters_without_a_comma_at_the_end() -> None:
    joined = java("    int add(@A int a, String... b) { return a; }")
    spread = java("    int add(\n        @A int a,\n        String... b\n    ) { return a; }")
    assert change("Shop.java", "parameters", ("Shop.add", "spread"), joined) == spread
    assert change("Shop.java", "parameters", ("Shop.add", "joined"), spread) == joined


def test_lays_out_the_comment_of_a_method() -> None:
    joined = java("    /** Adds. */\n    void add() {}")
    spread = java("    /**\n     * Adds.\n     */\n    void add() {}")
    assert change("Shop.java", "docstring", ("Shop.add", "spread"), joined) == spread
    assert change("Shop.java", "docstring", ("Shop.add", "joined"), spread) == joined


def test_puts_the_last_statement_into_an_else_branch() -> None:
    before = "    int add() {\n        if (a) {\n            throw b;\n        }"
    source = java(f"{before}\n        return c;\n    }}")
    expected = java(f"{before} else {{\n            return c;\n        }}\n    }}")
    assert change("Shop.java", "else-branch", ("Shop.add",), source) == expected


def test_puts_braces_around_a_single_statement() -> None:
    source = java("    void add() {\n        if (a)\n            b();\n        c();\n    }")
    expected = java(
        "    void add() {\n        if (a) {\n            b();\n        }\n        c();\n    }"
    )
    assert change("Shop.java", "braces", ("Shop.add", "(a)"), source) == expected


def test_names_a_new_object_before_it_is_returned() -> None:
    source = java("    Shop add() {\n        return new Shop(a);\n    }")
    expected = source.replace(
        "return new Shop(a);", "var result = new Shop(a);\n        return result;"
    )
    assert change("Shop.java", "name-result", ("Shop.add", "result"), source) == expected


@pytest.mark.parametrize("value", ["new Shop<>(a)", "List.of()", "1", "a", "() -> 1", "a ? b : c"])
def test_does_not_name_what_takes_its_type_from_the_method(value: str) -> None:
    source = java(f"    Shop add() {{\n        return {value};\n    }}")
    assert change("Shop.java", "name-result", ("Shop.add", "result"), source) is None


@pytest.mark.parametrize("source", ["class Shop {\r\n}\r\n", "class Shop {", "class Shop { \xff }"])
def test_leaves_other_sources_alone(source: str) -> None:
    assert change("Shop.java", "rename-local", RENAMED, source) is None
