"""Tests that cannot be relied on or misbehave: each is told, and none harms the check."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.kinds.testing import NEEDED, PLANTED, answer, settings, start, write
from tests.support.checking import WHOLE_CHECK, check, failed
from tests.support.running import worksample
from worksample.sandbox.hiding import can_hide

RIGHT, STEADY = "tests-pass-on-correct-servers", "tests-come-out-the-same-each-time"
ORDER, STACK = "tests-do-not-depend-on-their-order", "tests-do-not-depend-on-the-stack"
PASSES_ALWAYS = """
def test_server_answers(client):
    assert client.get("/sailings").status_code < 500
"""
PASSES_IN_JAVASCRIPT = """
import assert from "node:assert/strict";
import { test } from "node:test";

import { request } from "./client.js";

test("the server answers", async () => assert.ok((await request("GET", "/sailings")).status < 500));
"""
UNRELIABLE = """
import os
import re
import subprocess
import urllib.request
import uuid
from pathlib import Path

import pytest

RAN = Path({ran!r})

def test_list_of_sailings_says_who_made_it(client):
    assert "made_by" in client.get("/sailings").json()

def test_first_run_of_all_is_lucky():
    RAN.open("x").close()

@pytest.fixture(scope="module")
def account(client):
    email = f"{{uuid.uuid4().hex}}@example.com"
    account = {{"name": "Ada", "email": email, "password": "correct horse"}}
    return client.post("/accounts", json={{"account": account}}).json()["account"]

def test_login(client, account):
    body = {{"account": {{"email": account["email"], "password": "correct horse"}}}}
    assert client.post("/login", json=body).status_code == 200

def test_password_of_the_account_of_another_test_is_changed(client, account):
    body = {{"account": {{"password": "another horse"}}}}
    headers = {{"Authorization": "Bearer " + account["token"]}}
    assert client.put("/account", json=body, headers=headers).status_code == 200

def test_kind_is_that_of_the_own_server(client):
    assert client.get("/sailings").headers["Content-Type"] == "application/json"

