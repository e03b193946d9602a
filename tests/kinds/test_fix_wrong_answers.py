"""The kind of work `fix`, solved in wrong ways: each is rejected, and told why."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.kinds.fixing import (
    DEFECT,
    READING,
    REGRESSION_TEST,
    append,
    check,
    mend,
    mutant_called,
)
from tests.support import checking
from tests.support.checking import failed

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
    code, report = checking.check(task, "--stage", "4", "--only", "behaviour")
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
