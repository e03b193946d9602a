"""Each kind of change in Python sources, and the places that must be refused."""

from __future__ import annotations

import textwrap

import pytest

from tests.unit.tasks.references import change, places

RENAMED = ("find", "row", "record")


def py(text: str) -> str:
    return textwrap.dedent(text).lstrip("\n")


def test_renames_local_in_all_its_uses() -> None:
    source = py("""
        def find(conn, key):
            row = conn.one(key, row=1)
            rows = [row.row for row in conn if (row := row)]

            def inner():
                return f"{row!r:>{row}} {{row}} row" + row["row"]
            return {"row": row, **row}, lambda: row, inner


        def other():
            row = 1
    """)
    after = change("a.py", "rename-local", RENAMED, source)
    assert after == py("""
        def find(conn, key):
            record = conn.one(key, row=1)
            rows = [record.row for record in conn if (record := record)]

            def inner():
                return f"{record!r:>{record}} {{row}} row" + record["row"]
            return {"row": record, **record}, lambda: record, inner


        def other():
            row = 1
    """)


def test_renames_in_method_loop_with_and_except() -> None:
    source = py("""
        class Store:
            async def find(self):
                for (row, self.row) in self:
                    with row as row:
                        del row
                try:
                    pass
                except Exception as row:
                    raise row
    """)
    after = change("a.py", "rename-local", ("Store.find", "row", "entry"), source)
    assert after is not None
    assert after.count("entry") == 6
    assert after.count("row") == 1


@pytest.mark.parametrize(
    "source",
    [
        "def find(row):\n    row = row + 1\n",
        "def find(a=row):\n    row = 1\n",
        "def find():\n    row = 1\n\nrow = 2\n",
        "from rows import row\n\ndef find():\n    row = 1\n",
        "from rows import *\n\ndef find():\n    row = 1\n",
        "def find():\n    global row\n    row = 1\n",
        "def find():\n    row = 1\n    def inner():\n        nonlocal row\n        row = 2\n",
        "def find():\n    row = 1\n    def inner(row):\n        pass\n",
        "def find():\n    row = 1\n    return lambda row=1: row\n",
        "def find():\n    row = 1\n    def row():\n        pass\n",
        "def find():\n    row = 1\n    class Row:\n        row = 2\n",
        "def find():\n    row = 1\n    import row\n",
        "def find():\n    row = 1\n    return f'{row=}'\n",
        "def find():\n    row = 1\n    return f'{row = !r:>9}'\n",
        "def find():\n    row = 1\n    return f'{(row)+1=:{row}}'\n",
        "def find():\n    row = 1\n    return locals()\n",
        "def find():\n    row = 1\n    return vars()['row']\n",
        "def find():\n    row = 1\n    return eval('row')\n",
        "import inspect\n\ndef find():\n    row = 1\n",
        "def find():\n    row = 1\n    match row:\n        case {'a': row}:\n            pass\n",
        "def find():\n    print(row)\n",
        "def find():\n    row.a = row[0] = 1\n",
        "def find():\n    row += 1\n",
        "def find():\n    row = 1\n    record = 2\n",
        "def find():\n    row = 1\n    return x.record\n",
        "record = 1\n\ndef find():\n    row = 1\n",
        "def find(record):\n    row = 1\n",
        "def find():\n    row = 1\n\ndef find():\n    row = 2\n",
        "def outer(record):\n    row = 1\n",
        "def find():\n    row = (1\n",
    ],
)
def test_refuses_to_rename(source: str) -> None:
    assert change("a.py", "rename-local", RENAMED, source) is None


def test_variable_of_enclosing_function_stays() -> None:
    source = "def find():\n    row = 1\n    def inner():\n        row = 2\n        return row\n"
    assert change("a.py", "rename-local", ("find.inner", "row", "record"), source) is None
    after = change("a.py", "rename-local", RENAMED, source)
    assert after == source.replace("row", "record")


def test_swaps_neighbouring_functions_with_their_comments() -> None:
    source = py("""
        # The first.
        def first(a=B) -> C:
            return a


        # The second,
        # in two lines.
        async def second():
            await first()


        X = first()
    """)
    assert change("a.py", "order-functions", ("", "first", "second"), source) == py("""
        # The second,
        # in two lines.
        async def second():
            await first()


        # The first.
        def first(a=B) -> C:
            return a


        X = first()
    """)


