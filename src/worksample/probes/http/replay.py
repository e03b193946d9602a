"""Replay recorded exchanges against a fresh server."""

from __future__ import annotations

from collections.abc import Sequence

from worksample.probes.exchange import Exchange
from worksample.probes.http.bindings import Binding, produced, templates
from worksample.probes.http.client import HttpClient


async def replay(exchanges: Sequence[Exchange], client: HttpClient) -> list[Exchange]:
    """Send the requests of `exchanges` again, one after the other; return the new exchanges.

    Server-generated values (tokens, slugs, ids) are replaced by those of the new run. If the new
    run did not produce a value, the recorded one is sent.
    """
    plan = templates(exchanges)
    wanted = {use.binding: None for template in plan for use in template.uses()}
    values: dict[Binding, str | int] = {}
    done: list[Exchange] = []
    for number, template in enumerate(plan):
        answer = await client.send(template.filled(values), label=exchanges[number].label)
        for binding in wanted:
            value = produced(binding, answer.response) if binding.exchange == number else None
            if value is not None:
                values[binding] = value
        done.append(answer)
    return done
