"""Requests generated from the contract, valid and invalid: none may cause a 5xx."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import quote

import orjson

from worksample.checks import (
    Answer,
    Aspect,
    CheckFailed,
    Finding,
    Suite,
    World,
    describe_exchange,
)
from worksample.messages import message
from worksample.probes.case_coverage import covering
from worksample.probes.exchange import Request
from worksample.probes.fuzz import Case, generate, shrink
from worksample.probes.hostile import with_body
from worksample.suites.hostile_client import (
    NO_FAILURE,
    HostileClient,
    failed,
    in_lanes,
)
from worksample.suites.requests import RequestCatalogue, ValidRequests

CASES_PER_OPERATION = 15
SUITE = Suite[RequestCatalogue](
    "generated-requests",
    RequestCatalogue,
    aspect=Aspect.CONTRACT,
    skills=("api-design", "automated-testing", "security-practices"),
    cites="OWASP API8:2023 (CWE-20)",
    hostile=True,
)


@SUITE.check(
    title="Requests generated from the contract do not bring the server down",
    why="Customers send what no tester has thought of. Each failure here would have been found by "
    "one.",
)
async def generated_requests_are_survived(world: World, catalogue: RequestCatalogue) -> None:
    await catalogue.authorize()
    context, operations = world.context, tuple(catalogue.generated)
    cases = await generate(context.contract.path, context.seed, CASES_PER_OPERATION, operations)
    client = HostileClient(world, catalogue)
    names = context.contract.member_names
    waiting = iter([case for each in operations for case in covering(cases[each], names)])
    failing: set[str] = set()

    async def lane(valid: ValidRequests, number: int) -> None:
        there, sent = dict(valid.all()), set[Request]()
        for case in waiting:
            if case.operation in there and case.operation not in failing:
                request = to_request(world, there[case.operation], case)
                if request not in sent:
                    sent.add(request)
                    await _send(client, request, case, failing)

    await in_lanes(client, lane)
    client.finish()


async def _send(client: HostileClient, request: Request, case: Case, failing: set[str]) -> None:
    """Send `request`, made of `case`; the first failure of an operation, in any lane, is told."""
    label = message("a generated request ({mode})", mode=case.mode)
    answer = await client.send_one(case.operation, label, request)
    if failed(answer) and case.operation not in failing:
        failing.add(case.operation)
        client.findings.append(await _shrunk_finding(client, case, answer))


def to_request(world: World, template: Request, case: Case) -> Request:
    """Return the valid request `template` with the generated path, query and body of `case`."""
    target = template.target
    if not case.body and case.path:
        operation = world.context.contract.operation(case.operation)
        path = operation.path
        for name, value in case.path.items():
            path = path.replace(f"{{{name}}}", quote(value, safe="") or "%20")
        target = world.dialect.prefix + path
    if case.query:
        target = f"{target.partition('?')[0]}?{case.query}"
    request = replace(template, target=target)
    if not case.body:
        return request
    # Bytes that are no JSON come without a type; the template says JSON, as a client would.
    headers = [("Content-Type", case.content_type)] if case.content_type else []
    return with_body(request, case.body, *headers)


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
        message(
            "{endpoint} with a generated request: {expected}",
            endpoint=endpoint,
            expected=NO_FAILURE,
        ),
        describe_exchange(answer.exchange),
    )
    return failure.findings[0]
