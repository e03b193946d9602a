"""Each kind of change in C# sources, and the places that must be refused."""

from __future__ import annotations

import pytest

from tests.unit.tasks.references import change, places

RENAMED = ("Shop.Find", "row", "record")


def cs(body: str) -> str:
    return f"namespace A;\n\nclass Shop(Store store)\n{{\n{body}\n}}\n"


def renamed(body: str) -> str | None:
    return change("Shop.cs", "rename-local", RENAMED, cs(body))


def test_renames_local_in_all_its_uses() -> None:
    source = """    async Task<int> Find()
    {
        var row = await store.row(row: 1);
        foreach (var one in row.List)
        {
            Run(() => $"{row} row" + one?.row);
        }
        return new Found { row = row.N }.row;
    }

    void Other() { int row = 1; Run(row); }"""
    expected = (
        source.replace("var row", "var record")
        .replace("in row.List", "in record.List")
        .replace("{row}", "{record}")
        .replace("= row.N", "= record.N")
    )
    assert renamed(source) == cs(expected)


@pytest.mark.parametrize(
    "statement",
    [
        "for (int row = 0; row < 3; row++) { B(row); }",
        "foreach (Row row in a) { B(row); }",
        "using (var row = A()) { C(row); }",
        "using var row = A(); C(row);",
        "try { A(); } catch (Failure row) { B(row); }",
        "switch (a) { case 1: int row = 1; B(row); break; default: row = 2; break; }",
        "{ int row = 1; B(row); } { int row = 2; B(row); }",
        "Run(() => { int row = 1; B(row); });",
    ],
)
def test_renames_in_every_scope(statement: str) -> None:
    source = cs(f"    void Find() {{ {statement} }}")
    assert change("Shop.cs", "rename-local", RENAMED, source) == source.replace("row", "record")


@pytest.mark.parametrize(
    "source",
    [
        "void Find() { { int row = 1; B(row); } B(row); }",  # inherited
        "void Find() { foreach (var row in row) { B(row); } }",
        "void Find() { int row = 1; Run(record => B(row)); }",
        "void Find() { int record = 1; int row = 2; B(row); }",
        "void Find(int record) { int row = 2; B(row); }",
        "void Find() { { int row = 1; B(row); } Run(row => B(row)); }",
        "void Find() { { int row = 1; } Run((row, x) => B(row)); }",
        "void Find() { { int row = 1; } if (a is Row row) { B(row); } }",
        "void Find() { { int row = 1; } A(out var row); }",
        "void Find() { var row = 1; B(new { row }); }",
        "void Find() { var row = 1; B((row, 2).row); }",
        "void Find() { var row = 1; B(nameof(row)); }",
        "void Find() { var (row, x) = A(); B(row); }",
        "void Find(int row) { B(row); }",
        "void Find() { row = 1; }",
        "int row; void Find() { int row = 1; B(row); }",
        "int record; void Find() { int row = 1; B(row); }",
        "void Find() { int row = 1; } void Find(int a) { int row = 1; }",
        "void Find() { int row = 1; void Inner(int row) { } }",
    ],
)
def test_does_not_rename_what_others_know(source: str) -> None:
    assert renamed(source) is None


def test_does_not_rename_to_a_parameter_of_the_class() -> None:
    source = cs("    void Find() { int row = 1; B(row); }").replace("store", "record")
    assert change("Shop.cs", "rename-local", RENAMED, source) is None


def test_moves_a_method_with_its_comments_and_attributes() -> None:
    one = "    /// <summary>One.</summary>\n    [A]\n    void One() { }"
    two = "    // Two.\n    void Two() => B();"
    source, expected = cs(f"{one}\n\n{two}"), cs(f"{two}\n\n{one}")
    assert change("Shop.cs", "order-methods", ("Shop", "One", "Two"), source) == expected
    assert places("Shop.cs", "order-methods", cs(f"{one}\n\n    int Two;")) == []


def test_moves_a_directive_within_its_group() -> None:
    source = "global using G;\nusing B = C.D;\nusing One;\nusing static Two;\n\nusing Three;\n"
    found = places("A.cs", "order-imports", source)
    assert found == [("", "One", "static Two")]
    expected = source.replace("using One;\nusing static Two;", "using static Two;\nusing One;")
    assert change("A.cs", "order-imports", found[0], source) == expected


def test_lays_out_parameters_without_a_comma_at_the_end() -> None:
    joined = cs("    int Add([A] int a, int b = 1) => a;")
    spread = cs("    int Add(\n        [A] int a,\n        int b = 1\n    ) => a;")
    assert change("Shop.cs", "parameters", ("Shop.Add", "spread"), joined) == spread
    assert change("Shop.cs", "parameters", ("Shop.Add", "joined"), spread) == joined


def test_leaves_a_list_of_any_length_where_it_is() -> None:
    source = cs("    int Add(int a, params int[] b) => a;")
    assert change("Shop.cs", "parameters", ("Shop.Add", "spread"), source) is None


def test_puts_the_last_statement_into_an_else_branch() -> None:
    before = "    int Add()\n    {\n        if (a)\n        {\n            throw b;\n        }\n"
    source = cs(f"{before}        return c;\n    }}")
    after = "        else\n        {\n            return c;\n        }\n    }"
    assert change("Shop.cs", "else-branch", ("Shop.Add",), source) == cs(before + after)


def test_names_a_new_object_before_it_is_returned() -> None:
    source = cs("    Shop Add()\n    {\n        return new Shop(a);\n    }")
    new = "var result = new Shop(a);\n        return result;"
    expected = source.replace("return new Shop(a);", new)
    assert change("Shop.cs", "name-result", ("Shop.Add", "result"), source) == expected


@pytest.mark.parametrize("value", ["new(a)", "[]", "1", "default", "() => 1", "a ? b : c"])
def test_does_not_name_what_takes_its_type_from_the_method(value: str) -> None:
    source = cs(f"    Shop Add()\n    {{\n        return {value};\n    }}")
    assert change("Shop.cs", "name-result", ("Shop.Add", "result"), source) is None


@pytest.mark.parametrize(
    "before", ["class Shop {\r\n}\r\n", "class Shop {", "#if DEBUG\nclass A { }\n#endif\n"]
)
def test_leaves_other_sources_alone(before: str) -> None:
    source = before + cs("    void Find() { int row = 1; B(row); }")
    assert change("Shop.cs", "rename-local", RENAMED, source) is None
