"""Bursts: many requests that start at the same moment.

The client sends all but the last byte of every request first, and then the last bytes, one right
after the other. Connecting, sending and parsing therefore do not spread the requests out.

How many bursts are enough? If one burst finds a race with probability p, n bursts find it with
probability 1 - (1 - p)^n. Bursts of 50 found a planted race (a read, then a write, on PostgreSQL)
49 or 50 times out of 50. A result of 50 out of 50 means that p is at least 0.94 (95 % confidence),
so four bursts find such a race 9,999 times out of 10,000:
`bursts_needed(probability_lower_bound(50, 50))`. None of 600 bursts found a race in memory with a
window of one microsecond: no number of bursts proves that there is none.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable, Sequence

from worksample.probes.exchange import Exchange, Request
from worksample.probes.http import HttpClient

# Time for the server to read the incomplete requests, so that it waits only for the last byte.
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
    """Send `requests` at the same moment, each on its own connection; return one exchange each.

    The exchanges are in the order of `requests`. If `hold_last_byte` is false, only the connections
    are opened beforehand. `labels` describe the requests, in order. `record` is called with every
    exchange. As with `HttpClient.send`, a network failure is reported in the exchange. Raises
    `InternalError` if this machine runs out of sockets.
    """
    all_labels = [*labels, *[""] * len(requests)]
    size = -1 if hold_last_byte else 0
    partial = await asyncio.gather(
        *(
            client.begin(request, size, label=label, record=record)
            for request, label in zip(requests, all_labels, strict=False)
        )
    )
    await asyncio.sleep(SETTLING_SECONDS)
    return list(await asyncio.gather(*(each.finish(timeout) for each in partial)))


def bursts_needed(probability: float, confidence: float = 0.9999) -> int:
    """Return how many bursts find a race with `confidence` that one burst finds with `probability`.

    Raises `ValueError` unless 0 < `probability` <= 1 and 0 <= `confidence` < 1.
    """
    if not (0 < probability <= 1 and 0 <= confidence < 1):
        raise ValueError(
            "expected 0 < probability <= 1 and 0 <= confidence < 1, "
            f"got {probability} and {confidence}"
        )
    if probability == 1:
        return 1
    return max(1, math.ceil(math.log1p(-confidence) / math.log1p(-probability)))


def probability_lower_bound(found: int, tried: int, alpha: float = 0.05) -> float:
    """Return a lower bound for the probability that one burst finds a race.

    `found` of `tried` bursts found it. The bound is the lower end of the one-sided Clopper-Pearson
    interval with confidence 1 - `alpha`.
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
    """Return the probability of `found` or more successes in `tried` trials."""
    return sum(
        math.comb(tried, k) * probability**k * (1 - probability) ** (tried - k)
        for k in range(found, tried + 1)
    )
