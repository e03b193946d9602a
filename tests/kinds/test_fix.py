"""The kind of work `fix`, as a learner does it: solved, not solved, and solved in wrong ways."""

from __future__ import annotations

import json
import random
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.support.running import worksample
from worksample.catalogue import load
from worksample.catalogue.mutants import Mutant
from worksample.tasks.choosing import choose
from worksample.tasks.fixing import fixable
from worksample.tasks.naming import task_name

#: Seconds for a whole check, on a busy machine.
WHOLE_CHECK = 600.0
CHALLENGE, STACK = "booking", "python-fastapi"
DEFECT = "anybody-reads-a-reservation"
READING, TESTS = "booking/reservations/reading.py", "tests/test_booking.py"
REGRESSION_TEST = """

def test_stranger_cannot_read_a_reservation() -> None:
    async def story(client: httpx.AsyncClient) -> None:
        operator = await sign_up(client, operatorCode=SETTINGS.operator_code)
        owner, stranger = await sign_up(client), await sign_up(client)
        held = (await owner.reserve(await open_sailing(operator, 1), 1)).json()["reservation"]
        answer = await client.get(f"/reservations/{held['id']}", headers=stranger.headers)
        assert answer.status_code == 403

    in_app(story)
"""
SOURCE_TEST = """

def test_source_compares_the_owner() -> None:
    from pathlib import Path

    assert "is not yours" in Path("booking/reservations/reading.py").read_text()
"""
IMPORT_TEST = """

def test_owner_is_compared() -> None:
    from booking.reservations.reading import is_owned_by

    assert not is_owned_by({"account_id": 1}, 2)
"""
LENIENT_TEST = """

def test_reservation_can_be_asked_for() -> None:
    async def story(client: httpx.AsyncClient) -> None:
        assert (await client.get("/reservations/1")).status_code < 500

    in_app(story)
"""


#: It fails at every second run of the tests: they count themselves in a file.
UNSTEADY_TEST = """

def test_reads_a_reservation_sometimes() -> None:
    from pathlib import Path

    count = Path("COUNT")
    runs = int(count.read_text()) if count.exists() else 0
    count.write_text(str(runs + 1))

    async def story(client: httpx.AsyncClient) -> None:
        operator = await sign_up(client, operatorCode=SETTINGS.operator_code)
        owner, stranger = await sign_up(client), await sign_up(client)
        held = (await owner.reserve(await open_sailing(operator, 1), 1)).json()["reservation"]
        answer = await client.get(f"/reservations/{held['id']}", headers=stranger.headers)
        assert answer.status_code == 403
        assert runs != 1

    in_app(story)
"""
ROUGH_TESTS = """

def test_wants_the_network() -> None:
    import urllib.request

    urllib.request.urlopen("http://a-host-of-the-internet.invalid/", timeout=5)


def test_prints_for_ever() -> None:
    for _ in range(300):
        print("x" * 1_000_000)


def test_leaves_a_process() -> None:
    import subprocess

    subprocess.Popen(["sleep", "SECONDS"], start_new_session=True)
"""
#: A test that looks like a client without a name, and what tells such clients in the server.
SLY_TEST = REGRESSION_TEST.replace(
    "        operator =", "        client.headers['user-agent'] = ''\n        operator =", 1
)
NAMES_CLIENT = """

def names_client() -> bool:
    import sys

    frame = sys._getframe()
    while frame is not None:
        scope = frame.f_locals.get("scope")
        if isinstance(scope, dict) and "headers" in scope:
            return bool(dict(scope["headers"]).get(b"user-agent"))
        frame = frame.f_back
    return False
"""


def mutant_called(name: str) -> Mutant:
    mutants = load(CHALLENGE).answers("a test").mutants(STACK)
    return next(each for each in mutants if each.id == name)