def test_source_compares_the_owner():
    port = int(os.environ["BASE_URL"].rsplit(":", 1)[1])
    sockets = [each.split() for each in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    [inode] = [each[9] for each in sockets if (each[1][-4:], each[3]) == (f"{{port:04X}}", "0A")]
    servers = [
        Path(os.readlink(each.parents[1] / "cwd"))
        for each in Path("/proc").glob("[0-9]*/fd/*")
        if each.is_symlink() and os.readlink(each) == f"socket:[{{inode}}]"
    ]
    assert servers, "no process listens there"
    found = [each.read_text() for each in servers[0].rglob("booking/reservations/*.py")]
    assert any("forbidden(" in text for text in found)

def test_hidden_folder_is_uncovered():
    mounts = Path("/proc/self/mountinfo").read_text()
    [place] = re.findall(r" (\\S*/worksample-opened\\S*) ", mounts)
    subprocess.run(["umount", place])
    assert list(Path(place).iterdir()), "nothing is there"

def test_clock_of_somebody_else():
    urllib.request.urlopen("http://time.example.invalid", timeout=5)

def test_talks(client):
    for _ in range(32):
        print("x" * (1 << 20))
    assert client.get("/sailings").status_code == 0

def test_leaves_a_process(client):
    subprocess.Popen(["sleep", "4321.5"], start_new_session=True)
    assert client.get("/sailings").status_code == 0
"""
HANGS = """
import time

def test_patience(client):
    time.sleep(3600)
"""
BREAKS_OFF = """
import os

def test_ends_everything(client):
    os._exit(3)
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return start(tmp_path_factory.mktemp("test"))


@pytest.fixture
def task(made: Path, tmp_path: Path) -> Path:
    """Return a new task for tests of the booking server."""
    shutil.copytree(made, tmp_path / "mine")
    return tmp_path / "mine"


@pytest.fixture(scope="module")
def unreliable(made: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Return the report of one task that has every kind of unreliable test."""
    place = tmp_path_factory.mktemp("unreliable")
    shutil.copytree(made, place / "mine")
    write(place / "mine", UNRELIABLE.format(ran=str(place / "ran")))
    code, report = check(place / "mine")
    assert code == 1
    return report


@pytest.mark.slow
@pytest.mark.timeout(WHOLE_CHECK)
@pytest.mark.parametrize(
    ("name", "told", "says"),
    [
        ("test_list_of_sailings_says_who_made_it", RIGHT, "on node-express and on python-fastapi"),
        ("test_talks", RIGHT, "on node-express and on python-fastapi: AssertionError"),
        ("test_leaves_a_process", RIGHT, "on node-express and on python-fastapi: AssertionError"),
        ("test_clock_of_somebody_else", RIGHT, "urllib.error.URLError"),
        ("test_first_run_of_all_is_lucky", STEADY, "passes and fails on"),
        ("test_login", ORDER, "fails in another order on"),
        ("test_kind_is_that_of_the_own_server", STACK, "passes on python-fastapi"),
    ],
)
def test_test_that_cannot_be_relied_on_is_named(
    unreliable: dict[str, Any], name: str, told: str, says: str
) -> None:
    assert list(failed(unreliable)) == [RIGHT, STEADY, ORDER, STACK]
    [check] = [each for each in unreliable["checks"] if each["id"] == told]
    [finding] = check["findings"]
    [line] = [each for each in (finding["actual"], *finding["details"]) if f".{name} " in each]
    assert says in line


@pytest.mark.slow
@pytest.mark.timeout(WHOLE_CHECK)
@pytest.mark.skipif(not can_hide(), reason="needs namespaces")
@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("test_source_compares_the_owner", "no process listens there"),
        ("test_hidden_folder_is_uncovered", "nothing is there"),
    ],
)
def test_test_that_looks_at_the_server_sees_nothing(
    unreliable: dict[str, Any], name: str, says: str
) -> None:
    test_test_that_cannot_be_relied_on_is_named(unreliable, name, RIGHT, says)
    [finding] = next(each for each in unreliable["checks"] if each["id"] == RIGHT)["findings"]
    assert "through BASE_URL alone" in finding["hint"]


@pytest.mark.slow
@pytest.mark.timeout(WHOLE_CHECK)
def test_what_tests_leave_behind_is_ended_and_nothing_is_lost(
    unreliable: dict[str, Any], made: Path
) -> None:
    assert unreliable["score"] is None
    assert not _running("sleep 4321.5")


@pytest.mark.slow
@pytest.mark.timeout(WHOLE_CHECK)
@pytest.mark.parametrize(
    ("command", "timeout", "code", "says"),
    [
        ("python -m pytest", 3, HANGS, "not finished after 3 s"),
        ("python -m pytest", 60, BREAKS_OFF, "exit code 3"),
        ("no-such-tool --all", 60, PASSES_ALWAYS, "no-such-tool"),
    ],
    ids=["hangs", "breaks off", "missing"],
)
def test_command_that_does_not_end_well_is_told(
    task: Path, command: str, timeout: int, code: str, says: str
) -> None:
    settings(task, f'command = "{command}"\ntimeout = {timeout}')
    write(task, code)
    ended, report = check(task)
    assert ended == 1
    assert says in str(failed(report))
    assert (task / "tests" / "test_mine.py").read_text() == code


@pytest.mark.slow
@pytest.mark.timeout(WHOLE_CHECK)
def test_tests_that_pass_on_everything_find_nothing(tmp_path: Path) -> None:
    task = start(tmp_path, stack="node-express")
    answer(task, "booking-tests-node")
    (task / "test" / "accounts.test.js").unlink()
    (task / "test" / "sailings.test.js").write_text(PASSES_IN_JAVASCRIPT)
    (task / "test" / "more.test.js").write_text(PASSES_IN_JAVASCRIPT)
    settings(task, 'command = "node --test {files}"\nfiles = "test/*.test.js"')
    code, report = check(task)
    assert code == 1
    assert report["score"]["value"] < NEEDED
    assert "the tests ran in reverse order, too" in report["notes"]
    lost = [each for each in failed(report) if each.startswith("defect-")]
    assert len(lost) == PLANTED - report["score"]["value"]


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


def _running(command: str) -> bool:
    return command in "".join(
        each.read_text(errors="replace").replace("\0", " ")
        for each in Path("/proc").glob("[0-9]*/cmdline")
        if each.exists()
    )
