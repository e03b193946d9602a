"""Misbehaving clients: they send slowly, stop in the middle of a request, or disconnect."""

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
    """Within the block, send each request byte by byte, never completely (Slowloris)."""
    partial = [await client.begin(request) for request in requests]
    task = asyncio.create_task(_send_slowly(partial))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait((task,))
        for each in partial:
            each.disconnect()


async def _send_slowly(partial: Sequence[PartialRequest]) -> None:
    while True:
        for each in partial:
            if each.left > 1:
                await each.send(1)
        await asyncio.sleep(BYTE_SECONDS)


@asynccontextmanager
async def half_sent(client: HttpClient, requests: Sequence[Request]) -> AsyncIterator[None]:
    """Within the block, each request is sent up to the middle of its body.

    Of a request without a body, only the last byte is missing.
    """
    partial = [await client.begin(each, -max(1, len(each.body) // 2)) for each in requests]
    try:
        yield
    finally:
        for one in partial:
            one.disconnect()


@dataclass(frozen=True, slots=True)
class DisconnectedClient:
    """A client that disconnected while its request was held before round trip `step`.

    `retry` is the answer to the same request afterwards, None if it was not sent again.
    """

    baseline: Baseline
    step: int
    retry: Exchange | None = None


async def disconnect(
    wire: Wire,
    kinds: Mapping[str, Prepare],
    baselines: Sequence[Baseline],
    times: int,
    *,
    then_retry: bool = True,
) -> list[DisconnectedClient]:
    """Let `times` clients disconnect, each at the next round trip of the next kind of operation.

    With `then_retry` the same request is sent again afterwards. An immediate failure is retried,
    because the abandoned request may still be executing and cause a conflict. A failure after a
    wait is final: by then the server should have ended an abandoned transaction.

    Stops after the first failed retry. Raises `PreparationFailed` if the first operation cannot be
    prepared.
    """
    steps = [(each, trip.step) for each in baselines for trip in each.trips if trip.step > 1]
    steps.sort(key=lambda pair: pair[1], reverse=True)
    found: list[DisconnectedClient] = []
    for each, step in islice(cycle(steps), times):
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
        request = asyncio.create_task(operation.send())
        with suppress(TimeoutError):
            async with asyncio.timeout(REACH_SECONDS):
                await trace.wait_for_step(step, unless=request)
        request.cancel()
        await asyncio.wait((request,))
        await asyncio.sleep(NOTICE_SECONDS)
    await wire.wait_idle(SETTLE_SECONDS)
