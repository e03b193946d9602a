"""The kind of work `speed-up`, as a learner does it: solved, not solved, solved in wrong ways."""

from __future__ import annotations

import json
import random
import shutil
import signal
import subprocess
from pathlib import Path

import pytest

from tests.support.checking import WHOLE_CHECK, Report, check, verdicts
from tests.support.running import running_process, worksample
from worksample.catalogue import load
from worksample.tasks.naming import task_name
from worksample.tasks.speeding import KIND, slow_mutants

CHALLENGE, STACK = "booking", "python-fastapi"
NO_INDEX, ALL_ROWS = "own-reservations-have-no-index", "all-sailings-are-loaded-for-a-page"
INDEX_CHECK, PAGE_CHECK = "own-reservations-are-found-by-an-index", "a-page-fetches-what-it-shows"
WASTE, ANSWERS, NO_WORSE = (
    "the-waste-is-gone",
    "the-answers-are-the-same",
    "nothing-else-costs-more",
)
MIGRATION, STORE = "booking/migrations/0004_speed.sql", "booking/sailings/store.py"
CACHE = """

_REMEMBERED: dict[tuple[object, ...], SailingsAnswer] = {}
_list_from_database = list_next


async def list_next(  # noqa: F811
    conn: Connection, from_port: str | None, to_port: str | None, limit: int, offset: int
) -> SailingsAnswer:
    key = (from_port, to_port, limit, offset)
    if key not in _REMEMBERED:
        _REMEMBERED[key] = await _list_from_database(conn, from_port, to_port, limit, offset)
    return _REMEMBERED[key]
"""
OPENED = "        await database.open()\n"
READ_ALL = """\
        async with await psycopg.AsyncConnection.connect(settings.database_url) as conn:
            await (await conn.execute("SELECT * FROM sailings")).fetchall()
"""
READ_AT_RELEASE = """
with psycopg.connect(database_url()) as conn:
    conn.execute("SELECT * FROM sailings").fetchall()
"""
SHORTER_LIST = """

_whole_list = list_next


async def list_next(  # noqa: F811
    conn: Connection, from_port: str | None, to_port: str | None, limit: int, offset: int
) -> SailingsAnswer:
    return await _whole_list(conn, from_port, to_port, min(limit, 3), offset)
"""


def seed_of(name: str) -> int:
    """Return the first task seed that plants the mutant called `name`."""
    challenge = load(CHALLENGE)
    mutants = slow_mutants(challenge, challenge.answers("a test"), STACK)
    for seed in range(1000):
        rng = random.Random(task_name(challenge, KIND, STACK, seed))
        if rng.choice(mutants).id == name:
            return seed
    raise AssertionError(name)


def start(name: str, folder: Path) -> Path:
    done = worksample(
        *("start", CHALLENGE, "--kind", KIND, "--stack", STACK),
        *("--seed", str(seed_of(name)), "mine"),
        cwd=folder,
    )
    assert done.returncode == 0, done.stderr
    return folder / "mine"


@pytest.fixture(scope="module")
def without_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return start(NO_INDEX, tmp_path_factory.mktemp("speed"))


