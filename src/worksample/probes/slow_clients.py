"""Clients that cost time: slow ones, those that stop in the middle, and those that vanish."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from itertools import cycle, islice

from worksample.probes.exchange import Exchange, Request
from worksample.probes.http import HttpClient
from worksample.probes.http.partial_request import PartialRequest
from worksample.probes.write_operations import (
    Baseline,
    PreparationFailed,
    Prepare,
    WriteOperation,
    failed,
    prepare_operation,
    send_with_retries,
)
from worksample.wire import FaultScript, Wire
from worksample.wire.faults.hold import Hold

BYTE_SECONDS = 0.05
IMMEDIATE_SECONDS = 1.0
NOTICE_SECONDS = 0.05
REACH_SECONDS = 10.0
SETTLE_SECONDS = 2.0


@asynccontextmanager
async def byte_by_byte(client: HttpClient, requests: Sequence[Request]) -> AsyncIterator[None]:
    """Within the block, each request is being sent one byte after the other, and never whole."""
    begun = [await client.begin(request) for request in requests]
    drip = asyncio.create_task(_send_slowly(begun))
    try:
        yield
    finally:
        drip.cancel()
        await asyncio.wait((drip,))
        for each in begun:
            each.disconnect()


async def _send_slowly(begun: Sequence[PartialRequest]) -> None:
    while True:
        for each in begun:
            if each.left > 1:
                await each.send(1)
        await asyncio.sleep(BYTE_SECONDS)


@asynccontextmanager
async def half_sent(client: HttpClient, requests: Sequence[Request]) -> AsyncIterator[None]:
    """Within the block, each request has been sent up to the middle of its body, or of its head."""
    begun = [await client.begin(each, -max(1, len(each.body) // 2)) for each in requests]
    try:
        yield
    finally:
        for one in begun:
            one.disconnect()


@dataclass(frozen=True, slots=True)
class DisconnectedClient:
    """A client that hung up while its request stood before round trip `step`.

    `retry` is what came of asking for the same afterwards, None if nobody did.
    """

    baseline: Baseline
    step: int
    retry: Exchange | None = None


async def disconnect(
    wire: Wire,
    kinds: Mapping[str, Prepare],
    baseline: Sequence[Baseline],
    times: int,
    *,
    then_retry: bool = True,
) -> list[DisconnectedClient]:
    """Let so many clients hang up, at one round trip after the other, of one kind after the other.

    With `then_retry` somebody asks for the same afterwards. A failure at once is forgiven twice: what
    the one who vanished had asked may still go on, and get in the way. One that was waited for is
    not: in the end even a forgotten transaction is ended.

    It ends with the first after whom nobody can go on. Raises `PreparationFailed` if even the first
    cannot begin.
    """
    places = [(each, trip.step) for each in baseline for trip in each.trips if trip.step > 1]
    places.sort(key=lambda place: place[1], reverse=True)
    found: list[DisconnectedClient] = []
    for each, step in islice(cycle(places), times):
        try:
            operation = await prepare_operation(kinds[each.kind])
        except PreparationFailed:
            if found:
                break
            raise
        await _disconnect_at(wire, operation, step)
        retry = (
            await send_with_retries(operation.send, within=IMMEDIATE_SECONDS)
            if then_retry
            else None
        )
        found.append(DisconnectedClient(each, step, retry))
        if retry is not None and failed(retry):
            break
    return found


async def _disconnect_at(wire: Wire, operation: WriteOperation, step: int) -> None:
    async with wire.trace(operation.kind, FaultScript({step: Hold()})) as trace:
        asking = asyncio.create_task(operation.send())
        with suppress(TimeoutError):
            async with asyncio.timeout(REACH_SECONDS):
                await trace.wait_for_step(step, unless=asking)
        asking.cancel()
        await asyncio.wait((asking,))
        await asyncio.sleep(NOTICE_SECONDS)
    await wire.wait_idle(SETTLE_SECONDS)
