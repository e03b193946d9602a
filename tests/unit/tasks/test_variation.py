"""Which changes are chosen, and how one is applied."""

from __future__ import annotations

import builtins
import keyword
import random
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.unit.tasks.references import REFERENCES, folder_of
from worksample.tasks.variation import Variation, variations
from worksample.tasks.variation.names import SYNONYMS, synonyms
from worksample.tasks.variation.sources import source_files

DEEP = b"def find():\n    row = " + b"(" * 300 + b"1" + b")" * 300 + b"\n"
LATIN = b"# coding: latin-1\ndef find():\n    row = '\xe4'\n"
CONDUIT = folder_of("conduit", "python-fastapi")
RESERVED_IN_JAVASCRIPT = {
    *("arguments", "await", "break", "case", "catch", "class", "const", "continue", "debugger"),
    *("default", "delete", "do", "else", "enum", "eval", "export", "extends", "false", "finally"),
    *("for", "function", "if", "implements", "import", "in", "instanceof", "interface", "let"),
    *("new", "null", "package", "private", "protected", "public", "return", "static", "super"),
    *("switch", "this", "throw", "true", "try", "typeof", "undefined", "var", "void", "while"),
    *("with", "yield", "process", "console", "global", "module", "require", "exports"),
}


def chosen(folder: Path, seed: int, count: int, prefer: tuple[str, ...] = ()) -> list[Variation]:
    return variations(folder, random.Random(seed), count, prefer)


def test_same_seed_gives_same_changes_and_another_seed_others() -> None:
    assert chosen(CONDUIT, 1, 20) == chosen(CONDUIT, 1, 20)
    assert len(set(chosen(CONDUIT, 1, 20)) & set(chosen(CONDUIT, 2, 20))) < 10


def test_changes_apply_one_after_the_other(tmp_path: Path) -> None:
    folder = tmp_path / "copy"
    shutil.copytree(CONDUIT, folder)
    for each in chosen(folder, 3, 40):
        before = (folder / each.path).read_bytes()
        assert each.apply(folder), each
        assert (folder / each.path).read_bytes() != before, each


def test_changes_are_spread_over_files_and_kinds() -> None:
    found = chosen(CONDUIT, 4, 24)
    assert len({each.path for each in found}) == 24
    assert len({each.kind for each in found}) >= 6


def test_a_third_is_in_preferred_files() -> None:
    prefer = ("conduit/comments/store.py", "conduit/database.py")
    found = [each.path for each in chosen(CONDUIT, 5, 18, prefer)]
    assert [found.count(each) for each in prefer] == [3, 3]
    assert len(set(found)) == 14


def test_preferred_file_without_places_gives_its_turns_to_others() -> None:
    found = chosen(CONDUIT, 6, 12, ("conduit/__init__.py", "README.md"))
    assert len(found) == 12


def test_no_place_is_changed_twice() -> None:
    found = chosen(CONDUIT, 7, 120)
    assert len({(each.path, each.kind, each.place) for each in found}) == len(found) == 120


def test_descriptions_fit_a_commit_message() -> None:
    for challenge, solution in REFERENCES:
        for each in chosen(folder_of(challenge, solution), 8, 40):
            assert each.what[0].islower()
            assert not each.what.endswith(".")
            assert "\n" not in each.what
            assert not Path(each.path).is_absolute()


def test_place_that_is_gone_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_text("def find():\n    row = 1\n")
    rename = Variation("a.py", "rename-local", "", ("find", "row", "record"))
    assert rename.apply(tmp_path)
    assert path.read_text() == "def find():\n    record = 1\n"
    assert not rename.apply(tmp_path)
    assert path.read_text() == "def find():\n    record = 1\n"