def seed_of(name: str) -> int:
    """Return the first task seed whose only defect is the mutant called `name`."""
    challenge = load(CHALLENGE)
    answers = challenge.answers("a test")
    mutants = fixable(challenge, answers, STACK)
    for seed in range(10_000):
        rng = random.Random(task_name(challenge, "fix", STACK, seed))
        if [each.id for each in choose(mutants, rng)] == [name]:
            return seed
    raise AssertionError(name)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("fix")
    seed = str(seed_of(DEFECT))
    done = worksample(
        *("start", CHALLENGE, "--kind", "fix", "--stack", STACK, "--seed", seed, "mine"), cwd=place
    )
    assert done.returncode == 0, done.stderr
    assert f"mine is ready: Booking: seats on a ferry, in {STACK}, task {seed}." in done.stdout
    return place / "mine"


@pytest.fixture
def task(made: Path, tmp_path: Path) -> Path:
    """Return a new task whose only ticket is that anyone reads a reservation."""
    shutil.copytree(made, tmp_path / "mine")
    return tmp_path / "mine"


def check(task: Path, *arguments: str) -> tuple[int, dict[str, Any]]:
    """Check with what finds the defect, or as `arguments` say; return exit code and report."""
    only = arguments or ("--only", ",".join(mutant_called(DEFECT).killed_by))
    done = worksample("check", "--json", *only, cwd=task, timeout=WHOLE_CHECK)
    assert done.stdout, done.stderr
    report: dict[str, Any] = json.loads(done.stdout)
    return done.returncode, report


def failed(report: dict[str, Any]) -> dict[str, str]:
    """Return what the first finding of each failed check says, by check id."""
    return {
        each["id"]: f"{each['findings'][0]['expected']}: {each['findings'][0]['actual']}"
        for each in report["checks"]
        if each["verdict"] == "fail"
    }


def mend(task: Path, then: str = 'raise refusals.forbidden("reservation", "is not yours")') -> None:
    """Compare the owner again, in other words than the reference; do `then` with strangers."""
    path = task / READING
    text = path.read_text()
    imported = "from booking.http.refusals import"
    text = text.replace(imported, f"from booking.http import refusals\n{imported}", 1)
    missing = re.search(r"""raise not_found\(["']reservation["']\)\n""", text)
    row = re.search(r"(\w+) = await \w+\.fetchone\(\)", text)
    assert missing is not None and row is not None, text
    act = then.replace("ROW", row[1])
    guard = f'    if {row[1]}["account_id"] != account_id:\n        {act}\n'
    path.write_text(text[: missing.end()] + guard + text[missing.end() :])


def append(task: Path, text: str) -> None:
    with (task / TESTS).open("a") as file:
        file.write(text)


@pytest.fixture
def mended(task: Path) -> Path:
    mend(task)
    return task


def test_untouched_task_is_rejected_with_a_friendly_word(task: Path) -> None:
    done = worksample("check", cwd=task)
    assert done.returncode == 1, done.stderr
    assert "NOT YET" in done.stdout
    assert "nothing is changed yet" in done.stdout
    assert "Begin with tickets/1.md" in done.stdout
    assert "tickets solved: 0 of 1" in done.stdout


def test_fix_with_regression_test_is_accepted(mended: Path) -> None:
    append(mended, REGRESSION_TEST)
    code, report = check(mended)
    assert (code, failed(report)) == (0, {})
    assert report["score"] == {"name": "tickets solved", "value": 1, "best": 1}
    assert any("smallest known one changes" in note for note in report["notes"])


@pytest.mark.slow
@pytest.mark.timeout(WHOLE_CHECK)
def test_right_answer_is_accepted_by_the_whole_check_and_revealed_then(mended: Path) -> None:
    early = worksample("reveal", cwd=mended)
    assert early.returncode == 2
    assert "is not accepted yet" in early.stderr
    append(mended, REGRESSION_TEST)
    code, report = check(mended, "--seed", "1")
    assert (code, failed(report)) == (0, {})
    shown = worksample("reveal", cwd=mended)
    assert shown.returncode == 0, shown.stderr
    assert mutant_called(DEFECT).review_says in " ".join(shown.stdout.split())
    assert f"+++ b/{READING}" in shown.stdout
    code, report = check(mended)
    assert not any("proves nothing" in note for note in report["notes"])


