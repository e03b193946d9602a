"""From an order to a server that stands: built and started, or the one that runs already."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Protocol

from worksample.grading.run_request import RunRequest
from worksample.services.base import Database
from worksample.services.postgres import PostgresServer, required_extensions
from worksample.stacks import detect
from worksample.stacks.building import format_command
from worksample.targets import ExternalTarget, Lab, LabFactory, Target


class ProgressListener(Protocol):
    """Who wants to hear how a server comes to stand."""

    def step(self, name: str, detail: str = "") -> None:
        """A part begins: `preparing`, `building`, `starting`; or `reaching`."""

    def line(self, text: str) -> None:
        """A build or release step printed a line (untrusted text)."""

    def detected(self, *sentences: str, stack: str = "", digest: str = "") -> None:
        """How the folder was recognised, what it was recognised as, the digest of its content."""


@dataclass(frozen=True, slots=True)
class RunningServer:
    """A server that answers; `database` is its own, None where it is not ours to look into.

    `labs` opens labs for it, None where it is not ours to copy.
    """

    target: Target | ExternalTarget
    database: Database | None
    labs: LabFactory | None = None


@asynccontextmanager
async def running_server(
    request: RunRequest, listener: ProgressListener
) -> AsyncIterator[RunningServer]:
    """Build and start what `request` names (or meet the server at its url); all gone afterwards.

    Raises `SubmissionError` when it cannot be built or started, `UserError` for a folder or an
    address that is none, and `InternalError` where this machine lacks what is needed.
    """
    if request.url:
        listener.step("reaching", request.url)
        async with ExternalTarget.open(request.url) as running:
            yield RunningServer(running, None)
        return
    plan = detect(request.folder, request.settings)
    seen = plan.detection
    listener.detected(*seen.reasons, *seen.warnings, stack=seen.stack)
    listener.step("preparing", "PostgreSQL")
    wanted = required_extensions(request.folder)
    async with PostgresServer.start(url=request.postgres or None, extensions=wanted) as server:
        database = await server.create_database()
        listener.step("building", seen.stack)
        async with plan.build(on_line=listener.line) as built:
            listener.detected(digest=built.digest)
            listener.step("starting", format_command(seen.start))
            start = Target.start(built, resources=[database], on_line=listener.line)
            async with start as target:
                yield RunningServer(target, database, lambda: Lab.open(built, server))