@pytest.mark.parametrize(
    "other",
    [
        Variation("b.py", "rename-local", "", ("find", "row", "record")),
        Variation("a.txt", "rename-local", "", ("find", "row", "record")),
        Variation("a.py", "unknown", "", ("find", "row", "record")),
        Variation("link.py", "rename-local", "", ("find", "row", "record")),
    ],
)
def test_applies_to_own_kind_of_file_only(tmp_path: Path, other: Variation) -> None:
    for name in ("a.py", "a.txt"):
        (tmp_path / name).write_text("def find():\n    row = 1\n")
    (tmp_path / "link.py").symlink_to("a.py")
    assert not other.apply(tmp_path)


def test_file_keeps_its_mode(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_text("#!/usr/bin/env python3\ndef find():\n    row = 1\n")
    path.chmod(0o755)
    assert Variation("a.py", "rename-local", "", ("find", "row", "record")).apply(tmp_path)
    assert path.stat().st_mode & 0o777 == 0o755


@pytest.mark.parametrize(
    "source", [b"def find():\r\n    row = 1\r\n", b"def find(:\n", b"\xff\xfe", DEEP, LATIN]
)
def test_refuses_what_it_cannot_read_for_certain(tmp_path: Path, source: bytes) -> None:
    (tmp_path / "a.py").write_bytes(source)
    assert chosen(tmp_path, 1, 5) == []
    assert not Variation("a.py", "rename-local", "", ("find", "row", "record")).apply(tmp_path)


def test_leaves_tests_migrations_and_generated_files_alone(tmp_path: Path) -> None:
    own = ["app/users.py", "app/latest.py", "src/db/migrate.js", "src/a.mjs"]
    others = [
        *("tests/test_a.py", "app/test_a.py", "app/a_test.py", "app/conftest.py", "a/a.test.js"),
        *("a/a.spec.js", "a/migrations/0001.py", "node_modules/a/a.js", ".venv/a.py", "a/a.min.js"),
        *("src/Shop/Migrations/1.cs", "Shop.Tests/Cart.cs", "src/test/java/CartTest.java"),
        *("package-lock.json", "a/a_pb2.py", "README.md", "a/__pycache__/a.py", ".hidden/a.py"),
    ]
    for each in own + others:
        (tmp_path / each).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / each).write_text("")
    (tmp_path / "app/link.py").symlink_to("users.py")
    assert source_files(tmp_path) == sorted(own)


def test_synonyms_are_free_names() -> None:
    new = {name for others in SYNONYMS.values() for name in others}
    assert {
        name for name in new | SYNONYMS.keys() if not re.fullmatch("[a-z][a-z_]*", name)
    } == set()
    assert {name for name in new if hasattr(builtins, name)} == set()
    assert new & {*keyword.kwlist, *keyword.softkwlist, *RESERVED_IN_JAVASCRIPT} == set()


def test_synonyms_are_others_in_the_same_case() -> None:
    assert all(name not in others for name, others in SYNONYMS.items())
    assert synonyms("row_count", camel=False) == ("affected", "touched")
    assert synonyms("newSlug", camel=True) == ("nextSlug", "chosenSlug")
    assert synonyms("nobodyKnowsThis", camel=True) == ()


PLUGIN = """
from worksample.tasks.variation.kinds.rename_local import RenameLocal
from worksample.tasks.variation.languages import python

class Starlark:
    suffixes = (".star",)
    kinds = {each.id: each for each in python.KINDS if isinstance(each, RenameLocal)}
    def parse(self, source):
        return python.GRAMMAR.parse(source)

LANGUAGE = Starlark()
"""


def test_language_is_one_file(tmp_path: Path) -> None:
    folder = tmp_path / "plugins" / "tasks" / "variation" / "languages"
    folder.mkdir(parents=True)
    (folder / "starlark.py").write_text(PLUGIN)
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "a.star").write_text("def find():\n    row = 1\n")
    script = (
        "import pathlib, random, sys; from worksample.tasks.variation import variations;"
        "found = variations(pathlib.Path(sys.argv[1]), random.Random(1), 1); print(found[0].what)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, tmp_path / "app"],
        env={"WORKSAMPLE_PLUGINS": str(tmp_path / "plugins")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.startswith("rename `row` to "), done.stderr
