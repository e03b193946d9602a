"""Tests of a Go project are left out by their names, and with them the imports they alone used."""

from __future__ import annotations

from pathlib import Path

import pytest

from worksample.errors import WorkspaceError
from worksample.stacks.go import STACK

ONLY_TESTS = """package cart_test

import (
	"net/http"
	"testing"

	cache "example.com/tiny"
	pg "example.com/pg/v5"
)

// TestTotal was wrong once.
// See the ticket.
func TestTotal(t *testing.T) {
	t.Run("no goods", func(t *testing.T) { cache.Fill(pg.Conn) })
}

func TestPrice(t *testing.T) {
	var header http.Header
	_ = header
}
"""
HELPER = "\nfunc helper(t *testing.T) { t.Helper() }\n"
NAMES = "example.com/shop/cart.TestTotal", "example.com/shop/cart.TestPrice"


def left(folder: Path, source: str, *names: str) -> str | None:
    """Return what is left of `source` without the tests `names`, None if nothing."""
    (folder / "go.mod").write_text("module example.com/shop\n\ngo 1.24\n")
    path = folder / "cart" / "cart_test.go"
    path.parent.mkdir(exist_ok=True)
    path.write_text(source)
    STACK.without_tests(folder, names)
    return path.read_text() if path.exists() else None


def test_test_goes_with_its_comment_and_the_imports_of_its_own(tmp_path: Path) -> None:
    assert left(tmp_path, ONLY_TESTS, NAMES[0]) == (
        """package cart_test

import (
	"net/http"
	"testing"
)

func TestPrice(t *testing.T) {
	var header http.Header
	_ = header
}
"""
    )


def test_subtest_takes_the_whole_test_along(tmp_path: Path) -> None:
    names = [f"{NAMES[0]}/no_goods", f"{NAMES[0]}/none"]
    assert left(tmp_path, ONLY_TESTS, *names) == left(tmp_path, ONLY_TESTS, NAMES[0])


def test_file_of_tests_alone_goes_with_the_last(tmp_path: Path) -> None:
    assert left(tmp_path, ONLY_TESTS, *NAMES) is None


def test_what_other_files_of_the_package_may_use_stays(tmp_path: Path) -> None:
    found = left(tmp_path, ONLY_TESTS + HELPER, *NAMES)
    assert found == 'package cart_test\n\nimport (\n\t"testing"\n)\n' + HELPER


def test_single_import_goes_whole(tmp_path: Path) -> None:
    source = 'package cart\n\nimport "testing"\n\nfunc TestOne(t *testing.T) {}\n\nvar a = 1\n'
    found = left(tmp_path, source, "example.com/shop/cart.TestOne")
    assert found == "package cart\n\nvar a = 1\n"


@pytest.mark.parametrize(
    "source",
    [
        "func TestMain(m *testing.M) {}",
        "func Testimony(t *testing.T) {}",
        "func (s suite) TestOne(t *testing.T) {}",
        "func BenchmarkOne(b *testing.B) {}",
    ],
)
def test_what_is_no_test_is_not_left_out(tmp_path: Path, source: str) -> None:
    name = source.removeprefix("func ").removeprefix("(s suite) ").partition("(")[0]
    with pytest.raises(WorkspaceError, match="has no test called"):
        left(tmp_path, f"package cart\n\n{source}\n", f"example.com/shop/cart.{name}")
