"""The base path of a server: which of the usual ones is used, and when the contract's stays."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import pytest

from tests.engine.harness import FakeClient
from worksample.checks import CheckContext, Contract, World
from worksample.checks.base_paths import find_prefix
from worksample.checks.documented_paths import documented_prefixes
from worksample.probes.exchange import Response, Trouble
from worksample.probes.http import Session
from worksample.targets import ExternalTarget

ROUTES = (("get", "/tags"), ("post", "/users"), ("get", "/articles/{slug}"))
CONTRACT = Contract(
    {"paths": {path: {method: {"operationId": path, "responses": {}}} for method, path in ROUTES}},
    Path(),
)
Answers = Mapping[str, int | Trouble]


def found(answers: Answers, others: int = 404, known: tuple[str, ...] = ("/api", "")) -> str:
    """Return the base path found on a server that answers `answers`, and `others` elsewhere."""

    def respond(path: str) -> Response | Trouble:
        answer = answers.get(path, others)
        return answer if isinstance(answer, Trouble) else Response(answer, (), b"{}")

    async def body() -> str:
        client = FakeClient(respond)
        context = CheckContext(
            client, cast(Any, ExternalTarget("http://127.0.0.1:1")), CONTRACT, seed=1
        )
        world = World(context, Session(client), random.Random(1))

        async def works() -> bool:
            return (await world.send("GET", "/tags")).status == 200

        prefix = await find_prefix(world, known, works)
        assert world.dialect.prefix == prefix
        return prefix

    return asyncio.run(body())


@pytest.mark.parametrize("prefix", ["/api", "", "/api/v1"])
def test_uses_the_usual_base_path_under_which_the_api_works(prefix: str) -> None:
    assert found({f"{prefix}/tags": 200}) == prefix


def test_contracts_base_path_comes_first() -> None:
    assert found({"/api/tags": 200, "/tags": 200}) == "/api"


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        ("/api/users", 422),
        ("/api/users", 400),
        ("/api/tags", 500),
        ("/api/tags", 401),
        ("/api/tags", Trouble.TIMEOUT),
        ("/api/tags", Trouble.CLOSED),
    ],
)
def test_contracts_base_path_stays_where_one_route_is(path: str, answer: int | Trouble) -> None:
    assert found({path: answer, "/tags": 200}) == "/api"


def test_another_route_shows_the_base_path_where_the_first_is_missing() -> None:
    assert found({"/api/v1/users": 422}) == "/api/v1"


def test_one_page_for_every_path_shows_no_route() -> None:
    assert found({}, others=401) == "/api"
    assert found({"/api/v1/users": 422}, others=401) == "/api/v1"


def test_contracts_base_path_stays_where_nothing_answers() -> None:
    assert found({}) == "/api"
    assert found({}, others=405) == "/api"


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("openapi.yaml", "servers: [{url: 'https://example.org/v3/'}]", ["/v3"]),
        ("docs/openapi.json", '{"servers": [{"url": "/one"}, {"url": "/two"}]}', ["/one", "/two"]),
        ("swagger.json", '{"swagger": "2.0", "basePath": "/v2"}', ["/v2"]),
        ("api/api.yml", "paths: {/v4/users/login: {}, /v4/tags: {}}", ["/v4", ""]),
        ("openapi.yaml", "servers: [{url: /x}]\npaths: {/v5/tags: {}}", ["/x/v5", "/x"]),
        ("openapi.yaml", "servers: [{url: 'http://[/'}, {url: '{base}'}, 3]\npaths: 7", [""]),
        ("openapi.yaml", "servers: [", []),
        ("openapi.yaml", "- a list", []),
        ("openapi.yaml", "a: &a {b: 1}\nc: {<<: *a}\nservers: [{url: /v6}]", []),
        ("notes.yaml", "servers: [{url: /v7}]", []),
    ],
)
def test_reads_base_paths_of_openapi_documents(
    tmp_path: Path, name: str, text: str, expected: list[str]
) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text(text)
    assert documented_prefixes(tmp_path, ["/users/login", "/tags"]) == expected


def test_reads_no_huge_document(tmp_path: Path) -> None:
    (tmp_path / "openapi.yaml").write_text("servers: [{url: /v8}]\n" + "# \n" * 200_000)
    assert documented_prefixes(tmp_path, ["/tags"]) == []
