"""The kind of work `test`, as a learner does it: with good tests, with none, and with bad ones."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.support.checking import WHOLE_CHECK, check, failed
from tests.support.running import worksample

CHALLENGE, STACK, SEED = "booking", "python-fastapi", "7"
GOOD_TESTS = Path(__file__).parents[1] / "support" / "apps" / "booking-tests" / "tests"
PLANTED, NEEDED = 20, 14
PASSES_ALWAYS = """
def test_server_answers(client):
    assert client.get("/sailings").status_code < 500
"""
ASKS_FOR_MORE = """
def test_list_of_sailings_says_who_made_it(client):
    assert "made_by" in client.get("/sailings").json()
"""
FLAKY = """
import os

def test_home_folder_is_lucky(client):
    assert sum(os.urandom(64)) % 2 == client.get("/sailings").json()["sailingsCount"]
"""
ORDERED = """
import os

def test_first(client):
    os.environ["SEEN"] = client.get("/sailings").text

def test_second(client):
    assert os.environ["SEEN"] == client.get("/sailings").text
"""
OF_ONE_STACK = """
def test_kind_is_that_of_the_own_server(client):
    kind = client.get("/sailings").headers["Content-Type"]
    assert kind == "application/json"
"""
LOOKS_AT_FILES = """
import os
import re
from pathlib import Path

def server_folder():
    port = int(os.environ["BASE_URL"].rsplit(":", 1)[1])
    listening = re.compile(rf"^ *\\d+: [0-9A-F]+:{port:04X} \\S+ 0A (?:\\S+ +){{5}}(\\d+)", re.M)
    [inode] = listening.findall(Path("/proc/net/tcp").read_text())[:1]
    for each in Path("/proc").glob("[0-9]*/fd/*"):
        try:
            if os.readlink(each) == f"socket:[{inode}]":
                return Path(os.readlink(each.parents[1] / "cwd"))
        except OSError:
            continue

def test_source_compares_the_owner(client):
    found = [each.read_text() for each in server_folder().rglob("booking/reservations/*.py")]
    assert any("forbidden(" in text for text in found)
"""
HANGS = """
import time

def test_patience(client):
    time.sleep(3600)
"""
TALKS = """
def test_words(client):
    for _ in range(100):
        print("x" * (1 << 20))
    assert client.get("/sailings").status_code == 0
"""
LEAVES_PROCESSES = """
import subprocess
from pathlib import Path

def test_leaves_a_process(client):
    child = subprocess.Popen(["sleep", "4321.5"], start_new_session=True)
    assert client.get("/sailings").status_code == 0
"""
BREAKS_OFF = """
import os

def test_ends_everything(client):
    os._exit(3)
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("test")
    done = worksample("start", CHALLENGE, "--kind", "test", "--seed", SEED, "mine", cwd=place)
    assert done.returncode == 0, done.stderr
    assert f"in {STACK}, task {SEED}." in done.stdout
    return place / "mine"


@pytest.fixture
def task(made: Path, tmp_path: Path) -> Path:
    """Return a new task for tests of the booking server."""
    shutil.copytree(made, tmp_path / "mine")
    return tmp_path / "mine"


def write(task: Path, code: str) -> None:
    (task / "tests" / "test_mine.py").write_text(code)


def settings(task: Path, table: str) -> None:
    path = task / "worksample.toml"
    head = path.read_text().partition("[test]")[0]
    path.write_text(f"{head}[test]\n{table}\n")


def test_untouched_task_is_rejected_with_a_friendly_word(task: Path) -> None:
    done = worksample("check", cwd=task)
    assert done.returncode == 1, done.stderr
    assert "NOT YET" in done.stdout
    assert "nothing is changed yet" in done.stdout
    assert "Begin with backlog.md" in done.stdout
    assert f"defects found: 0 of {PLANTED}" in done.stdout


def test_task_says_what_is_wanted(task: Path) -> None:
    backlog = " ".join((task / "backlog.md").read_text().split())
    assert f"at least {NEEDED} of {PLANTED} defects" in backlog
    assert "6 hours" in backlog
    shown = b"".join(each.read_bytes() for each in task.rglob("*") if each.is_file())
    for mutant in ("a-page-holds-ten", "only-404-is-expected"):
        assert mutant.encode() not in shown


