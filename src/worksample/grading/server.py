"""Build and start the server of a run request, or connect to one that runs already."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Protocol

from worksample.grading.run_request import RunRequest
from worksample.grading.service_ports import placed
from worksample.grading.services import StartedServices, started, titles
from worksample.messages import message
from worksample.services import Database, Resource, first_database
from worksample.stacks import BuildPlan, BuiltSubmission, Settings, detect
from worksample.stacks.building import format_command
from worksample.targets import ExternalTarget, LabFactory, Target
from worksample.targets.own_tests import OwnTestRun, run_own_tests


class ProgressListener(Protocol):
    """Receives the events of building and starting a server."""

    def step(self, name: str, detail: str = "") -> None:
        """Called when a step begins: `preparing`, `building`, `starting`; or `reaching`."""

    def line(self, text: str) -> None:
        """Called with each line that a build or release command prints (untrusted text)."""

    def detected(self, *sentences: str, stack: str = "", digest: str = "") -> None:
        """Called with why the stack was detected, the stack, and the digest of the submission."""


@dataclass(frozen=True, slots=True)
class RunningServer:
    """A server that answers.

    `database` is its database and `labs` opens copies of the server; both are None for a server
    that Worksample did not start, or that has no database. `settings` are those of its folder,
    `services` holds the version of each service that it uses, by id.
    """

    target: Target | ExternalTarget
    database: Database | None
    labs: LabFactory | None = None
    settings: Settings = field(default_factory=Settings)
    services: Mapping[str, str] = field(default_factory=dict)


@asynccontextmanager
async def running_server(
    request: RunRequest,
    listener: ProgressListener,
    shared: StartedServices | None = None,
    *,
    within: Path | None = None,
) -> AsyncIterator[RunningServer]:
    """Build and start the submission of `request` (or connect to its `url`); clean up at exit.

    Its services run on servers of its own, or on `shared`; it is built in a new folder `within`
    another (default: the system's temporary folder). Raises `SubmissionError` if it cannot be built
    or started, `UserError` for an invalid folder or address, and `InternalError` where this machine
    lacks what the run needs.
    """
    if request.url:
        listener.step("reaching", request.url)
        async with ExternalTarget.open(request.url) as running:
            yield RunningServer(running, None, settings=request.settings)
        return
    plan = _detect(request, listener)
    listener.step("preparing", titles(request.services))
    async with (
        _services_for(request, shared) as (services, resources),
        placed(request.settings, services, resources) as place,
        _build(plan, listener, within) as built,
    ):
        listener.step("starting", format_command(plan.detection.start))
        start = Target.start(built, resources=place.resources, on_line=listener.line)
        async with start as target:
            database = first_database(resources)
            yield RunningServer(
                target,
                database,
                None if database is None else partial(place.open_lab, built),
                request.settings,
                await services.versions(),
            )


@asynccontextmanager
async def built_submission(
    request: RunRequest, listener: ProgressListener
) -> AsyncIterator[BuiltSubmission]:
    """Build the submission of `request` and start nothing; remove the build at exit.

    Raises `BuildFailed`, and `UserError` for an invalid folder.
    """
    async with _build(_detect(request, listener), listener) as built:
        yield built


async def run_tests_of(
    request: RunRequest, listener: ProgressListener, shared: StartedServices | None = None
) -> OwnTestRun:
    """Build the submission of `request` with what its own tests need, and run them.

    They have new services. Raises `BuildFailed`, and `UserError` if there are no tests.
    """
    plan = _detect(request, listener)
    async with (
        _services_for(request, shared) as (_, resources),
        plan.build(on_line=listener.line, tests=True) as built,
    ):
        return await run_own_tests(built, resources, on_line=listener.line)


def _detect(request: RunRequest, listener: ProgressListener) -> BuildPlan:
    plan = detect(request.folder, request.settings)
    seen = plan.detection
    services = (*_services_used(request), *_services_unproven(request))
    listener.detected(*seen.reasons, *services, *seen.warnings, stack=seen.stack)
    return plan


def _services_used(request: RunRequest) -> list[str]:
    """Return the services that only a driver chose, beside the usual ones, in sentences."""
    needs = request.challenge.services
    unusual = {*needs.optional}
    for key, names in needs.choices.items():
        if key not in request.settings.services:
            unusual.update(names[1:])
    chosen = unusual.intersection(request.services)
    return [
        message(
            "{service}, because {file} names {driver}",
            service=titles((each.service,)),
            file=each.file,
            driver=each.driver,
        )
        for each in request.used_services
        if each.service in chosen
    ]


def _services_unproven(request: RunRequest) -> list[str]:
    """Return the services that fewer defects were proven on, in sentences.

    These are all but the first one of each choice.
    """
    return [
        message(
            "the checks were proven with more reference solutions and planted defects on {usual} "
            "than on {service}: if you doubt a finding, `worksample replay` shows it",
            usual=titles(names[:1]),
            service=titles((name,)),
        )
        for names in request.challenge.services.choices.values()
        for name in names[1:]
        if name in request.services
    ]


@asynccontextmanager
async def _build(
    plan: BuildPlan, listener: ProgressListener, within: Path | None = None
) -> AsyncIterator[BuiltSubmission]:
    listener.step("building", plan.detection.stack)
    async with plan.build(on_line=listener.line, within=within) as built:
        listener.detected(*built.notes, digest=built.digest)
        yield built


@asynccontextmanager
async def _services_for(
    request: RunRequest, shared: StartedServices | None
) -> AsyncIterator[tuple[StartedServices, list[Resource]]]:
    """Return the services of the run, and an empty resource on each; remove them at exit."""
    if shared is not None and (chosen := shared.only(request.services)) is not None:
        resources = await chosen.create_resources()
        try:
            yield chosen, resources
        finally:
            for each in resources:
                await each.drop()
        return
    async with started(
        request.challenge, request.services, request.service_urls, request.folder
    ) as own:
        yield own, await own.create_resources()
