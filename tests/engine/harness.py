"""`EngineHarness`: a fake target, a fake client and one-line checks to test the engine alone."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from worksample.checks import (
    BRIEF,
    Aspect,
    Check,
    CheckContext,
    CheckFailed,
    CheckResult,
    Contract,
    Engine,
    Finding,
    PreconditionFailed,
    Profile,
    StagedOperation,
)
from worksample.checks.pace import Pace
from worksample.checks.schedule import Schedule
from worksample.errors import StartFailed
from worksample.probes.exchange import Exchange, Request, Response, Trouble
from worksample.probes.http import HttpClient, Session
from worksample.sandbox import Exit
from worksample.stacks import Settings
from worksample.targets import Target

CheckFunction = Callable[["World"], Awaitable[None]]
Responder = Callable[[str], Response | Trouble]
OK_RESPONSE = Response(200, (("Content-Type", "application/json"),), b"{}")


class FakeTarget(Target):
    """A target without a process: `die` ends it, and it restarts at most `starts` times.

    `restarts` counts the attempts to restart it.
    """

    def __init__(self, starts: int = 100) -> None:
        self.ready = ""
        self.built = SimpleNamespace(settings=Settings())  # type: ignore[assignment]
        self.resources = ()
        self.restarts = self.busy = 0
        self.starts = starts
        self._exit: Exit | None = None
        self.log = _NoLog()  # type: ignore[assignment]

    @property
    def base_url(self) -> str:
        """See `Target`; nothing listens there."""
        return "http://127.0.0.1:1"

    @property
    def alive(self) -> bool:
        """See `Target`."""
        return self._exit is None

    @property
    def exit(self) -> Exit | None:
        """See `Target`."""
        return self._exit

    @property
    def wants_cpu(self) -> bool:
        """See `Target`; true as often as `busy` says."""
        self.busy -= 1
        return self.busy >= 0

    def die(self) -> None:
        """End with exit code 3."""
        self._exit = Exit(3, None)

    def printed(self, mark: int = 0, end: int | None = None) -> str:
        """See `Target`."""
        return "last log line"

    async def flush_log(self) -> int:
        """See `Target`."""
        return 0

    async def wait(self, seconds: float) -> Exit | None:
        """See `Target`; an exit is visible at once."""
        return self._exit

    async def stop(self) -> Exit | None:
        """See `Target`."""
        self._exit = Exit(0, None)
        return self._exit

    async def restart(self) -> None:
        """See `Target`."""
        self.restarts += 1
        if self.restarts > self.starts:
            raise StartFailed("the server ended before it was ready (exit code 3)")
        self._exit = None


class LoggingTarget(FakeTarget):
    """A target whose log a test writes."""

    def __init__(self) -> None:
        super().__init__()
        self.log: WrittenLog = WrittenLog()  # type: ignore[assignment]

    def printed(self, mark: int = 0, end: int | None = None) -> str:
        """See `Target`."""
        return self.log.text[mark:end]

    async def flush_log(self) -> int:
        """See `Target`."""
        return self.log.position


class WrittenLog:
    """A log to which a test appends tracebacks of Python."""

    def __init__(self) -> None:
        self.text = ""

    @property
    def position(self) -> int:
        """See `LogFile`."""
        return len(self.text)

    def append(self, *errors: str) -> None:
        """Append a traceback for each error, all raised in line 7."""
        for error in errors:
            self.text += f'Traceback:\n  File "/srv/app.py", line 7, in f\n{error}\n'


class _NoLog:
    position = 0


class FakeClient(HttpClient):
    """Answers every request with `responder(path)`."""

    def __init__(self, responder: Responder) -> None:
        super().__init__("http://127.0.0.1:1")
        self.responder = responder

    def send(self, request: Request, **options: Any) -> Coroutine[Any, Any, Exchange]:
        """See `HttpClient`."""
        return self._answer(request, options.get("record"))

    async def _answer(
        self, request: Request, record: Callable[[Exchange], None] | None
    ) -> Exchange:
        await asyncio.sleep(0)
        result = self.responder(request.target)
        response = result if isinstance(result, Response) else None
        trouble = result if isinstance(result, Trouble) else None
        took = self.limits.timeout if trouble is Trouble.TIMEOUT else 0.0
        exchange = Exchange(request, response, trouble, started=self.clock(), seconds=took)
        if record is not None:
            record(exchange)
        if self.on_exchange is not None:
            self.on_exchange(exchange)
        return exchange


@dataclass(slots=True)
class World:
    """The world of these tests' checks: sends requests and raises what checks raise."""

    context: CheckContext
    session: Session
    rng: random.Random
    on_learn: Callable[[World], None] = lambda world: None
    detours: list[PreconditionFailed] = field(default_factory=list)
    unprepared: list[PreconditionFailed] = field(default_factory=list)
    prepared: Sequence[Any] = ()

    def to_prepare(self, checks: int) -> int:
        """See `checks.World`."""
        return len(self.prepared)

    async def prepare(self, count: int) -> Sequence[Any]:
        """See `checks.World`."""
        return self.prepared[:count]

    async def detect_dialect(self, world: World) -> None:
        """See `checks.World`."""
        self.on_learn(world)

    async def get(self, path: str) -> Exchange:
        """Send GET `path`."""
        return await self.session.exchange(Request("GET", path))

    async def expect(self, path: str) -> None:
        """Send GET `path`; the check fails if there is no response."""
        exchange = await self.get(path)
        if exchange.response is None:
            raise CheckFailed(
                Finding("a response", str(exchange.trouble), exchanges=(exchange,), culprit=0)
            )

    async def expect_ok(self, path: str) -> None:
        """Send GET `path`; the check fails if the response is not 200."""
        exchange = await self.get(path)
        if exchange.status != 200:
            found = str(exchange.status)
            raise CheckFailed(Finding("200", found, exchanges=(exchange,), culprit=0))

    async def require(self, path: str, needs: str) -> None:
        """Send GET `path`; the check is blocked by `needs` if there is no response."""
        try:
            await self.expect(path)
        except CheckFailed as failure:
            raise PreconditionFailed(needs, failure.findings[0]) from None


