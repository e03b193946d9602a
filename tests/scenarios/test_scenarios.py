"""Every scenario, played as a user would meet it, gets the report that it must get."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import tempfile
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.scenarios._harness.outcome import Outcome
from tests.scenarios._harness.scenario import Scenario, scenarios

AT_ONCE = 6
MOST_MEMORY = 250
RAW = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]|\u202e")
Outcomes = dict[str, Future[Outcome]]


@pytest.fixture(scope="module")
def outcomes(request: pytest.FixtureRequest) -> Iterator[Outcomes]:
    """Begin to play all scenarios that are wanted, some at once; most of them mostly wait."""
    here = [item for item in request.session.items if item.path == request.path]
    wanted = [item.callspec.params["name"] for item in here if hasattr(item, "callspec")]
    room = Path(tempfile.mkdtemp(prefix="scenarios-")).resolve()
    room.chmod(0o755)
    (room / "cache").mkdir(mode=0o755)
    try:
        with ThreadPoolExecutor(AT_ONCE) as pool:
            yield {name: pool.submit(run, name, room) for name in dict.fromkeys(wanted)}
            pool.shutdown(cancel_futures=True)
    finally:
        shutil.rmtree(room, ignore_errors=True)


def run(name: str, room: Path) -> Outcome:
    """Play one scenario."""
    return Scenario.read(name).run(room / name.replace(":", "-"), room / "cache")


@pytest.mark.parametrize("name", scenarios())
def test_scenario(name: str, outcomes: Outcomes, record: bool) -> None:
    scenario = Scenario.read(name)
    if scenario.user and (os.geteuid() != 0 or not shutil.which("setpriv")):
        pytest.skip(f"only root can become {scenario.user}, and needs setpriv (Linux)")
    if scenario.needs_address and not has_address(scenario.needs_address):
        pytest.skip(f"this machine has no {scenario.needs_address}")
    outcome = outcomes[name].result()
    assert_nothing_left_behind(outcome)
    assert outcome.memory < MOST_MEMORY
    assert_output_is_escaped(outcome)
    assert_expected_messages(scenario, outcome)
    found = outcome.record(scenario.records)
    if record:
        text = json.dumps(found, indent=2, ensure_ascii=False, sort_keys=True)
        scenario.expected.write_text(f"{text}\n", encoding="utf-8")
    assert found == json.loads(scenario.expected.read_text())


def has_address(address: str) -> bool:
    """Whether a server can listen on `address` here."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    try:
        with socket.socket(family) as probe:
            probe.bind((address, 0))
    except OSError:
        return False
    return True


def assert_nothing_left_behind(outcome: Outcome) -> None:
    """No process and no folder outlives a run."""
    assert outcome.left == []
    assert outcome.folders == []


def assert_output_is_escaped(outcome: Outcome) -> None:
    """Nothing that a terminal or a browser could obey gets through."""
    for each in outcome.ended:
        assert not RAW.search(each["stdout"] + each["stderr"])
    for page in outcome.pages:
        assert not RAW.search(page)
        assert "<script>alert" not in page


def assert_expected_messages(scenario: Scenario, outcome: Outcome) -> None:
    """What the scenario wants to be said is said, and nothing that must not be."""
    for sentence in scenario.says:
        assert sentence in outcome.printed
    for sentence in scenario.never_says:
        assert sentence not in outcome.printed
