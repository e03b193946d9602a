"""The backlog of a task of the kind `test`: who asks for tests, and when they are enough."""

from __future__ import annotations

import random
import textwrap

from worksample.catalogue import Challenge
from worksample.messages import message, plural

BACKLOG = "backlog.md"
_STORY = """\
# Backlog

| story | from | estimate |
| --- | --- | --- |
| Tests that find what customers would | {name}, {role} | {estimate} |

## Tests that find what customers would

{wants}

Estimate: {estimate}.

### Accepted when

- the tests pass on every correct server, each time, and in another order, too: they send requests
  to `BASE_URL` and judge answers by `brief.md` and `openapi.yaml`, by nothing else;
- {found}. We have planted one in each of as many servers.
  Each breaks a rule of the brief, and is found if a test fails on its server.

`worksample.toml` says by which command the tests are run. Change it as you like: any tool will do
that ends with another exit code than 0 if a test fails. `README.md` says how to run them by hand.
"""
_WANTS = (
    "From {name} ({role}): {wants} We have several servers for this brief, in different languages, "
    "and want one set of tests for all of them. {matters}"
)
_WIDTH = 100
_PEOPLE = (
    (
        "Noor",
        "the product",
        "we are about to move to another server, and I must know that it does the same.",
        "The last move cost us a weekend of telephone calls.",
    ),
    (
        "Karim",
        "operations",
        "I deploy on Tuesdays, and want to see red before our customers do.",
        "Each defect that gets through costs one of us half a morning.",
    ),
    (
        "Ines",
        "customer support",
        "the same complaints come back after each release.",
        "I answer them by hand, and people do not come back after the second time.",
    ),
)


def backlog(challenge: Challenge, planted: int, needed: int, rng: random.Random) -> str:
    """Return the text of the backlog: `needed` of `planted` defects must be found."""
    name, role, wants, matters = rng.choice(_PEOPLE)
    hours = challenge.kinds.get("test", 0.0)
    story = message(_WANTS, name=name, role=role, wants=wants, matters=matters)
    return message(
        _STORY,
        name=name,
        role=role,
        wants=textwrap.fill(story, _WIDTH),
        estimate=plural(round(hours), "an hour", "{count} hours"),
        found=message(
            "they find at least {needed} of {planted} defects", needed=needed, planted=planted
        ),
    )