@pytest.fixture(scope="module")
def with_all_rows(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return start(ALL_ROWS, tmp_path_factory.mktemp("speed"))


@pytest.fixture
def indexed(without_index: Path, tmp_path: Path) -> Path:
    """Return a new task in which an index is missing."""
    return Path(shutil.copytree(without_index, tmp_path / "mine"))


@pytest.fixture
def paged(with_all_rows: Path, tmp_path: Path) -> Path:
    """Return a new task in which all rows are fetched for a page."""
    return Path(shutil.copytree(with_all_rows, tmp_path / "mine"))


def finding(report: Report, name: str) -> str:
    (found,) = (each for each in report["checks"] if each["id"] == name)
    return str(found["findings"][0]["actual"])


def reverse(task: Path) -> None:
    """Apply the smallest known fix, as `reveal` prints it."""
    shown = worksample("reveal", "--give-up", cwd=task)
    assert shown.returncode == 0, shown.stderr
    patch = shown.stdout[shown.stdout.index("--- a/") :]
    subprocess.run(["git", "apply", "-"], cwd=task, input=patch.encode(), check=True)


def append(path: Path, text: str) -> None:
    with path.open("a") as file:
        file.write(text)


def test_untouched_task_is_rejected_with_a_friendly_word(indexed: Path) -> None:
    done = worksample("check", cwd=indexed)
    assert done.returncode == 1, done.stderr
    assert "nothing is changed yet" in done.stdout
    assert "Read ticket.md" in done.stdout
    assert "percent of the waste gone: 0 of 100" in done.stdout


def test_ticket_names_the_symptom_and_not_the_cause(indexed: Path) -> None:
    text = (indexed / "ticket.md").read_text()
    assert "My list of trips takes as long as if it were everybody's." in text
    assert "80 % of the waste is gone" in text
    assert "index on" not in text


@pytest.mark.slow
@pytest.mark.alone
@pytest.mark.timeout(WHOLE_CHECK)
def test_index_in_a_new_migration_is_accepted(indexed: Path) -> None:
    (indexed / MIGRATION).write_text("CREATE INDEX mine ON reservations (account_id);\n")
    code, report = check(indexed, "--only", INDEX_CHECK)
    assert (code, verdicts(report, "fail")) == (0, set())
    assert report["score"]["value"] >= 80
    assert report["comparison"]["names"] == ["slow", "yours", "good"]
    slow, yours, good = report["comparison"]["rows"][0]["values"]
    assert slow > 1000 > yours >= good


@pytest.mark.slow
@pytest.mark.alone
@pytest.mark.timeout(WHOLE_CHECK)
def test_reverse_patch_is_accepted(indexed: Path) -> None:
    reverse(indexed)
    code, report = check(indexed, "--only", INDEX_CHECK)
    assert (code, verdicts(report, "fail")) == (0, set())
    assert any("it proves nothing" in note for note in report["notes"])


@pytest.mark.slow
@pytest.mark.alone
@pytest.mark.timeout(WHOLE_CHECK)
def test_index_that_does_not_serve_the_query_is_rejected(indexed: Path) -> None:
    statement = "CREATE INDEX mine ON reservations (created_at, account_id);\n"
    (indexed / MIGRATION).write_text(statement)
    code, report = check(indexed, "--only", INDEX_CHECK)
    assert (code, verdicts(report, "fail")) == (1, {WASTE})
    assert "rows that the database reads; a good server:" in finding(report, WASTE)
    assert INDEX_CHECK in verdicts(report, "blocked")
    assert "CREATE INDEX" not in json.dumps(report)


@pytest.mark.slow
@pytest.mark.alone
@pytest.mark.timeout(WHOLE_CHECK)
def test_database_whose_rows_cannot_be_copied_is_measured_with_few(indexed: Path) -> None:
    statement = "ALTER TABLE accounts ADD CHECK (email_key NOT LIKE '%-%');\n"
    index = "CREATE INDEX mine ON reservations (account_id);\n"
    (indexed / MIGRATION).write_text(statement + index)
    code, report = check(indexed, "--only", INDEX_CHECK)
    assert (code, verdicts(report, "fail")) == (0, set())
    assert any("measured with few data" in note for note in report["notes"])


@pytest.mark.slow
@pytest.mark.alone
@pytest.mark.timeout(WHOLE_CHECK)
def test_whole_check_accepts_a_page_cut_by_the_database(paged: Path) -> None:
    reverse(paged)
    code, report = check(paged)
    assert (code, verdicts(report, "fail")) == (0, set())
    assert report["score"]["value"] >= 80


@pytest.mark.slow
@pytest.mark.alone
@pytest.mark.timeout(WHOLE_CHECK)
def test_cache_of_stale_answers_is_rejected(paged: Path) -> None:
    append(paged / STORE, CACHE)
    code, report = check(paged, "--only", PAGE_CHECK)
    assert (code, verdicts(report, "fail")) == (1, {ANSWERS})
    assert finding(report, ANSWERS) == "the same answer as before"


@pytest.mark.slow
@pytest.mark.alone
@pytest.mark.timeout(WHOLE_CHECK)
def test_shorter_list_is_rejected(paged: Path) -> None:
    reverse(paged)
    append(paged / STORE, SHORTER_LIST)
    code, report = check(paged, "--only", PAGE_CHECK)
    assert code == 1
    assert ANSWERS in verdicts(report, "fail")
    assert "with 3 entries" in finding(report, ANSWERS)


@pytest.mark.slow
@pytest.mark.alone
@pytest.mark.timeout(WHOLE_CHECK)
def test_work_done_at_the_start_is_rejected(paged: Path) -> None:
    reverse(paged)
    app = paged / "booking/app.py"
    text = app.read_text()
    assert OPENED in text
    text = text.replace(OPENED, OPENED + READ_ALL, 1)
    app.write_text(text.replace("from fastapi import", "import psycopg\nfrom fastapi import", 1))
    code, report = check(paged, "--only", PAGE_CHECK)
    assert (code, verdicts(report, "fail")) == (1, {NO_WORSE})
    assert "rows that no request asked for" in finding(report, NO_WORSE)


@pytest.mark.slow
@pytest.mark.alone
@pytest.mark.timeout(WHOLE_CHECK)
def test_work_done_at_a_release_is_rejected(paged: Path) -> None:
    reverse(paged)
    append(paged / "booking/migrate.py", READ_AT_RELEASE)
    code, report = check(paged, "--only", PAGE_CHECK)
    assert (code, verdicts(report, "fail")) == (1, {NO_WORSE})
    assert "rows that no request asked for" in finding(report, NO_WORSE)


@pytest.mark.slow
@pytest.mark.alone
@pytest.mark.timeout(WHOLE_CHECK)
def test_server_runs_with_a_large_data_set(indexed: Path) -> None:
    with running_process(["up"], cwd=indexed) as up:
        rows = up.wait_for_line("data ").split()[1]
        assert int(rows.replace(",", "")) > 150_000
        command = up.wait_for_line("curl ")
        assert subprocess.run(command, shell=True, capture_output=True, check=True).stdout
        assert up.stop(signal.SIGINT) == 0
