"""Servers with a large data set: to measure what they do, or to try them by hand."""

from __future__ import annotations

import random
import shlex
from collections.abc import Mapping
from pathlib import Path

from worksample.catalogue import Challenge
from worksample.checks import PreconditionFailed
from worksample.errors import BrokenChallenge, InternalError, SubmissionError, UserError
from worksample.grading.asking import open_context
from worksample.grading.run import Run
from worksample.grading.server import RunningServer
from worksample.messages import message
from worksample.probes.exchange import Request
from worksample.suites.large_data import LargeData, multiply
from worksample.suites.large_data_costs import ServerCosts, measure
from worksample.targets import Target

_PURPOSE = "a large data set"
#: About how many rows the data set of a check has.
FEWEST_ROWS, MOST_ROWS = 20_000, 40_000


def rows_of(seed: int) -> int:
    """Return how many rows the data set of a check with this seed has."""
    rng = random.Random(f"{_PURPOSE} {seed}")  # noqa: S311 - not for secrets
    return rng.randrange(FEWEST_ROWS, MOST_ROWS)


async def measured(run: Run, folder: Path | None, rows: int) -> ServerCosts:
    """Start the submission, or the server in `folder`, with a large data set; measure its reads.

    With 0 `rows`, what was written through the server is not multiplied. Raises
    `PreconditionFailed` if the server does not answer as it should, `Skipped` if it does not use
    its database, `UserError` if it is not started here, `InternalError` if its database cannot be
    filled, or if the server in `folder` does not start.
    """
    try:
        async with run.server(folder) as server:
            return await _measured(run, server, rows)
    except SubmissionError as error:
        if folder is None:
            raise
        raise InternalError(
            message("a sealed version of the server does not start: {error}", error=error.message)
        ) from error


async def _measured(run: Run, server: RunningServer, rows: int) -> ServerCosts:
    request, challenge = run.request, run.request.challenge
    async with open_context(challenge, server, server.settings, request.seed) as opened:
        if opened.labs is None:
            raise UserError(
                "This work is judged on a server that Worksample starts.",
                hint="Check the folder, without an address.",
            )
        if isinstance(server.target, Target):
            await server.target.stop()  # its copy may need the same port
        async with opened.labs() as lab:
            context = opened.for_lab(lab)
            try:
                world = challenge.world(context, context.session(), context.rng(_PURPOSE))
                written = await large_data_of(challenge).write(world)
                if rows:
                    await multiply(lab.database, rows)
                return await measure(world, written)
            finally:
                await context.close()


async def fill(
    challenge: Challenge, server: RunningServer, seed: int, rows: int
) -> tuple[int, Mapping[str, str]]:
    """Fill the database of a running server; return how many rows it has, and curl by read.

    Raises `UserError` if the server does not answer as it should, and `InternalError` if its
    database cannot be filled.
    """
    async with open_context(challenge, server, server.settings, seed) as context:
        world = challenge.world(context, context.session(), context.rng(_PURPOSE))
        try:
            written = await large_data_of(challenge).write(world)
        except PreconditionFailed as failure:
            raise UserError(
                message(
                    "The data set could not be written: expected {expected}, got {actual}.",
                    expected=failure.finding.expected,
                    actual=failure.finding.actual,
                ),
                hint="A check of the workspace shows the request.",
            ) from None
        answers = {name: await read.send() for name, read in written.reads.items()}
        base = server.target.base_url
        requests = {name: _curl(base, each.exchange.request) for name, each in answers.items()}
        return await multiply(server.database, rows), requests


def _curl(base_url: str, request: Request) -> str:
    """Return a command that sends `request`, and prints how many seconds it took."""
    words = ["curl", "-s", "-o", "/dev/null", "-w", "%{time_total} s\\n"]
    for name, value in request.headers:
        if name.lower() in ("authorization", "content-type"):
            words += ["-H", f"{name}: {value}"]
    if request.body:
        words += ["-d", request.body.decode(errors="replace")]
    return shlex.join([*words, base_url + request.target])


def large_data_of(challenge: Challenge) -> LargeData:
    """Return how `challenge` fills a large data set; raise `BrokenChallenge` if it does not say."""
    if challenge.large_data is None:
        raise BrokenChallenge(
            message(
                "{folder} is missing: nothing says how to fill a large data set.",
                folder=challenge.folder / "checks" / "large_data.py",
            )
        )
    return challenge.large_data
