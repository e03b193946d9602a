"""Requests generated from the contract, valid and invalid: none may bring the server down."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import orjson

from worksample.checks import Answer, Aspect, Finding, Unmet, check, say_exchange
from worksample.probes.exchange import Request
from worksample.probes.fuzz import Case, generate, shrink
from worksample.probes.hostile import with_body

from .hostile import Siege, abreast, failed, lanes
from .valid import Setting
from .world import Conduit, segment

COUNT = 15
OPERATIONS = (
    "register", "login", "updateUser", "publish", "editArticle", "comment",
    "listArticles", "feed", "profile", "article", "deleteComment",
)  # fmt: skip


@check(
    title="Requests generated from the contract do not bring the server down",
    aspect=Aspect.CONTRACT,
    stage=5,
    clause="G4",
    why="What no tester thought of, somebody sends. Each failure here is one that a customer "
    "would have found first.",
    cites="OWASP API8:2023 (CWE-20)",
    skills=("api-design", "automated-testing", "security-practices"),
)
async def generated_requests_are_survived(world: Conduit) -> None:
    await world.sign_up()
    arena = world.arena
    cases = await generate(arena.contract.path, arena.seed, COUNT, OPERATIONS)
    siege = Siege(world)

    async def lane(setting: Setting, number: int) -> None:
        for operation in OPERATIONS[number :: lanes(world)]:
            await _send(siege, setting.request(operation), cases[operation])

    await abreast(world, lane)
    siege.judge()


async def _send(siege: Siege, template: Request, cases: list[Case]) -> None:
    """Send the cases of one operation, until one of them brings the server down."""
    for case in cases:
        request = as_request(siege.world, template, case)
        answer = await siege.ask(case.operation, f"generated, {case.mode}", request)
        if failed(answer):
            key = f"{case.operation} {answer.status}"
            siege.found[key] = await _small(siege, case, answer)
            return


def as_request(world: Conduit, template: Request, case: Case) -> Request:
    """Return the valid request of an operation with the generated parts in their places."""
    target = template.target
    if not case.body and case.path:
        operation = world.arena.contract.operation(case.operation)
        path = operation.path
        for name, value in case.path.items():
            path = path.replace(f"{{{name}}}", segment(value) or "%20")
        target = world.dialect.prefix + path
    if case.query:
        target = f"{target.partition('?')[0]}?{case.query}"
    request = replace(template, target=target)
    if case.content_type:
        return with_body(request, case.body, ("Content-Type", case.content_type))
    return request


async def _small(siege: Siege, case: Case, answer: Answer) -> Finding:
    """Return the finding, with the body made as small as it can be and still fail."""
    request = answer.exchange.request
    try:
        body: Any = orjson.loads(request.body)
    except ValueError:
        body = None

    async def still_fails(smaller: Any) -> bool:
        tried = with_body(request, orjson.dumps(smaller))
        return failed(await siege.ask(case.operation, "made smaller", tried))

    if body is not None:
        smallest = await shrink(body, still_fails)
        last = await siege.ask(
            case.operation, "the smallest", with_body(request, orjson.dumps(smallest))
        )
        answer = last if failed(last) else answer
    return _finding(case, answer)


def _finding(case: Case, answer: Answer) -> Finding:
    unmet: Unmet = answer.unmet(
        f"{case.operation}: any answer but a failure of the server (5xx)",
        say_exchange(answer.exchange),
    )
    return unmet.findings[0]