def test_fix_without_regression_test_is_rejected(mended: Path) -> None:
    code, report = check(mended)
    assert code == 1
    assert list(failed(report)) == ["ticket-1-has-a-regression-test"]
    assert "fails without it" in failed(report)["ticket-1-has-a-regression-test"]


@pytest.mark.slow
def test_regression_test_without_fix_is_rejected(task: Path) -> None:
    append(task, REGRESSION_TEST)
    code, report = check(task)
    assert code == 1
    assert {"the-own-tests-pass", *mutant_called(DEFECT).killed_by} <= set(failed(report))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "why"),
    [
        (SOURCE_TEST, "it depends on how your code is written"),
        (LENIENT_TEST, "tests that pass with your fix fails without it"),
    ],
)
def test_test_that_proves_nothing_is_told_why(mended: Path, text: str, why: str) -> None:
    append(mended, text)
    code, report = check(mended)
    assert code == 1
    assert why in failed(report)["ticket-1-has-a-regression-test"]


@pytest.mark.slow
def test_test_that_fails_every_second_time_proves_nothing(mended: Path, tmp_path: Path) -> None:
    append(mended, UNSTEADY_TEST.replace("COUNT", str(tmp_path / "count")))
    code, report = check(mended)
    assert code == 1
    assert list(failed(report)) == ["ticket-1-has-a-regression-test"]
    assert any("passed once and failed once on your server" in each for each in report["notes"])


@pytest.mark.slow
def test_tests_that_want_the_network_or_leave_processes_do_no_harm(mended: Path) -> None:
    seconds = str(random.randrange(10**8, 10**9))
    append(mended, REGRESSION_TEST)
    append(mended, ROUGH_TESTS.replace("SECONDS", seconds))
    code, report = check(mended)
    assert code == 1
    assert list(failed(report)) == ["the-own-tests-pass"]
    (own,) = [each for each in report["checks"] if each["id"] == "the-own-tests-pass"]
    (finding,) = own["findings"]
    assert finding["actual"].startswith("1 of ")
    assert "test_wants_the_network" in finding["details"][0]
    assert len(json.dumps(report)) < 1_000_000
    running = subprocess.run(["pgrep", "-f", f"sleep {seconds}"], capture_output=True)
    assert running.returncode == 1


@pytest.mark.slow
def test_fix_for_requests_that_name_no_client_is_rejected(mended: Path) -> None:
    path = mended / READING
    guard = '["account_id"] != account_id:'
    text = path.read_text()
    assert text.count(guard) == 1
    sly = text.replace(guard, f"{guard[:-1]} and not names_client():")
    path.write_text(sly + NAMES_CLIENT)
    append(mended, SLY_TEST)
    code, report = check(mended)
    assert code == 1
    assert set(mutant_called(DEFECT).killed_by) <= set(failed(report))
    assert "ticket-1-has-a-regression-test" not in failed(report)


@pytest.mark.slow
def test_test_that_needs_the_fix_to_be_imported_is_told(mended: Path) -> None:
    path = mended / READING
    path.write_text(
        path.read_text()
        + "\n\ndef is_owned_by(row: dict[str, int], account_id: int) -> bool:\n"
        + '    return row["account_id"] == account_id\n'
    )
    append(mended, IMPORT_TEST)
    code, report = check(mended)
    assert code == 1
    assert "ticket-1-has-a-regression-test" in failed(report)


@pytest.mark.slow
def test_deleted_feature_is_no_fix(task: Path) -> None:
    routes = task / "booking/reservations/routes.py"
    text = routes.read_text()
    assert "@router.get" in text
    routes.write_text(text.replace("@router.get", "@router.patch"))
    append(task, REGRESSION_TEST.replace("== 403", "!= 200"))
    code, report = check(task, "--stage", "4", "--only", "behaviour")
    assert code == 1
    others = set(failed(report)) - {"the-own-tests-pass", "ticket-1-has-a-regression-test"}
    assert others


@pytest.mark.slow
def test_fix_of_the_symptom_alone_is_rejected(task: Path) -> None:
    mend(task, 'return Reservation.of({**ROW, "total": 0})')
    shown = "json()['reservation']['total'] == 0"
    append(task, REGRESSION_TEST.replace("status_code == 403", shown))
    code, report = check(task)
    assert code == 1
    assert {*mutant_called(DEFECT).killed_by, "ticket-1-has-a-regression-test"} <= {*failed(report)}
    assert "the-own-tests-pass" not in failed(report)


