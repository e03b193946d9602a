"""Fuzzing: generate requests from the contract, and shrink failing ones."""

from __future__ import annotations

import asyncio
import base64
import os
import sys
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from worksample.errors import InternalError
from worksample.messages import message
from worksample.sandbox.cache import cache_root

#: Far more than it takes: a busy machine must not turn into a verdict on the server.
GENERATING_SECONDS = 200.0
_SIMPLE: tuple[Any, ...] = (None, False, 0, "", [], {})
StillFails = Callable[[Any], Awaitable[bool]]


@dataclass(frozen=True, slots=True)
class Case:
    """One generated request of `operation`, without host, path prefix and authorization.

    `mode` is "positive" (valid for the schema) or "negative". `path` holds the path parameters,
    `query` the encoded query string.
    """

    operation: str
    mode: str
    path: dict[str, str]
    query: str
    content_type: str
    body: bytes


async def generate(
    document: Path, seed: int, count: int, operations: Sequence[str]
) -> dict[str, list[Case]]:
    """Return up to `count` cases per mode for each of `operations` (operation ids).

    `document` is the OpenAPI document. The same `seed` gives the same cases. Raises `InternalError`
    when the generator fails.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "worksample.probes.generating",
        str(document),
        str(seed),
        str(count),
        *operations,
        env={**os.environ, "HYPOTHESIS_STORAGE_DIRECTORY": str(cache_root() / "hypothesis")},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(GENERATING_SECONDS):
            out, err = await process.communicate()
    except TimeoutError:
        raise InternalError(
            message(
                "Generating requests from the contract took longer than {seconds} s: this machine "
                "is too busy.",
                seconds=round(GENERATING_SECONDS),
            )
        ) from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode:
        reason = err.decode(errors="replace").strip().splitlines()[-1:]
        raise InternalError(
            message("The request generator failed: {reason}", reason=" ".join(reason))
        )
    cases: dict[str, list[Case]] = {name: [] for name in operations}
    for line in out.splitlines():
        data = orjson.loads(line)
        data["body"] = base64.b64decode(data["body"])
        cases[data["operation"]].append(Case(**data))
    return cases


async def shrink(value: Any, still_fails: StillFails, budget: int = 60) -> Any:
    """Return the smallest JSON value found that `still_fails`, after at most `budget` calls.

    Greedy: removes members and elements, then replaces the remaining values by simpler ones, until
    no smaller value fails (Zeller and Hildebrandt, "Simplifying and isolating failure-inducing
    input", 2002, in its simplest form).
    """
    progress = True
    while progress and budget > 0:
        progress = False
        for smaller in _smaller(value):
            if budget <= 0:
                break
            budget -= 1
            if await still_fails(smaller):
                value, progress = smaller, True
                break
    return value


async def shrink_sequence(
    steps: Sequence[Any], still_fails: Callable[[Sequence[Any]], Awaitable[bool]], budget: int = 80
) -> list[Any]:
    """Return a subsequence that `still_fails` and from which no single step can be removed (ddmin).

    Stops after `budget` calls.
    """
    kept = list(steps)
    size = max(1, len(kept) // 2)
    while budget > 0:
        start = 0
        while start < len(kept) and budget > 0:
            fewer = kept[:start] + kept[start + size :]
            budget -= 1
            if fewer and await still_fails(fewer):
                kept = fewer
            else:
                start += size
        if size == 1:
            break
        size = max(1, size // 2)
    return kept


def _smaller(value: Any) -> Iterator[Any]:
    """Yield values that are simpler than `value`, the largest reductions first."""
    if isinstance(value, dict):
        for key in value:
            yield {name: inner for name, inner in value.items() if name != key}
        for key, inner in value.items():
            for smaller in _smaller(inner):
                yield {**value, key: smaller}
    elif isinstance(value, list):
        for index in range(len(value)):
            yield value[:index] + value[index + 1 :]
        for index, inner in enumerate(value):
            for smaller in _smaller(inner):
                yield [*value[:index], smaller, *value[index + 1 :]]
    elif isinstance(value, str) and len(value) > 1:
        middle = len(value) // 2
        yield from (value[:middle], value[middle:], value[1:], value[:-1])
    elif value not in _SIMPLE and not isinstance(value, str):
        yield 0