@pytest.mark.slow
@pytest.mark.timeout(WHOLE_CHECK)
def test_good_tests_are_accepted_and_defects_revealed_then(task: Path) -> None:
    early = worksample("reveal", cwd=task)
    assert early.returncode == 2
    shutil.copytree(GOOD_TESTS, task / "tests", dirs_exist_ok=True)
    code, report = check(task)
    assert (code, failed(report)) == (0, {})
    assert report["score"]["name"] == "defects found"
    assert report["score"]["best"] == PLANTED
    assert report["score"]["value"] >= NEEDED
    assert "the correct servers are node-express and python-fastapi" in report["notes"]
    assert "the tests ran in reverse order, too" in report["notes"]
    shown = worksample("reveal", cwd=task)
    assert shown.returncode == 0, shown.stderr
    assert shown.stdout.count("diff --git") >= PLANTED


@pytest.mark.slow
@pytest.mark.timeout(WHOLE_CHECK)
def test_tests_that_pass_on_everything_find_nothing(task: Path) -> None:
    write(task, PASSES_ALWAYS)
    code, report = check(task)
    assert code == 1
    assert report["score"]["value"] < NEEDED
    assert "tests-find-planted-defects" in failed(report)
    lost = [each for each in failed(report) if each.startswith("defect-")]
    assert len(lost) == PLANTED - report["score"]["value"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("code", "told", "says"),
    [
        (ASKS_FOR_MORE, "tests-pass-on-correct-servers", "made_by"),
        (FLAKY, "tests-come-out-the-same-each-time", "test_home_folder_is_lucky"),
        (ORDERED, "tests-do-not-depend-on-their-order", "test_second"),
        (OF_ONE_STACK, "tests-do-not-depend-on-the-stack", "passes on python-fastapi"),
        (LOOKS_AT_FILES, "tests-do-not-depend-on-the-stack", "fails on node-express"),
    ],
    ids=["asks for more", "flaky", "ordered", "of one stack", "looks at files"],
)
def test_test_that_cannot_be_relied_on_is_named(
    task: Path, code: str, told: str, says: str
) -> None:
    write(task, code)
    ended, report = check(task)
    assert ended == 1
    assert list(failed(report)) == [told]
    assert says in failed(report)[told]
    assert report["score"] is None


@pytest.mark.slow
@pytest.mark.parametrize(
    ("code", "timeout", "says"),
    [
        (HANGS, 3, "not finished after 3 s"),
        (TALKS, 100, "fails on node-express and on python-fastapi: AssertionError"),
        (LEAVES_PROCESSES, 100, "fails on node-express and on python-fastapi: AssertionError"),
        (BREAKS_OFF, 100, "exit code 3"),
    ],
    ids=["hangs", "prints much", "leaves processes", "breaks off"],
)
def test_tests_that_misbehave_are_ended_and_told(
    task: Path, code: str, timeout: int, says: str
) -> None:
    settings(task, f'command = "python -m pytest"\ntimeout = {timeout}')
    write(task, code)
    ended, report = check(task)
    assert ended == 1
    assert says in str(failed(report))
    assert "sleep 4321.5" not in "".join(
        each.read_text(errors="replace").replace("\0", " ")
        for each in Path("/proc").glob("[0-9]*/cmdline")
        if each.exists()
    )


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ("", "does not say how the tests are run"),
        ('command = "hurl {files}"\nfiles = "no/*.hurl"', "no file matches no/*.hurl"),
        ('command = ""', "must be a command"),
        ("comand = 1", "did you mean command?"),
    ],
)
def test_wrong_settings_are_bad_input(task: Path, table: str, says: str) -> None:
    settings(task, table)
    write(task, PASSES_ALWAYS)
    done = worksample("check", cwd=task)
    assert (done.returncode, done.stderr.count("Traceback")) == (2, 0)
    assert says in done.stderr


@pytest.mark.slow
def test_missing_program_is_told(task: Path) -> None:
    settings(task, 'command = "no-such-tool --all"')
    write(task, PASSES_ALWAYS)
    code, report = check(task)
    assert code == 1
    assert "no-such-tool" in str(failed(report))


@pytest.mark.parametrize(
    ("option", "told"),
    [
        (("--stage", "1"), "Check everything: no stage"),
        (("--url", "http://127.0.0.1:9"), "not on one that runs already"),
    ],
)
def test_parts_cannot_be_checked(task: Path, option: tuple[str, str], told: str) -> None:
    done = worksample("check", *option, cwd=task)
    assert done.returncode == 2
    assert told in done.stderr