@pytest.mark.parametrize(
    "source",
    [
        "def first():\n    pass\n\nX = 1\n\ndef second():\n    pass\n",
        "def first():\n    pass\n\n# A section.\n\ndef second():\n    pass\n",
        "@route\ndef first():\n    pass\n\ndef second():\n    pass\n",
        "def first():\n    pass\n\n@route\ndef second():\n    pass\n",
        "def first():\n    pass\n\ndef second(a=first):\n    pass\n",
        "def first(a=second):\n    pass\n\ndef second():\n    pass\n",
        "def first():\n    pass\n\ndef second() -> 'first':\n    pass\n",
        "def first(a=call()):\n    pass\n\ndef second():\n    pass\n",
        "def second():\n    pass\n\ndef first():\n    pass\n",
        "if X:\n    def first():\n        pass\n    def second():\n        pass\n",
    ],
)
def test_refuses_to_swap_functions(source: str) -> None:
    assert change("a.py", "order-functions", ("", "first", "second"), source) is None


def test_swaps_methods_but_not_special_or_decorated_ones() -> None:
    source = py('''
        class A(Base):
            """Doc."""

            def __init__(self):
                pass

            def first(self):
                pass

            def second(self):
                pass

            @property
            def third(self):
                pass
    ''')
    assert places("a.py", "order-methods", source) == [("A", "first", "second")]
    after = change("a.py", "order-methods", ("A", "first", "second"), source)
    assert after is not None
    assert after.index("second") < after.index("first")
    meta = source.replace("(Base)", "(metaclass=Ordered)")
    assert places("a.py", "order-methods", meta) == []


def test_orders_imports_of_the_standard_library_only() -> None:
    source = "from __future__ import annotations\nimport re\nfrom os import path\nimport ours\n"
    assert places("a.py", "order-imports", source) == [("", "re", "os")]
    assert change("a.py", "order-imports", ("", "re", "os"), source) == (
        "from __future__ import annotations\nfrom os import path\nimport re\nimport ours\n"
    )


@pytest.mark.parametrize(
    "source",
    [
        "import re\n\nimport os\n",
        "import re\nfrom os import *\n",
        "import re\n# why\nimport os\n",
        "import re, json\nimport os\n",
        "import re\nimport os  # why\n",
        "import re as path\nfrom os import path\n",
    ],
)
def test_refuses_to_order_imports(source: str) -> None:
    assert places("a.py", "order-imports", source) == []


def test_orders_names_that_are_no_modules() -> None:
    source = (
        "from ours import B, A as C\nfrom os import sep, path\nfrom ours import a, b\n"
        "from theirs import A, B as A\n"
    )
    found = places("a.py", "order-names", source)
    assert found == [("ours", "B", "A as C"), ("os", "sep", "path")]
    after = change("a.py", "order-names", found[0], source)
    assert after == source.replace("B, A as C", "A as C, B")


def test_lays_out_docstring_there_and_back() -> None:
    source = 'def find():\n    """Find it."""\n    return 1\n'
    spread = 'def find():\n    """\n    Find it.\n    """\n    return 1\n'
    assert change("a.py", "docstring", ("find", "spread"), source) == spread
    assert change("a.py", "docstring", ("find", "joined"), spread) == source
    assert change("a.py", "docstring", ("find", "joined"), source) is None


@pytest.mark.parametrize(
    "source",
    [
        '@app.get("/")\ndef find():\n    """Find it."""\n',
        'def find():\n    r"""Find it."""\n',
        'def find():\n    """Find "it\\"."""\n',
        'def find():\n    """Find it.""" + x\n',
        'def find():\n    x = """Find it."""\n',
        'def find():\n    """Find it."""\n    return find.__doc__\n',
        'def find():\n    """Find it."""  # why\n',
        'def find(): """Find it."""\n',
        'def find():\n    """"""\n',
    ],
)
def test_refuses_docstring(source: str) -> None:
    assert change("a.py", "docstring", ("find", "spread"), source) is None


