"""mysqlclient, which Django recommends, gets the same from MySQL with and without the wire.

It is MariaDB's client library, written in C, and has to be compiled: `pip install mysqlclient`
needs `libmariadb-dev` and `pkg-config`. It runs in a process of its own, as other tests install
PyMySQL under its name.
"""

from __future__ import annotations

import asyncio
import json
import sys
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest

from tests.support.machine import OF_THE_MACHINE
from tests.support.mariadb import needs_mariadb
from tests.wire.mysql_harness import run_mysql_scene
from worksample.services.mysql import MariadbServer
from worksample.wire import Outcome, Wire

TALK = Path(__file__).parents[1] / "support" / "apps" / "mysqlclient-talk" / "talk.py"


def is_installed() -> bool:
    """Ask for the distribution: a module of its name may be PyMySQL."""
    return any(metadata.distributions(name="mysqlclient"))


pytestmark = [
    needs_mariadb,
    pytest.mark.slow,
    pytest.mark.skipif(
        not is_installed(),
        reason=f"{OF_THE_MACHINE}it has no mysqlclient, which is compiled with libmariadb-dev",
    ),
]


async def talk(url: str) -> Any:
    client = await asyncio.create_subprocess_exec(
        sys.executable, str(TALK), url, stdout=asyncio.subprocess.PIPE
    )
    printed, _ = await client.communicate()
    return json.loads(printed)


def test_mysqlclient_gets_the_same_with_and_without_wire(mariadb: MariadbServer) -> None:
    async def scene(wire: Wire) -> None:
        direct = await talk(wire.upstream.url)
        assert await talk(wire.database.url) == direct
        assert len(direct) > 12
        assert wire.history and not wire.problems
        assert await wire.wait_idle(20)
        assert all(each.outcome is Outcome.ANSWERED for each in wire.history)
        assert [each.error for each in wire.history if each.error] == ["1062", "1054", "1062"]
        assert sum("for update" in str(each).lower() for each in wire.history) == 2

    run_mysql_scene(mariadb, scene)
