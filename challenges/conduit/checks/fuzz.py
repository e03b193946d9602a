"""Requests generated from the contract, valid and invalid: none may cause a 5xx (G4)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import orjson

from worksample.checks import Answer, Aspect, CheckFailed, Finding, check, describe_exchange
from worksample.probes.exchange import Request
from worksample.probes.fuzz import Case, generate, shrink
from worksample.probes.hostile import with_body

from .hostile import NO_FAILURE, HostileClient, failed, in_lanes, lane_count
from .valid_requests import Fixture
from .world import Conduit, segment

CASES_PER_OPERATION = 15
OPERATIONS = (
    "register", "login", "updateUser", "publish", "editArticle", "comment",
    "listArticles", "feed", "profile", "article", "deleteComment",
)  # fmt: skip


@check(
    title="Requests generated from the contract do not bring the server down",
    aspect=Aspect.CONTRACT,
    stage=5,
    clause="G4",
    why="Customers send what no tester has thought of. Each failure here would have been found by "
    "one.",
    cites="OWASP API8:2023 (CWE-20)",
    skills=("api-design", "automated-testing", "security-practices"),
)
async def generated_requests_are_survived(world: Conduit) -> None:
    await world.sign_up()
    context = world.context
    cases = await generate(context.contract.path, context.seed, CASES_PER_OPERATION, OPERATIONS)
    client = HostileClient(world)

    async def lane(fixture: Fixture, number: int) -> None:
        for operation in OPERATIONS[number :: lane_count(world)]:
            await _send(client, fixture.request(operation), cases[operation])

    await in_lanes(world, lane)
    client.raise_findings()


async def _send(client: HostileClient, template: Request, cases: list[Case]) -> None:
    """Send the cases of one operation until one of them makes the server fail."""
    for case in cases:
        request = to_request(client.world, template, case)
        answer = await client.send_one(
            case.operation, f"a generated request ({case.mode})", request
        )
        if failed(answer):
            key = f"{case.operation} {answer.status}"
            client.findings[key] = await _shrunk_finding(client, case, answer)
            return


def to_request(world: Conduit, template: Request, case: Case) -> Request:
    """Return the valid request `template` with the generated path, query and body of `case`."""
    target = template.target
    if not case.body and case.path:
        operation = world.context.contract.operation(case.operation)
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


async def _shrunk_finding(client: HostileClient, case: Case, answer: Answer) -> Finding:
    """Return the finding, with a JSON body shrunk as far as the server still fails."""
    request = answer.exchange.request
    try:
        body: Any = orjson.loads(request.body)
    except ValueError:
        body = None

    async def still_fails(smaller: Any) -> bool:
        tried = with_body(request, orjson.dumps(smaller))
        return failed(await client.send_one(case.operation, "a shrunk body", tried))

    if body is not None:
        smallest = await shrink(body, still_fails)
        last = await client.send_one(
            case.operation, "the smallest failing body", with_body(request, orjson.dumps(smallest))
        )
        answer = last if failed(last) else answer
    return _finding(client.endpoint(case.operation), answer)


def _finding(endpoint: str, answer: Answer) -> Finding:
    failure: CheckFailed = answer.failure(
        f"{endpoint} with a generated request: {NO_FAILURE}", describe_exchange(answer.exchange)
    )
    return failure.findings[0]