def test_lays_out_parameters_there_and_back() -> None:
    source = "class A:\n    def f(self, a: int = 1, *, b) -> int:\n        pass\n"
    spread = (
        "class A:\n    def f(\n        self,\n        a: int = 1,\n        *,\n        b,\n"
        "    ) -> int:\n        pass\n"
    )
    assert change("a.py", "parameters", ("A.f", "spread"), source) == spread
    assert change("a.py", "parameters", ("A.f", "joined"), spread) == source


@pytest.mark.parametrize(
    ("source", "layout"),
    [
        ("def f(a):\n    pass\n", "spread"),
        ("def f(\n    a,  # why\n    b,\n):\n    pass\n", "joined"),
        ("def f(\n    a={\n        1: 2},\n    b=1,\n):\n    pass\n", "joined"),
        (f"def f(\n    {'a' * 50},\n    {'b' * 50},\n):\n    pass\n", "joined"),
    ],
)
def test_refuses_parameters(source: str, layout: str) -> None:
    assert change("a.py", "parameters", ("f", layout), source) is None


def test_sets_off_result() -> None:
    source = "def f():\n    a = 1\n    b = 2\n    return a + b\n"
    after = change("a.py", "blank-line", ("f",), source)
    assert after == source.replace("    return", "\n    return")
    assert change("a.py", "blank-line", ("f",), after or "") is None
    assert change("a.py", "blank-line", ("f",), source.replace("    a = 1\n", "")) is None
    assert change("a.py", "blank-line", ("f",), source.replace("= 2\n", "= 2\n    # c\n")) is None


def test_changes_quotes_of_plain_texts_only() -> None:
    source = py('''
        def f(a="x"):
            """Doc."""
            return ["a", 'b', "it's", "a\\n", f"{a["k"]}", f"x", r"y", b"z", """t""", "", "ü"]
    ''')
    assert change("a.py", "quotes", ("f", "single"), source) == py('''
        def f(a='x'):
            """Doc."""
            return ['a', 'b', "it's", "a\\n", f"{a["k"]}", f"x", r"y", b"z", """t""", "", 'ü']
    ''')
    assert places("a.py", "quotes", source) == [("f", "single")]


def test_puts_last_return_into_else_branch() -> None:
    source = "def f(a):\n    if a:\n        b()\n        raise A\n    return a + 1\n"
    assert change("a.py", "else-branch", ("f",), source) == (
        "def f(a):\n    if a:\n        b()\n        raise A\n    else:\n        return a + 1\n"
    )


@pytest.mark.parametrize(
    "source",
    [
        "def f(a):\n    if a:\n        b()\n    return 1\n",
        "def f(a):\n    if a:\n        return 2\n    elif b:\n        return 3\n    return 1\n",
        "def f(a):\n    if a:\n        return 2\n    else:\n        b()\n    return 1\n",
        "def f(a):\n    if a:\n        return 2\n    # why\n    return 1\n",
        'def f(a):\n    if a:\n        return 2\n    return """\n        x"""\n',
        "def f(a):\n    if a:\n        return 2\n    b()\n",
        "def f(a):\n    if a: return 2\n    b(); return 1\n",
    ],
)
def test_refuses_else_branch(source: str) -> None:
    assert change("a.py", "else-branch", ("f",), source) is None


def test_names_result() -> None:
    source = "def f(a):\n    return (\n        a + 1\n    )\n"
    assert change("a.py", "name-result", ("f", "result"), source) == (
        "def f(a):\n    result = (\n        a + 1\n    )\n    return result\n"
    )


@pytest.mark.parametrize(
    "source",
    [
        "def f(a):\n    return a\n",
        "def f(a):\n    return\n",
        "def f(a):\n    return None\n",
        "def f(a):\n    return a.result\n",
        "def f(a):\n    return eval(a)\n",
        "def f(result):\n    return a + 1\n",
        "def f(a): return a + 1\n",
        "def f(a):\n    b(); return a + 1\n",
        "def f(a):\n    return a + 1  # why\n",
        "def f(a):\n    if a:\n        return a + 1\n",
    ],
)
def test_refuses_to_name_result(source: str) -> None:
    assert change("a.py", "name-result", ("f", "result"), source) is None
