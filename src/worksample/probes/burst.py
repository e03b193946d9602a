"""Bursts: many requests that begin at the same moment, as many people do.

All but the last byte of each request lies at the server before the last bytes are let go, one
right after the other, so that no connecting, sending or parsing comes between them.

How many bursts are enough? A burst finds a race with some chance, and misses it otherwise; with
chance p, n bursts find it with 1 - (1 - p)^n. Measured with bursts of 50 on servers with a
planted race (a read, then a write, on PostgreSQL): found in 49 or 50 of 50 bursts. 50 of 50 only
say that p is at least 0.94 (at 95 %), so four bursts find such a race 9,999 times of 10,000:
`bursts_needed(probability_lower_bound(50, 50))`. A race in memory alone, in a window of a microsecond, was
found in none of 600 bursts: no number of them shows that there is none.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable, Sequence

from worksample.probes.exchange import Exchange, Request
from worksample.probes.http import HttpClient

# The servers read what lies there: what they then wait for is the last byte.
SETTLING_SECONDS = 0.005


async def burst(
    client: HttpClient,
    requests: Sequence[Request],
    *,
    hold_last_byte: bool = True,
    labels: Sequence[str] = (),
    timeout: float | None = None,
    record: Callable[[Exchange], None] | None = None,
) -> list[Exchange]:
    """Send `requests` at one moment, each on a connection of its own; return what came of each.

    The exchanges are in the order of `requests`, whenever they ended. With `hold_last_byte` false
    the connections are opened before, and everything else is sent at once. `labels` say for each
    what is done; `record` hears of every exchange. Trouble is an exchange, as with
    `HttpClient.send`; a `InternalError` (no more sockets) is raised.
    """
    said = [*labels, *[""] * len(requests)]
    size = -1 if hold_last_byte else 0
    begun = await asyncio.gather(
        *(
            client.begin(request, size, label=label, record=record)
            for request, label in zip(requests, said, strict=False)
        )
    )
    await asyncio.sleep(SETTLING_SECONDS)
    return list(await asyncio.gather(*(each.finish(timeout) for each in begun)))


def bursts_needed(probability: float, confidence: float = 0.9999) -> int:
    """Return how many bursts find a race with `confidence` that one finds with `probability`.

    Raises `ValueError` for a chance or certainty that is not between 0 and 1.
    """
    if not (0 < probability <= 1 and 0 <= confidence < 1):
        raise ValueError("a chance is above 0 and at most 1, a certainty at least 0 and below 1")
    if probability == 1:
        return 1
    return max(1, math.ceil(math.log1p(-confidence) / math.log1p(-probability)))


def probability_lower_bound(found: int, tried: int, alpha: float = 0.05) -> float:
    """Return the chance that a burst has at least, when `found` of `tried` bursts found a race.

    The lower end of the one-sided Clopper-Pearson interval: with any smaller chance, so many
    would have been found with a probability below `alpha`.
    """
    low, high = 0.0, found / tried
    for _ in range(60):
        middle = (low + high) / 2
        if _probability_of_at_least(found, tried, middle) < alpha:
            low = middle
        else:
            high = middle
    return low


def _probability_of_at_least(found: int, tried: int, probability: float) -> float:
    """The probability of `found` or more of `tried`."""
    return sum(
        math.comb(tried, k) * probability**k * (1 - probability) ** (tried - k)
        for k in range(found, tried + 1)
    )