@dataclass(slots=True)
class EngineHarness:
    """An engine with its checks, target and client; `run` runs all checks.

    The contract has a `GET /ID` for each of `operations`. The plain reads of the paths `unanswered`
    before the run had no answer.
    """

    responder: Responder = lambda path: OK_RESPONSE
    target: FakeTarget = field(default_factory=FakeTarget)
    checks: list[Check] = field(default_factory=list)
    width: int = 12
    listener: Any = None
    labs: Any = None
    detect_dialect: Callable[[World], None] = lambda world: None
    prepared: Sequence[Any] = ()
    notes: list[str] = field(default_factory=list)
    operations: tuple[StagedOperation, ...] = ()
    schedule: Schedule | None = None
    profile: Profile = BRIEF
    pace: Pace = field(default_factory=Pace)
    unanswered: tuple[str, ...] = ()

    def check(
        self,
        name: str,
        check_function: CheckFunction,
        stage: int = 1,
        *,
        alone: bool = False,
        lab: bool = False,
        clause: str = "",
        rules: tuple[tuple[str, str], ...] = (),
    ) -> None:
        """Add a check with this id and function."""
        attributes: dict[str, Any] = {
            "title": name,
            "aspect": Aspect.BEHAVIOUR,
            "clause": clause,
            "why": "",
        }
        attributes |= {"alone": alone, "lab": lab, "rules": rules}
        self.checks.append(Check(id=name, stage=stage, function=check_function, **attributes))

    def hostile(self, name: str, check_function: CheckFunction) -> None:
        """Add a hostile check of stage 1."""
        self.check(name, check_function)
        self.checks[-1] = replace(self.checks[-1], hostile=True)

    def passive_check(
        self, name: str, factory: Callable[[CheckContext], Any], clause: str = ""
    ) -> None:
        """Add a passive check with this id."""
        attributes: dict[str, Any] = {
            "title": name,
            "aspect": Aspect.CONTRACT,
            "clause": clause,
            "why": "",
            "stage": 1,
        }
        self.checks.append(Check(id=name, passive_check=factory, **attributes))

    def run(self) -> dict[str, CheckResult]:
        """Run all checks; return the results by id."""
        return asyncio.run(self._run())

    async def _run(self) -> dict[str, CheckResult]:
        gets = {each.id: {"operationId": each.id, "responses": {}} for each in self.operations}
        paths = {f"/{name}": {"get": operation} for name, operation in gets.items()}
        contract = Contract({"paths": paths}, Path())
        client = FakeClient(self.responder)
        context = CheckContext(
            client,
            self.target,
            contract,
            seed=7,
            notes=self.notes,
            labs=self.labs,
            profile=self.profile,
            pace=self.pace,
        )
        context.unanswered = tuple(
            Exchange(Request("GET", path), None, Trouble.TIMEOUT) for path in self.unanswered
        )
        engine = Engine(
            context,
            self.checks,
            self._world,
            self.listener,
            self.width,
            self.operations,
            self.schedule,
        )
        return {result.check.id: result for result in await engine.run()}

    def _world(self, context: CheckContext, session: Session, rng: random.Random) -> World:
        return World(context, session, rng, self.detect_dialect, prepared=self.prepared)


def failing(message: str = "nothing") -> CheckFunction:
    """Return a check function that fails."""

    async def check_function(world: World) -> None:
        raise CheckFailed(Finding("something", message))

    return check_function


def blocked_by(name: str) -> CheckFunction:
    """Return a check function with a failed precondition that the check `name` tests."""

    async def check_function(world: World) -> None:
        raise PreconditionFailed(name, Finding("a precondition", "nothing"))

    return check_function


def passing_by(name: str) -> CheckFunction:
    """Return a check function that passes after another way than the one `name` tests."""

    async def check_function(world: World) -> None:
        world.detours.append(PreconditionFailed(name, Finding("a precondition", "nothing")))

    return check_function


def getting(path: str) -> CheckFunction:
    """Return a check function that fails if GET `path` has no response."""
    return lambda world: world.expect(path)


def reading(operation: str) -> CheckFunction:
    """Return a check function that fails unless GET /`operation` answers 200."""
    return lambda world: world.expect_ok(f"/{operation}")


async def passing(world: World) -> None:
    """Pass."""
