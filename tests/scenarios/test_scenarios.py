"""Every scenario, run through the command line, gets the expected report."""

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
from tests.support.machine import OF_THE_MACHINE

CONCURRENT = 6
MAX_MEMORY_MB = 250
UNESCAPED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]|\u202e")
Outcomes = dict[str, Future[Outcome]]
# Those that every `make test` plays: quick ones, of each kind. The others are slow together.
QUICK = {
    "build-fails",
    "correct",
    "counts-by-reading-first",
    "dies-in-the-middle",
    "drops-connections",
    "hostile-text",
    "interrupted-while-asking:ctrl-c",
    "nothing-recognised",
    "selections:stage-1",
    "starts-and-exits",
}


@pytest.fixture(scope="module")
def outcomes(request: pytest.FixtureRequest) -> Iterator[Outcomes]:
    """Start the selected scenarios, some concurrently, because most of them mostly wait."""
    items = [item for item in request.session.items if item.path == request.path]
    names = [item.callspec.params["name"] for item in items if hasattr(item, "callspec")]
    folder = Path(tempfile.mkdtemp(prefix="scenarios-")).resolve()
    folder.chmod(0o755)
    (folder / "cache").mkdir(mode=0o755)
    try:
        with ThreadPoolExecutor(CONCURRENT) as pool:
            yield {name: pool.submit(run, name, folder) for name in dict.fromkeys(names)}
            pool.shutdown(cancel_futures=True)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def run(name: str, folder: Path) -> Outcome:
    """Run one scenario."""
    return Scenario.read(name).run(folder / name.replace(":", "-"), folder / "cache")


def marked(name: str) -> object:
    """Return the parameter of one scenario."""
    return pytest.param(name, marks=() if name in QUICK else [pytest.mark.slow, pytest.mark.alone])


@pytest.mark.timeout(900)
@pytest.mark.parametrize("name", [marked(name) for name in scenarios()])
def test_scenario(name: str, outcomes: Outcomes, record: bool) -> None:
    scenario = Scenario.read(name)
    if scenario.user and os.geteuid() != 0:
        pytest.skip(f"{OF_THE_MACHINE}only root can become {scenario.user}")
    if scenario.user and not shutil.which("setpriv"):
        pytest.skip("setpriv is not here")
    if scenario.needs_address and not has_address(scenario.needs_address):
        pytest.skip(f"{OF_THE_MACHINE}no address {scenario.needs_address}")
    outcome = outcomes[name].result()
    assert_nothing_left_behind(outcome)
    assert outcome.memory < MAX_MEMORY_MB
    assert_output_is_escaped(outcome)
    assert_expected_messages(scenario, outcome)
    found = outcome.record(scenario.records)
    if record:
        text = json.dumps(found, indent=2, ensure_ascii=False, sort_keys=True)
        scenario.expected.write_text(f"{text}\n", encoding="utf-8")
    assert found == json.loads(scenario.expected.read_text())


def test_the_quick_ones_exist() -> None:
    assert set(scenarios()) >= QUICK


def has_address(address: str) -> bool:
    """Return whether a server can listen on `address` on this machine."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    try:
        with socket.socket(family) as probe:
            probe.bind((address, 0))
    except OSError:
        return False
    return True


def assert_nothing_left_behind(outcome: Outcome) -> None:
    """Assert that no process and no temporary folder outlived the runs."""
    assert outcome.left == []
    assert outcome.folders == []


def assert_output_is_escaped(outcome: Outcome) -> None:
    """Assert that output and pages have no raw control characters and no injected script."""
    for each in outcome.ended:
        assert not UNESCAPED.search(each["stdout"] + each["stderr"])
    for page in outcome.pages:
        assert not UNESCAPED.search(page)
        assert "<script>alert" not in page


def assert_expected_messages(scenario: Scenario, outcome: Outcome) -> None:
    """Assert that the output has all sentences of `says` and none of `never_says`."""
    for sentence in scenario.says:
        assert sentence in outcome.printed
    for sentence in scenario.never_says:
        assert sentence not in outcome.printed