@pytest.mark.slow
def test_deleted_tests_are_no_tests(mended: Path) -> None:
    shutil.rmtree(mended / "tests")
    code, report = check(mended)
    assert code == 1
    assert "the-own-tests-pass" in failed(report)


@pytest.mark.slow
@pytest.mark.parametrize("spoil", ["amend", "remove"])
def test_rewritten_history_changes_nothing(mended: Path, spoil: str) -> None:
    append(mended, REGRESSION_TEST)
    if spoil == "remove":
        shutil.rmtree(mended / ".git")
    else:
        author = ("-c", "user.name=Me", "-c", "user.email=me@example.com")
        subprocess.run(["git", *author, "commit", "-qam", "All", "--amend"], cwd=mended, check=True)
    code, report = check(mended)
    assert (code, failed(report)) == (0, {})


@pytest.mark.slow
def test_giving_up_is_written_down(mended: Path) -> None:
    shown = worksample("reveal", "--give-up", cwd=mended)
    assert shown.returncode == 0, shown.stderr
    code, report = check(mended)
    assert code == 1
    assert any("it proves nothing" in note for note in report["notes"])


@pytest.mark.slow
def test_packed_task_is_opened_without_answers(tmp_path: Path) -> None:
    seed = str(seed_of(DEFECT))
    made = ("start", CHALLENGE, "--kind", "fix", "--stack", STACK, "--seed", seed)
    packed = worksample(*made, "--pack", "for-ann.task", cwd=tmp_path)
    assert packed.returncode == 0, packed.stderr
    opened = worksample("start", "for-ann.task", cwd=tmp_path)
    assert opened.returncode == 0, opened.stderr
    assert "for-ann is ready: Booking: seats on a ferry." in opened.stdout
    assert "less backlog.md" in opened.stdout
    assert (tmp_path / "for-ann" / "tickets" / "1.md").is_file()
    done = worksample("check", "for-ann", cwd=tmp_path)
    assert (done.returncode, "nothing is changed yet" in done.stdout) == (1, True)


@pytest.mark.parametrize("content", [b"", b"# v2 git bundle\n", b"not a task\n"])
def test_file_that_is_no_packed_task_is_told(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "some.task").write_bytes(content)
    done = worksample("start", "some.task", "mine", cwd=tmp_path)
    assert done.returncode == 2
    assert "some.task is not a packed task." in done.stderr
    assert not (tmp_path / "mine").exists()


def test_kind_without_repository_is_not_packed(tmp_path: Path) -> None:
    done = worksample("start", CHALLENGE, "--stack", STACK, "--pack", "some.task", cwd=tmp_path)
    assert done.returncode == 2
    assert "has no tasks to pack" in done.stderr


def test_stack_must_be_named_and_known(tmp_path: Path) -> None:
    def start(*more: str) -> subprocess.CompletedProcess[str]:
        return worksample("start", CHALLENGE, "--kind", "fix", *more, "mine", cwd=tmp_path)

    assert "available: node-express, python-fastapi" in start().stderr
    assert "has no repository in 'perl'" in start("--stack", "perl").stderr
    assert not (tmp_path / "mine").exists()


@pytest.mark.slow
def test_later_build_says_that_a_task_was_opened(tmp_path: Path) -> None:
    state = {"XDG_STATE_HOME": str(tmp_path / "state")}
    make = ("start", CHALLENGE, "--stack", STACK)
    assert worksample(*make, "server", cwd=tmp_path, env=state).returncode == 0
    only = ("check", "server", "--json", "--stage", "1", "--only", "contract")
    told = "was opened on this machine on"
    before = worksample(*only, cwd=tmp_path, env=state)
    assert before.stdout and told not in before.stdout
    assert worksample(*make, "--kind", "fix", "task", cwd=tmp_path, env=state).returncode == 0
    assert told in worksample(*only, cwd=tmp_path, env=state).stdout
