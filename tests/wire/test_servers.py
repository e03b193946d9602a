"""Real servers on real frameworks, started on the wire as in a check."""

from __future__ import annotations

import asyncio
import json
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from tests.wire.harness import direct_and_wired, run_scene, statements_of
from worksample.catalogue import load
from worksample.services.postgres import PostgresServer
from worksample.stacks import detect
from worksample.targets import Target
from worksample.wire import FaultScript, Wire, account
from worksample.wire.faults.hold import Hold

pytestmark = [pytest.mark.slow, pytest.mark.alone]
SOLUTIONS = load("conduit").answers("this test").solutions
NODE = """
const { Client, Pool } = require("pg");
const url = process.argv[2];
async function main() {
  const client = new Client({ connectionString: url });
  await client.connect();
  const found = [];
  const note = (result) => found.push([result.command, result.rowCount, result.rows]);
  note(await client.query("create temp table t(a int primary key, b text)"));
  for (let n = 0; n < 5; n++) {
    const named = { name: "put", text: "insert into t values ($1, $2) returning a" };
    note(await client.query({ ...named, values: [n, "x".repeat(n)] }));
  }
  found.push((await client.query("select 1 as a; select 2 as b")).map((each) => each.rows));
  for (const text of ["insert into t values (1)", "select nothing"]) {
    await client.query(text).catch((error) => found.push([error.code, error.message]));
  }
  note(await client.query("select * from t where a > $1 order by a", [2]));
  await client.end();
  const pool = new Pool({ connectionString: url, max: 3 });
  const queries = [...Array(20).keys()].map((n) => pool.query("select $1::int as n", [n]));
  found.push((await Promise.all(queries)).map((each) => each.rows[0].n));
  await pool.end();
  console.log(JSON.stringify(found));
}
main();
"""


async def ask(target: Target, method: str, path: str, body: object = None) -> tuple[int, Any]:
    """Send a request of the contract and return its status and JSON body."""

    def send() -> tuple[int, Any]:
        request = urllib.request.Request(
            f"{target.base_url}/api{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, json.load(answer)

    return await asyncio.to_thread(send)


def register(name: str) -> dict[str, dict[str, str]]:
    return {"user": {"username": name, "email": f"{name}@x.io", "password": "correct horse"}}


@pytest.mark.parametrize("stack", ["python-fastapi", "node-express"])
def test_reference_solution_runs_on_the_wire(server: PostgresServer, stack: str) -> None:
    async def scene(wire: Wire) -> None:
        async with (
            detect(SOLUTIONS[stack]).build() as built,
            Target.start(built, [wire.database]) as target,
        ):
            await exercise_reference(wire, target)

    run_scene(server, scene)


async def exercise_reference(wire: Wire, target: Target) -> None:
    """Send traced requests, and one that is held before it writes."""
    assert await wire.wait_idle(20)
    async with wire.trace("register") as trace:
        status, answer = await ask(target, "POST", "/users", register("ada"))
    assert (status, answer["user"]["username"]) == (201, "ada")
    assert account(trace.trips).writes >= 1
    assert trace.sure and not trace.late
    async with wire.trace("list") as listed:
        status, answer = await ask(target, "GET", "/articles")
    assert (status, answer["articlesCount"]) == (200, 0)
    assert account(listed.trips).writes == 0
    assert any("article" in each for each in statements_of(listed.trips))
    async with wire.trace("held", FaultScript({1: Hold()})) as held:
        request = asyncio.create_task(ask(target, "POST", "/users", register("bob")))
        interception = await held.wait_for_step(1, unless=request)
        assert interception is not None and not request.done()
        async with wire.trace("other") as other:
            status, _ = await ask(target, "POST", "/users", register("cleo"))
        assert status == 201 and other.trips and other.sure
        interception.release()
        assert (await request)[0] == 201
    assert held.sure
    assert not wire.problems


def test_node_postgres_results_are_equal_with_and_without_wire(
    server: PostgresServer, tmp_path: Path
) -> None:
    async def scene(wire: Wire) -> None:
        async with detect(SOLUTIONS["node-express"]).build() as built:
            program = built.folder / "worksample-test.cjs"
            program.write_text(NODE)
            direct, wired = await direct_and_wired(wire, built, "node", str(program))
        assert wired == direct
        assert sum("returning a" in each for each in statements_of(list(wire.history))) == 5
        assert [each.error for each in wire.history if each.error] == ["23505", "42703"]

    run_scene(server, scene)
