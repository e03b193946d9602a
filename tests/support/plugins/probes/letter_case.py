"""A toy probe: does the server read the names of header fields in any letter case?"""

from __future__ import annotations

from dataclasses import replace

from worksample.probes.exchange import Exchange, Request
from worksample.probes.http import Session


async def in_both_cases(session: Session, request: Request) -> tuple[Exchange, Exchange]:
    """Send `request` with the names of its header fields in lower and in upper case."""
    lower = replace(request, headers=tuple((n.lower(), v) for n, v in request.headers))
    upper = replace(request, headers=tuple((n.upper(), v) for n, v in request.headers))
    return await session.exchange(lower), await session.exchange(upper)
