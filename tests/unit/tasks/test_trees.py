"""Trees: which files are tests, and how much differs."""

from __future__ import annotations

import pytest

from worksample.tasks.trees import changed_lines, is_test, patch, with_tests_of


@pytest.mark.parametrize(
    "path",
    [
        "tests/test_booking.py", "tests/person.py", "conftest.py", "booking/test_app.py",
        "booking/app_test.py", "test/booking.test.js", "src/app.spec.ts", "src/__tests__/app.js",
        "src/test/java/shop/CartTest.java", "Shop.Tests/CartTests.cs", "cart_test.go",
        "accounts/tests.py",
    ],
)  # fmt: skip
def test_file_of_the_tests(path: str) -> None:
    assert is_test(path)


@pytest.mark.parametrize(
    "path",
    [
        *("booking/app.py", "src/contest.js", "src/latest/main.go", "attest.py", "README.md"),
        "a/latests.py",
    ],
)
def test_file_of_the_server(path: str) -> None:
    assert not is_test(path)


def test_tests_of_another_tree_take_the_place_of_the_own() -> None:
    reference = {"app.py": b"right", "tests/test_app.py": b"old", "tests/old.py": b""}
    mine = {"app.py": b"mine", "tests/test_app.py": b"new", "tests/test_more.py": b"more"}
    assert with_tests_of(reference, mine) == {
        "app.py": b"right", "tests/test_app.py": b"new", "tests/test_more.py": b"more",
    }  # fmt: skip


def test_changed_lines_are_those_removed_and_added() -> None:
    before = {"a.py": b"1\n2\n3\n", "gone.py": b"1\n", "same.py": b"1\n"}
    after = {"a.py": b"1\nTWO\n3\n", "new.py": b"1\n2\n", "same.py": b"1\n"}
    assert changed_lines(before, after) == {"a.py": 2, "gone.py": 1, "new.py": 2}
    assert "-2\n+TWO\n" in patch(before, after)
