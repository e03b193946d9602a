"""A task that carries a server sealed: what can be seen of it, and what happens if it is broken."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.kinds.test_kinds import run
from tests.support.counters import SCENARIOS
from worksample.catalogue.seal import sealed, unsealed

DEFECT, FILES = "all-is-forgotten", ("server.py", "counters.py", "transactions.py")
PATCH = """\
defect: CWE-404
symptom: After a restart, all counters are gone.
review: {{where: server.py, says: "Counters are kept in memory."}}
killed_by: [counters-are-kept-in-the-database]
---
diff --git a/server.py b/server.py
--- a/server.py
+++ b/server.py
@@ -1,3 +1,3 @@
-from counters import serve
+from counters import Memory, serve
{unchanged}
-serve()
+serve(store=Memory())
""".format(unchanged=" ")
#: Words of the solution and of the defect that no search may find.
WORDS = ("from counters import", "store=Memory", "BaseHTTPRequestHandler", "FOR UPDATE", DEFECT)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the tasks `mine` and `again`, and a catalogue without answers."""
    place = tmp_path_factory.mktemp("made")
    challenge = place / "catalogue" / "counter"
    shutil.copytree(SCENARIOS / "_catalogue", challenge.parent)
    settings = challenge / "challenge.toml"
    settings.write_text(settings.read_text().replace("[kinds.build]", "[kinds.spot]"))
    write_answers(challenge)
    for name in ("mine", "again"):
        catalogue = {"WORKSAMPLE_CHALLENGES": str(challenge.parent)}
        started = run("start", "counter", name, cwd=place, **catalogue)
        assert started.returncode == 0, started.stderr
    shutil.rmtree(challenge / "solutions")
    shutil.rmtree(challenge / "mutants")
    return place


def write_answers(challenge: Path) -> None:
    """Give the challenge a solution and a mutant of it."""
    solution = challenge / "solutions" / "python"
    solution.mkdir(parents=True)
    for each in (SCENARIOS / "correct" / "server.py", *(SCENARIOS / "_service").glob("*.py")):
        shutil.copyfile(each, solution / each.name)
    assert "BaseHTTPRequestHandler" in (solution / "counters.py").read_text()
    (solution / "worksample.toml").write_text(
        f'[run]\ncommand = ["{sys.executable}", "server.py"]\n'
    )
    mutants = challenge / "mutants" / "python"
    mutants.mkdir(parents=True)
    (mutants / f"{DEFECT}.patch").write_text(PATCH)


@pytest.fixture
def task(made: Path, tmp_path: Path) -> Path:
    """Return a workspace that was made from answers which are no longer there."""
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    return tmp_path / "mine"


def check(task: Path, *arguments: str, **extra: str) -> subprocess.CompletedProcess[str]:
    catalogue = str(task.parent / "catalogue")
    return run("check", *arguments, cwd=task, WORKSAMPLE_CHALLENGES=catalogue, **extra)


@pytest.mark.parametrize(
    ("named", "code"),
    [("counters-are-kept-in-the-database", 0), ("a-counter-can-be-made", 1)],
    ids=["defect", "no-defect"],
)
def test_task_is_checked_without_answers_and_nothing_opened_stays(
    task: Path, named: str, code: int
) -> None:
    (task / "checks.txt").write_text(named)
    temporary = task.parent / "tmp"
    temporary.mkdir()
    done = check(task, "--json", TMPDIR=str(temporary))
    assert done.returncode == code, done.stdout + done.stderr
    report = json.loads(done.stdout)
    assert report["score"] == {"name": "checks that it fails", "value": 1 - code, "best": 1}
    assert report["digests"]["task"].startswith("sha256:")
    assert not list(temporary.rglob("server.py"))


def git(*arguments: str, cwd: Path) -> bytes:
    identity = ("-c", "user.name=a", "-c", "user.email=a@example.org")
    command = ["git", *identity, *arguments]
    return subprocess.run(command, cwd=cwd, capture_output=True, check=True).stdout


def test_no_search_finds_solution_defect_or_file_name(task: Path) -> None:
    git("init", "--quiet", cwd=task)
    git("add", ".", cwd=task)
    git("commit", "--quiet", "--message", "Begin", cwd=task)
    history = git("log", "--patch", "--text", cwd=task)
    assert b"worksample-seal" in history
    names = {path.name for path in task.iterdir()}
    assert names == {".git", "checks.txt", "server.sealed", "worksample.toml"}
    for word in (*WORDS, *FILES):
        searched = ["grep", "--recursive", "--text", "--fixed-strings", word, "."]
        found = subprocess.run(searched, cwd=task, capture_output=True)
        assert (found.returncode, found.stdout) == (1, b""), word
        assert word.encode() not in history
        assert word not in git("ls-tree", "-r", "--name-only", "HEAD", cwd=task).decode()


def test_archive_carries_the_sealed_task(task: Path) -> None:
    (task / "checks.txt").write_text("counters-are-kept-in-the-database")
    of_folder = json.loads(check(task, "--json").stdout)
    catalogue = str(task.parent / "catalogue")
    packed = run("archive", "--out", "../x.tar.gz", cwd=task, WORKSAMPLE_CHALLENGES=catalogue)
    assert packed.returncode == 0, packed.stderr
    of_archive = json.loads(check(task, "../x.tar.gz", "--json").stdout)
    assert of_folder["verdict"] == of_archive["verdict"] == "accepted"
    assert of_folder["digests"] == of_archive["digests"]


def change_two_lines(path: Path) -> None:
    lines = path.read_text().splitlines()
    lines[6], lines[9] = lines[6][:-5] + "AAAAA", lines[9].lower()
    path.write_text("\n".join(lines) + "\n")


def seal_for_other_task(path: Path) -> None:
    path.write_text(sealed(unsealed(path, "counter spot"), "counter spot 2"))


@pytest.mark.parametrize(
    ("break_it", "said"),
    [
        (change_two_lines, ["7: was changed", "10: was changed"]),
        (
            seal_for_other_task,
            ["2: the seal was made for the task `counter spot 2`, and this one is `counter spot`"],
        ),
        (Path.unlink, ["1: is missing"]),
    ],
    ids=["edited", "other-task", "missing"],
)
def test_broken_seal_is_told_with_file_and_line(
    task: Path, break_it: Callable[[Path], object], said: list[str]
) -> None:
    break_it(task / "server.sealed")
    done = check(task)
    assert done.returncode == 2, done.stdout + done.stderr
    for each in said:
        assert f"{task}/server.sealed:{each}" in done.stderr
    assert done.stderr.count("server.sealed:") == len(said)
    assert "Traceback" not in done.stderr
    assert "`worksample start`" in done.stderr


def test_same_task_has_the_same_bytes(made: Path) -> None:
    one, other = (made / name / "server.sealed" for name in ("mine", "again"))
    assert one.read_bytes() == other.read_bytes()
