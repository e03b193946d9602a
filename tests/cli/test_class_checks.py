"""`worksample check DIR... --csv FILE`, as a teacher with a class runs it."""

from __future__ import annotations

import csv
import subprocess
from pathlib import Path

import pytest

from tests.support import reports
from tests.support.counters import ENVIRONMENT, counter_workspace
from tests.support.running import worksample
from worksample.cli._class_checks import Row, _table_file
from worksample.reports.support.standing import Standing, standing_of

COLUMNS = [
    "folder",
    "verdict",
    "highest stage done",
    "passed",
    "failed",
    "blocked",
    "first cause",
    "report",
]


def check(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return worksample("check", *words, cwd=folder, env=ENVIRONMENT)


def rows_of(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the work of three people, of which one has no worksample.toml."""
    folder = tmp_path_factory.mktemp("course")
    counter_workspace("correct", folder / "ann")
    counter_workspace("keeps-in-memory", folder / "ben")
    (folder / "cem").mkdir()
    (folder / "dan.txt").write_text("late")
    return folder


def test_judges_all_folders_and_writes_a_row_for_each(course: Path) -> None:
    names = ["ann", "cem", "dan.txt", "nobody", "ben"]
    done = check(course, *names, "--csv", "class.csv")
    assert done.returncode == 1, done.stdout + done.stderr
    head, *rows = rows_of(course / "class.csv")
    assert head == COLUMNS
    found = {row[0]: dict(zip(COLUMNS, row, strict=True)) for row in rows}
    assert list(found) == names
    ann, ben = found["ann"], found["ben"]
    assert [ann[name] for name in COLUMNS[1:7]] == ["accepted", "3", "13", "0", "0", ""]
    assert (ben["verdict"], ben["highest stage done"]) == ("rejected", "2")
    assert int(ben["failed"]) > 0
    assert ben["first cause"]
    for each in (ann, ben):
        assert each["report"].startswith(f"{each['folder']}/.worksample/runs/")
        assert (course / each["report"]).read_bytes().startswith(b"<!doctype html>")
    assert "<title>Rejected: " in (course / ben["report"]).read_text(encoding="utf-8")
    assert [found[name]["verdict"] for name in names[1:4]] == ["not checked"] * 3
    assert "cem is not a workspace" in found["cem"]["first cause"]
    assert "dan.txt" in found["dan.txt"]["first cause"]
    assert "There is no folder nobody." in found["nobody"]["first cause"]
    assert "ann (1 of 5)" in done.stderr
    assert "Table: class.csv" in done.stderr
    assert done.stdout.splitlines()[0].split() == [
        "folder",
        "verdict",
        "stage",
        "done",
        *COLUMNS[3:6],
    ]
    assert f"ben: {ben['first cause'][:30]}" in done.stdout


def test_exits_with_0_if_all_are_accepted(course: Path) -> None:
    done = check(course, "ann", "--csv", "one.csv", "--no-html", "--stage", "1")
    assert done.returncode == 0, done.stdout + done.stderr
    _, row = rows_of(course / "one.csv")
    assert row[:4] == ["ann", "accepted", "1", "5"]
    assert row[-1].endswith("/report.json")
    assert (course / row[-1]).is_file()


def test_prints_table_without_csv(course: Path) -> None:
    done = check(course, "cem", "nobody")
    assert done.returncode == 1
    assert [line.split()[0] for line in done.stdout.splitlines()[:3]] == ["folder", "cem", "nobody"]
    assert "To fix first" in done.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["ann", "cem", "--watch"], "go without --watch"),
        (["ann", "cem", "--url", "http://127.0.0.1:1"], "go without --watch, --url"),
        (["ann", "--csv", "x.csv", "--json"], "other forms of a report"),
        (["ann", "--csv", "no/such/x.csv"], "x.csv cannot be written"),
        (["ann", "--csv", "."], "is a directory"),
        (["ann", "cem", "--challenge", "x"], "There is no challenge called 'x'"),
        (["ann", "cem", "--challenge", "counter", "--only", "secutity"], "Did you mean security?"),
        (["ann", "cem", "--stage", "0"], "is not in the range"),
    ],
)
def test_refuses_what_cannot_be_run_as_given(course: Path, words: list[str], said: str) -> None:
    done = check(course, *words)
    assert done.returncode == 2, done.stdout
    assert said in " ".join(done.stderr.split())
    assert not done.stdout
    assert not (course / "x.csv").exists()


def test_cells_are_one_line_and_no_formulas(tmp_path: Path) -> None:
    standing = Standing("rejected", 0, 1, 2, 3, '=HYPERLINK("http://x")\n\x1b[2J')
    hostile = standing_of(reports.hostile())
    with _table_file(tmp_path / "x.csv") as add:
        add(Row("-1+1", standing))
        add(Row("b", hostile))
        assert len(rows_of(tmp_path / "x.csv")) == 3
    _, first, _ = rows_of(tmp_path / "x.csv")
    assert first[0] == "'-1+1"
    assert first[6].startswith("'=HYPERLINK")
    text = (tmp_path / "x.csv").read_text(encoding="utf-8")
    assert len(text.splitlines()) == 3
    assert "\x1b" not in text
