"""What the engine finds out about requests that were answered 5xx beside others."""

from __future__ import annotations

from dataclasses import replace

from tests.engine.harness import OK_RESPONSE, EngineHarness, LoggingTarget, World
from worksample.checks import CheckFailed, Finding
from worksample.probes.exchange import Response

ERRORS = {"/a": "KeyError: 'a'", "/b": "ValueError: b", "/c": "ValueError: b"}


def harness() -> EngineHarness:
    """Return an engine for a server that fails at the paths of `ERRORS`, and logs why."""
    target = LoggingTarget()

    def respond(path: str) -> Response:
        error = ERRORS.get(path.partition("?")[0])
        if error is None:
            return OK_RESPONSE
        target.log.append(error)
        return Response(500, (), b"")

    return EngineHarness(respond, target)


async def send_odd_inputs(world: World) -> None:
    """Fail with a finding for each of three inputs."""
    found = []
    for path in ERRORS:
        shown = await world.get(path)
        finding = Finding(f"{path}: 4xx", "500", exchanges=(shown,), culprit=0, inputs=(path,))
        found.append(finding)
        found.append(replace(finding, inputs=(f"{path} again",)))
    raise CheckFailed(*found)


def test_each_request_gets_its_own_error_although_they_ran_together() -> None:
    toy = harness()
    for path in ERRORS:
        toy.check(path, lambda world, path=path: world.expect_ok(path))  # type: ignore[misc]
    found = {name: result.findings[0] for name, result in toy.run().items() if result.findings}
    assert {name: finding.error for name, finding in found.items()} == {
        path: f"/srv/app.py:7: {error}" for path, error in ERRORS.items()
    }
    assert found["/a"].log.count("Error") == 1


def test_inputs_are_put_together_by_operation_and_error() -> None:
    toy = harness()
    toy.check("odd", send_odd_inputs)
    findings = toy.run()["odd"].findings
    assert [each.inputs for each in findings] == [
        ("/a", "/a again"),
        ("/b", "/b again"),
        ("/c", "/c again"),
    ]
    assert findings[0].error == "/srv/app.py:7: KeyError: 'a'"


def test_requests_that_work_show_how_one_that_fails_differs() -> None:
    toy = harness()
    toy.responder = lambda path: Response(500 if "limit" in path else 200, (), b"{}")
    toy.check("works", lambda world: world.expect_ok("/list?offset=0"))
    toy.check("fails", lambda world: world.expect_ok("/list?limit=0&offset=0"))
    assert toy.run()["fails"].findings[0].difference == "with `limit`"
