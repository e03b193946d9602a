"""A toy database on the wire, and a toy service that is none: one plugin file each."""

from __future__ import annotations

import asyncio
import re
import shutil
import sys
import urllib.error
import urllib.request
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from worksample import discovery
from worksample.calibration import Trials, calibrate
from worksample.catalogue.discovery import load_folder
from worksample.catalogue.services import ServiceNeeds
from worksample.errors import UserError
from worksample.grading import NullProgress, RunRequest, running_server
from worksample.services import services
from worksample.stacks import Settings, detect, load_settings
from worksample.targets import Lab, Target
from worksample.wire import FaultScript, Outcome, account
from worksample.wire.faults.cut_before import CutBefore
from worksample.wire.faults.hold import Hold

SUPPORT = Path(__file__).parents[1] / "support"
COUNTER = SUPPORT.parent / "scenarios" / "_catalogue" / "counter"
GET, PUT = 2, 3
TIMEOUT_SECONDS = 60.0
Scene = Callable[[Lab], Awaitable[None]]


@pytest.fixture(autouse=True)
def plugins(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let the toy's plugins be found, and forget them afterwards."""
    folder = SUPPORT / "plugins"
    monkeypatch.setenv(discovery.PLUGINS, str(folder))
    yield
    for name, module in list(sys.modules.items()):
        if str(getattr(module, "__file__", "")).startswith(str(folder)):
            del sys.modules[name]


def run_scene(scene: Scene) -> None:
    async def main() -> None:
        async with (
            asyncio.timeout(TIMEOUT_SECONDS),
            services()["shelf"].start() as server,
            detect(SUPPORT / "apps" / "shelf-notes").build() as built,
            Lab.open(built, [server]) as lab,
        ):
            await scene(lab)

    asyncio.run(main())


class Listener(NullProgress):
    """Receives the events of a run and drops them."""

    def detected(self, *sentences: str, stack: str = "", digest: str = "") -> None:
        pass


async def visit(lab: Lab) -> tuple[int, str]:
    def blocking() -> tuple[int, str]:
        try:
            with urllib.request.urlopen(f"{lab.target.base_url}/attic", timeout=20) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as refused:
            return refused.code, refused.read().decode()

    return await asyncio.to_thread(blocking)


async def stored(lab: Lab) -> list[str]:
    return [row.values["value"] for row in await lab.database.rows_containing("attic")]


def test_trace_shows_the_statements() -> None:
    async def scene(lab: Lab) -> None:
        before = int((await visit(lab))[1])
        async with lab.wire.trace("A") as trace:
            assert await visit(lab) == (200, str(before + 1))
        statements = [str(trip) for trip in trace.trips]
        assert statements[1:] == ["GET attic", f"PUT attic {before + 1}"]
        assert account(trace.trips).writes == 1
        assert trace.trips[PUT - 1].statements[0].shape == "PUT attic ?"
        assert await stored(lab) == [str(before + 1)]
        assert not lab.wire.problems

    run_scene(scene)


def test_fault_cuts_a_statement() -> None:
    async def scene(lab: Lab) -> None:
        before = (await visit(lab))[1]
        async with lab.wire.trace("A", FaultScript({PUT: CutBefore()})) as trace:
            assert await visit(lab) == (503, "no shelf")
        assert trace.trips[-1].outcome is Outcome.LOST
        assert await stored(lab) == [before]
        await lab.restore()
        assert await visit(lab) == (200, str(int(before) + 1))

    run_scene(scene)


def test_held_statement_shows_the_lost_update() -> None:
    async def scene(lab: Lab) -> None:
        before = int((await visit(lab))[1])
        async with lab.wire.trace("A", FaultScript({PUT: Hold()})) as trace:
            first = asyncio.create_task(visit(lab))
            held = await trace.wait_for_step(PUT, unless=first)
            assert held is not None
            second = await visit(lab)
            held.release()
            assert await first == second == (200, str(before + 1))
        assert await stored(lab) == [str(before + 1)]

    run_scene(scene)


def test_terminated_session_ends_the_statement() -> None:
    async def scene(lab: Lab) -> None:
        async with lab.wire.trace("A", FaultScript({GET: Hold()})) as trace:
            request = asyncio.create_task(visit(lab))
            held = await trace.wait_for_step(GET, unless=request)
            assert held is not None
            await lab.database.terminate([held.connection.tracker.session_id])
            assert await request == (503, "no shelf")

    run_scene(scene)


def toy_request(**urls: str) -> RunRequest:
    """Return a request for a run of a workspace that chooses the toy."""
    needs = ServiceNeeds(choices={"database": ("postgres", "shelf")})
    return RunRequest(
        challenge=replace(load_folder(COUNTER), services=needs),
        folder=SUPPORT / "apps" / "shelf-notes",
        settings=Settings(services={"database": "shelf"}),
        service_urls=urls,
    )


def test_rejects_the_address_of_a_service_that_is_not_used() -> None:
    async def main() -> None:
        async with running_server(toy_request(postgres="postgresql://x"), Listener()):
            raise AssertionError("not reached")

    with pytest.raises(UserError, match="for PostgreSQL, but the run uses Shelf"):
        asyncio.run(main())


def test_workspace_chooses_the_toy_for_a_run() -> None:
    request = toy_request()

    async def main() -> None:
        async with asyncio.timeout(TIMEOUT_SECONDS), running_server(request, Listener()) as server:
            assert server.database is not None
            assert server.database.protocol == "shelf"
            assert server.labs is not None
            async with server.labs() as lab:
                assert await visit(lab) == (200, "1")

    assert request.services == ("shelf",)
    asyncio.run(main())


def boxes() -> dict[str, list[str]]:
    """Return the messages in the mailboxes of the run."""
    found: dict[str, list[str]] = vars(services()["mailbox"])["running"].boxes
    return found


def test_lab_has_a_resource_of_every_service() -> None:
    needs = ServiceNeeds(choices={"database": ("shelf",)}, required=("mailbox",))
    request = replace(toy_request(), settings=Settings())
    request = replace(request, challenge=replace(request.challenge, services=needs))

    async def main() -> None:
        async with asyncio.timeout(TIMEOUT_SECONDS), running_server(request, Listener()) as server:
            assert server.services == {"shelf": "1", "mailbox": "7"}
            assert server.database is not None
            assert server.labs is not None
            async with server.labs() as lab:
                await visit(lab)
            [of_server, of_lab] = boxes().values()
            assert set(of_server) == {"home"}  # asked until the server was ready
            assert of_lab[-2:] == ["attic", "(dropped)"]

    asyncio.run(main())


def test_service_that_is_no_database_has_no_labs(tmp_path: Path) -> None:
    (tmp_path / "worksample.toml").write_text('[env]\nPOST = "{mailbox.url}"\n')
    shutil.copy(SUPPORT / "apps" / "stdlib-server" / "server.py", tmp_path / "main.py")
    request = toy_request()
    needs = ServiceNeeds(required=("mailbox",))
    request = replace(
        request,
        challenge=replace(request.challenge, services=needs),
        folder=tmp_path,
        settings=load_settings(tmp_path),
    )

    async def main() -> None:
        async with asyncio.timeout(TIMEOUT_SECONDS), running_server(request, Listener()) as server:
            assert (server.database, server.labs) == (None, None)
            assert isinstance(server.target, Target)
            environment = server.target.environment()
            assert environment["POST"] == environment["MAILBOX_URL"]
            assert environment["POST"].endswith("/box0")

    asyncio.run(main())


def test_calibration_runs_a_solution_on_the_services_that_it_chooses(tmp_path: Path) -> None:
    counter = shutil.copytree(COUNTER, tmp_path / "counter")
    path = counter / "challenge.toml"
    path.write_text(
        re.sub(r"(?m)^services = .*$", "", path.read_text())
        + '[services]\ndatabase = ["mailbox", "shelf"]\n'
    )
    solution = shutil.copytree(SUPPORT / "apps" / "shelf-notes", counter / "solutions" / "shelved")
    (solution / "worksample.toml").write_text('[services]\ndatabase = "shelf"\n')
    trials = Trials(load_folder(counter), only=("a-counter-can-be-made",))
    matrix = asyncio.run(calibrate(trials, lambda trial: None))
    assert (matrix.services, matrix.choices) == (("shelf",), {"shelved": ("shelf",)})
    assert matrix.as_data()["choices"] == {"shelved": ["shelf"]}
    [trial] = matrix.trials
    assert trial.problem == ""
    assert trial.killers == ["a-counter-can-be-made"]
