"""Run the server of a workspace until somebody stops it, and show what it logs."""

from __future__ import annotations

import asyncio
import sys
from codecs import getincrementaldecoder
from contextlib import AsyncExitStack
from dataclasses import replace

import click

from worksample.checks.formatting import printable
from worksample.errors import InternalError, StartFailed
from worksample.grading import RunRequest
from worksample.grading.kinds import Filled, Filling, Serving
from worksample.grading.progress import Progress
from worksample.grading.server import running_server
from worksample.messages import message
from worksample.reports.progress import open_progress
from worksample.stacks import load_settings
from worksample.targets import Target

_POLL_SECONDS = 0.2


class _Steps:
    """Shows the steps of building and starting (a `ProgressListener`)."""

    def __init__(self, progress: Progress) -> None:
        self.step, self.line, self._note = progress.step, progress.line, progress.note

    def detected(self, *sentences: str, stack: str = "", digest: str = "") -> None:
        """Show why the stack was detected."""
        for each in sentences:
            self._note(each)


async def run_until_stopped(request: RunRequest, filling: Filling | None = None) -> None:
    """Build and start the server of `request`, print its addresses and its log until cancelled.

    `filling` fills its database before. Raises `SubmissionError` if it cannot be built or started,
    `StartFailed` also when it ends, and what `Filling.fill` raises.
    """
    async with AsyncExitStack() as stack:
        with open_progress(sys.stderr) as progress:
            starting = running_server(request, _Steps(progress))
            server = await stack.enter_async_context(starting)
            target, filled = server.target, None
            if filling is not None:
                progress.step("filling", "the database")
                filled = await filling.fill(request, server)
        if not isinstance(target, Target):
            raise InternalError("the server was not started here")
        _print_addresses(target, filled)
        await _follow_log(target)


async def run_brought(kind: Serving, request: RunRequest) -> None:
    """Run the server that the task in the workspace of `request` brings, as `run_until_stopped`."""
    async with kind.server(request.challenge, request.folder) as folder:
        await run_until_stopped(replace(request, folder=folder, settings=load_settings(folder)))


def _print_addresses(target: Target, filled: Filled | None) -> None:
    click.echo(message("server    {url}", url=target.base_url))
    for resource in target.resources:
        for name, value in sorted(resource.environment.items()):
            if name.endswith("_URL"):
                click.echo(f"{name}  {value}")
    if filled is not None:
        click.echo(message("data      {contains}\n", contains=filled.contains))
        for name, command in filled.requests.items():
            click.echo(message("# {name}\n{command}", name=name, command=command))
        click.echo("")
    click.echo("Ctrl-C stops it and removes the data.\n")


async def _follow_log(target: Target) -> None:
    """Print what the server logs; raise `StartFailed` when it ends by itself."""
    position, unfinished = 0, ""
    decoder = getincrementaldecoder("utf-8")(errors="replace")
    while True:
        until = target.log.position
        printed = decoder.decode(target.log.slice(position, until))
        *lines, unfinished = (unfinished + printed).split("\n")
        for line in lines:
            click.echo(printable(line))
        position = until
        if not target.alive:
            raise StartFailed(
                message("the server has ended: {exit}", exit=target.exit),
                hint="its last lines are above",
            )
        await asyncio.sleep(_POLL_SECONDS)
