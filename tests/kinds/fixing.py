"""A task of the kind `fix` whose only ticket is known, and what solves it."""

from __future__ import annotations

import random
import re
from pathlib import Path

from tests.support import checking
from tests.support.checking import Report
from worksample.catalogue import load
from worksample.catalogue.mutants import Mutant
from worksample.tasks.choosing import choose
from worksample.tasks.fixing import fixable
from worksample.tasks.naming import task_name

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


def check(task: Path) -> tuple[int, Report]:
    """Check with what finds the defect; return exit code and report."""
    return checking.check(task, "--only", ",".join(mutant_called(DEFECT).killed_by))


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
