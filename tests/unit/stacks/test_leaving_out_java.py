"""Tests of a Java project are left out by the names under which Maven and Gradle report them."""

from __future__ import annotations

from pathlib import Path

import pytest

from worksample.errors import WorkspaceError
from worksample.stacks.java import STACK

SOURCE = """package com.example;

import org.junit.jupiter.api.Test;

class CartTest {

    private final Cart cart = new Cart(); // empty

    /** Was wrong once. */
    // See the ticket.
    @Test
    @DisplayName("the total of no goods")
    void totals() {
        assertThat(cart.total()).isZero();
    }

    @ParameterizedTest(name = "price {0}")
    @ValueSource(ints = {1, 2})
    void prices(int price) {}

    @BeforeEach
    void fill() {}

    @Nested
    class Emptied {
        @org.junit.jupiter.api.RepeatedTest(3)
        void again() {}
    }
}
"""
HEAD, _, END = SOURCE.partition("    /** Was wrong once. */")
TOTALS = "com.example.CartTest.totals"
PRICES = "com.example.CartTest.prices"
AGAIN = "com.example.CartTest$Emptied.again"


def left(folder: Path, source: str, *names: str) -> str | None:
    """Return what is left of `source` without the tests `names`, None if nothing."""
    (folder / "pom.xml").write_text("<project/>")
    path = folder / "src" / "test" / "java" / "com" / "example" / "CartTest.java"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(source)
    STACK.without_tests(folder, names)
    return path.read_text() if path.exists() else None


def test_test_goes_with_annotations_and_comments(tmp_path: Path) -> None:
    found = left(tmp_path, SOURCE, TOTALS)
    assert found == HEAD + "    @Param" + END.partition("    @Param")[2]


@pytest.mark.parametrize(
    "name", ["prices(int)[1]", "prices{int}[2]", "prices[3]", "prices(int) price 2"]
)
def test_run_with_one_value_takes_the_whole_test_along(tmp_path: Path, name: str) -> None:
    assert left(tmp_path, SOURCE, f"com.example.CartTest.{name}") == left(tmp_path, SOURCE, PRICES)


def test_test_goes_by_its_display_name(tmp_path: Path) -> None:
    name = "com.example.CartTest.the total of no goods"
    assert left(tmp_path, SOURCE, name) == left(tmp_path, SOURCE, TOTALS)


def test_nested_class_goes_with_its_last_test(tmp_path: Path) -> None:
    found = left(tmp_path, SOURCE, AGAIN)
    assert found == SOURCE.partition("\n    @Nested")[0] + "}\n"


def test_nested_class_that_others_use_stays(tmp_path: Path) -> None:
    source = SOURCE.replace("void fill() {}", "void fill() { new Emptied(); }")
    found = left(tmp_path, source, AGAIN)
    assert found
    assert "class Emptied {\n    }" in found
    assert "again" not in found


def test_file_goes_with_its_last_test_unless_it_is_named(tmp_path: Path) -> None:
    assert left(tmp_path, SOURCE, TOTALS, PRICES, AGAIN) is None
    other = tmp_path / "src" / "test" / "java" / "com" / "example" / "Other.java"
    other.write_text("package com.example; class Other extends CartTest {}")
    found = left(tmp_path, SOURCE, TOTALS, PRICES, AGAIN)
    assert found == HEAD + "    @BeforeEach\n    void fill() {}\n}\n"


def test_inherited_test_goes_by_the_name_of_a_subclass(tmp_path: Path) -> None:
    source = "package com.example;\n\nabstract class CartTest {\n    @Test\n    void adds() {}\n\n"
    source += "    @Test\n    void removes() {}\n}\n"
    found = left(tmp_path, source, "com.example.shop.FullCartTest.adds")
    assert found == (
        "package com.example;\n\nabstract class CartTest {\n    @Test\n    void removes() {}\n}\n"
    )


@pytest.mark.parametrize("annotation", ["@BeforeEach", "@BeforeTest", "@Tested", "@Override"])
def test_what_is_no_test_is_not_left_out(tmp_path: Path, annotation: str) -> None:
    source = (
        f"class CartTest {{\n    {annotation}\n    void adds() {{}}\n    @Test void a() {{}}\n}}"
    )
    with pytest.raises(WorkspaceError, match="has no test called"):
        left(tmp_path, source, "CartTest.adds")


def test_project_whose_tests_all_have_values_has_tests(tmp_path: Path) -> None:
    left(tmp_path, SOURCE, TOTALS)
    assert STACK.tests(tmp_path) is not None
