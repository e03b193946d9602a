"""Tests of a Python project are left out by their names, whatever shape they have."""

from __future__ import annotations

import ast
from pathlib import Path
from textwrap import dedent

import pytest

from worksample.errors import WorkspaceError
from worksample.stacks.python import STACK

FILE = "tests/test_shop.py"


def left(folder: Path, source: str, *names: str, file: str = FILE) -> str | None:
    """Return what is left of the `source` of a file without the tests `names`, None if nothing."""
    path = folder / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(dedent(source))
    STACK.without_tests(folder, names)
    if not path.exists():
        return None
    ast.parse(path.read_text())
    return path.read_text()


def test_function_goes_with_decorators_and_comments(tmp_path: Path) -> None:
    source = '''
        """The shop."""

        import pytest

        VAT = 19  # percent


        # It was wrong once.
        # See the ticket.
        @pytest.mark.slow
        @pytest.mark.parametrize(
            "amount", [1, 2]
        )
        async def test_total(amount: int) -> None:
            assert amount
            # and nothing else


        def helper() -> None: ...


        def test_price() -> None:
            assert VAT
    '''
    assert left(tmp_path, source, f"{FILE}::test_total[2]") == dedent('''
        """The shop."""

        import pytest

        VAT = 19  # percent


        def helper() -> None: ...


        def test_price() -> None:
            assert VAT
    ''')


def test_last_function_leaves_no_blank_lines(tmp_path: Path) -> None:
    source = "def test_a(): pass\n\n\ndef test_b():\n    pass\n\n\n"
    assert left(tmp_path, source, f"{FILE}::test_b") == "def test_a(): pass\n"


def test_several_functions_go_at_once(tmp_path: Path) -> None:
    source = "\n\n".join(f"def test_{name}():\n    pass\n" for name in "abcd")
    names = [f"{FILE}::test_{name}" for name in "abd"]
    assert left(tmp_path, source, *names) == "def test_c():\n    pass\n"


def test_name_is_compared_as_a_whole(tmp_path: Path) -> None:
    source = "def test_a(): pass\n\n\ndef test_ab(): pass\n"
    assert left(tmp_path, source, f"{FILE}::test_a") == "def test_ab(): pass\n"


SUITE = """
    import pytest


    class TestCart:
        total = 0

        def test_empty(self):
            assert not self.total

        @pytest.fixture
        def test_client(self): ...

        class TestInner:
            def test_deep(self): ...

        def test_full(self):
            assert self.total


    def test_after(): ...
"""


def test_method_goes_and_its_class_stays(tmp_path: Path) -> None:
    assert left(tmp_path, SUITE, f"{FILE}::TestCart::test_full") == dedent("""
        import pytest


        class TestCart:
            total = 0

            def test_empty(self):
                assert not self.total

            @pytest.fixture
            def test_client(self): ...

            class TestInner:
                def test_deep(self): ...


        def test_after(): ...
    """)


def test_class_goes_with_its_last_test(tmp_path: Path) -> None:
    names = ("test_empty", "test_full", "TestInner::test_deep")
    gone = [f"{FILE}::TestCart::{name}" for name in names]
    assert left(tmp_path, SUITE, *gone) == "\nimport pytest\n\n\ndef test_after(): ...\n"


def test_class_that_another_inherits_from_stays(tmp_path: Path) -> None:
    source = """
        class TestBase:
            def test_inherited(self): ...


        class TestMore(TestBase):
            def test_own(self): ...
    """
    assert left(tmp_path, source, f"{FILE}::TestMore::test_inherited[x]") == dedent("""
        class TestBase:
            pass


        class TestMore(TestBase):
            def test_own(self): ...
    """)


def test_branches_keep_what_they_need(tmp_path: Path) -> None:
    source = """
        import sys

        if sys.platform == "linux":
            def test_here(): ...
        else:
            LIMIT = 1

            def test_there(): ...


        def test_c(): ...
    """
    names = (f"{FILE}::test_here", f"{FILE}::test_there")
    assert left(tmp_path, source, *names) == dedent("""
        import sys

        if sys.platform == "linux":
            pass
        else:
            LIMIT = 1


        def test_c(): ...
    """)


def test_branch_of_tests_goes_whole(tmp_path: Path) -> None:
    source = "def test_a(): ...\n\n\nif True:\n\n    def test_b(): ...\n"
    assert left(tmp_path, source, f"{FILE}::test_b") == "def test_a(): ...\n"


@pytest.mark.parametrize(
    "name",
    [
        "tests.test_shop.TestCart.test_total",
        "test_shop.TestCart.test_total",
        "tests.test_shop.TestCart.test_total (amount=1)",
    ],
)
def test_names_of_unittest(tmp_path: Path, name: str) -> None:
    source = "class TestCart(TestCase):\n    def test_total(self): ...\n    def test_b(self): ...\n"
    assert left(tmp_path, source, name) == "class TestCart(TestCase):\n    def test_b(self): ...\n"


def test_file_without_a_test_left_goes(tmp_path: Path) -> None:
    assert left(tmp_path, "import os\n\n\ndef test_a(): ...\n", f"{FILE}::test_a") is None


def test_file_that_another_names_stays(tmp_path: Path) -> None:
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "conftest.py").write_text("from tests.test_shop import helper\n")
    source = "def helper(): ...\n\n\ndef test_a(): ...\n"
    assert left(tmp_path, source, f"{FILE}::test_a") == "def helper(): ...\n"


def test_windows_line_ends_stay(tmp_path: Path) -> None:
    (tmp_path / "tests").mkdir()
    path = tmp_path / FILE
    path.write_bytes(b"import os\r\n\r\n\r\ndef test_a(): ...\r\n\r\n\r\ndef test_b(): ...\r\n")
    STACK.without_tests(tmp_path, [f"{FILE}::test_a"])
    assert path.read_bytes() == b"import os\r\n\r\n\r\ndef test_b(): ...\r\n"


def test_reports_all_names_that_no_test_has(tmp_path: Path) -> None:
    source = "def test_a(): ...\n\n\n@pytest.fixture()\ndef test_data(): ...\n"
    names = (f"{FILE}::test_a", f"{FILE}::test_data", "tests/test_b.py::test_a")
    with pytest.raises(WorkspaceError) as raised:
        left(tmp_path, source, *names)
    assert raised.value.message == (
        f"{tmp_path} has no test called tests/test_b.py::test_a, {FILE}::test_data"
    )
    assert (tmp_path / FILE).read_text() == source


def test_no_name_changes_nothing(tmp_path: Path) -> None:
    assert left(tmp_path, "def test_a(): ...\n\n\n\n\n") == "def test_a(): ...\n\n\n\n\n"
