"""Tests of a Node project are left out by their names, whatever shape they have."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest
import tree_sitter_javascript
from tree_sitter import Language, Parser

from worksample.errors import WorkspaceError
from worksample.stacks.node import STACK

FILE = "test/shop.test.js"
PARSER = Parser(Language(tree_sitter_javascript.language()))


def left(folder: Path, source: str, *names: str) -> str | None:
    """Return what is left of the `source` of a file without the tests `names`, None if nothing."""
    path = folder / FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(dedent(source))
    STACK.without_tests(folder, names)
    if not path.exists():
        return None
    assert not PARSER.parse(path.read_bytes()).root_node.has_error, path.read_text()
    return path.read_text()


def test_call_goes_with_its_comments(tmp_path: Path) -> None:
    source = """
        import { test } from 'node:test';

        const vat = 19; // percent
        /** It was wrong once. */
        // See the ticket.
        test("somebody's total", async (t) => {
          t.after(() => {});
        }); // done

        await test('the price', { timeout: 5 }, () => {})
        function helper() {}
    """
    assert left(tmp_path, source, "somebody's total") == dedent("""
        import { test } from 'node:test';

        const vat = 19; // percent

        await test('the price', { timeout: 5 }, () => {})
        function helper() {}
    """)


def test_calls_on_one_line_are_told_apart(tmp_path: Path) -> None:
    source = "test('a', f); test('b', g); test('c', h);\n"
    assert left(tmp_path, source, "b") == "test('a', f);  test('c', h);\n"


def test_call_without_a_semicolon(tmp_path: Path) -> None:
    assert left(tmp_path, "test('a', f)\ntest('b', f)\n", "b") == "test('a', f)\n"


@pytest.mark.parametrize(
    ("title", "name"),
    [
        (r"'it\'s'", "it's"),
        (r"'a\u00fc\u{1F389}\x41'", "aü🎉A"),
        (r"'two\nlines'", "twolines"),
        (r"'a\ttab'", "a tab"),
        ("`plain`", "plain"),
        ("`a ${kind} of ${thing}`", "a sort of sum"),
        ("'a ' + kind + ' of ' + thing", "a sort of sum"),
        ("'<b> & \"c\"'", '<b> & "c"'),
        (r"'a \\u0000'", r"a \u0000"),
    ],
)
def test_titles_of_every_kind(tmp_path: Path, title: str, name: str) -> None:
    source = f"test({title}, () => {{}});\ntest('other', () => {{}});\n"
    assert left(tmp_path, source, name) == "test('other', () => {});\n"


@pytest.mark.parametrize("word", ["it.only", "test.skip", "it", "specify", "nodeTest.test", "t.it"])
def test_words_of_every_kind(tmp_path: Path, word: str) -> None:
    source = f"{word}('a', function () {{}});\ntest('other', () => {{}});\n"
    assert left(tmp_path, source, "a") == "test('other', () => {});\n"


def test_known_title_wins_over_one_that_fits(tmp_path: Path) -> None:
    source = "test(`${what} is refused`, f);\ntest('a kiss is refused', f);\n"
    assert left(tmp_path, source, "a kiss is refused") == "test(`${what} is refused`, f);\n"


SUITES = """
    describe('cart', () => {
      before(() => {});

      it('is empty', () => {});

      describe.only('of gold', () => {
        it('shines', () => {});
      });

      it('is full', () => {});
    });

    it('is empty', () => {});
"""


def test_test_in_a_suite(tmp_path: Path) -> None:
    assert left(tmp_path, SUITES, "cart > is empty") == dedent("""
        describe('cart', () => {
          before(() => {});

          describe.only('of gold', () => {
            it('shines', () => {});
          });

          it('is full', () => {});
        });

        it('is empty', () => {});
    """)


@pytest.mark.parametrize(
    "name",
    [
        "cart > of gold > shines",
        f"{FILE} > cart > of gold > shines",
        f"{FILE} > cart of gold shines",
    ],
)
def test_suite_goes_with_its_last_test(tmp_path: Path, name: str) -> None:
    assert left(tmp_path, SUITES, name) == dedent("""
        describe('cart', () => {
          before(() => {});

          it('is empty', () => {});

          it('is full', () => {});
        });

        it('is empty', () => {});
    """)


def test_subtests(tmp_path: Path) -> None:
    source = """
        test('cart', async (t) => {
          await t.test('empty', () => {});
          await t.test('full', () => {});
          assert(/full/.test('full'));
        });
    """
    assert left(tmp_path, source, "cart > full", "cart > empty") == dedent("""
        test('cart', async (t) => {
          assert(/full/.test('full'));
        });
    """)


@pytest.mark.parametrize(
    "loop",
    [
        "for (const [a, b] of [[1, 2]]) {\n  const c = a;\n  test(`${a} is ${b}`, () => c);\n}\n",
        "[1].forEach((a) => test(`${a} is 2`, () => {}));\n",
        "if (x) test('1 is 2', () => {});\n",
        "test.each([[1, 2]])('%s is %i', (a, b) => {});\n",
        "it.each`\n  a | b\n  ${1} | ${2}\n`('$a is $b', ({ a, b }) => {});\n",
        "const done = test('1 is 2', () => {});\n",
    ],
)
def test_what_makes_tests_goes_with_them(tmp_path: Path, loop: str) -> None:
    source = f"import x from 'y';\n\n{loop}\ntest('other', () => {{}});\n"
    assert left(tmp_path, source, "1 is 2") == "import x from 'y';\n\ntest('other', () => {});\n"


def test_loop_with_another_test_stays(tmp_path: Path) -> None:
    source = "for (const a of [1]) {\n  test(`${a} is 1`, f);\n\n  test(`${a} is 2`, f);\n}\n"
    expected = "for (const a of [1]) {\n  test(`${a} is 2`, f);\n}\n"
    assert left(tmp_path, source, "1 is 1") == expected


def test_other_calls_are_no_tests(tmp_path: Path) -> None:
    others = "/a/.test('a');\ncontext.set('a', 1);\ntest.mock.method(o, 'a', () => {});\n"
    assert left(tmp_path, f"{others}test('a', f);\ntest('b', f);\n", "a") == (
        f"{others}test('b', f);\n"
    )


def test_file_without_a_test_left_goes(tmp_path: Path) -> None:
    assert left(tmp_path, "import x from 'y';\ntest('a', f);\n", "a") is None


def test_file_that_package_json_names_stays(tmp_path: Path) -> None:
    (tmp_path / "package.json").write_text('{"scripts": {"test": "node --test test/shop.test.js"}}')
    assert left(tmp_path, "import x from 'y';\ntest('a', f);\n", "a") == "import x from 'y';\n"


def test_reports_all_names_that_no_test_has(tmp_path: Path) -> None:
    source = "test('a', f);\ntest(x, () => {});\ntest(y, () => {});\n"
    with pytest.raises(WorkspaceError, match=r"has no test called b, c > a$"):
        left(tmp_path, source, "a", "b", "c > a")
    assert (tmp_path / FILE).read_text() == source


def test_title_of_which_nothing_is_known_is_found_if_it_is_the_only_one(tmp_path: Path) -> None:
    source = "test('a', f);\ntest(x, () => {});\n"
    assert left(tmp_path, source, "anything") == "test('a', f);\n"
