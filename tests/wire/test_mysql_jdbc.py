"""Connector/J and MariaDB's Java client get the same from MySQL with and without the wire."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.support.java import NO_JAVA
from tests.support.mariadb import needs_mariadb
from tests.wire.harness import direct_and_wired
from tests.wire.mysql_harness import run_mysql_scene
from tests.wire.test_mysql_frameworks import assert_all_parsed
from worksample.services.mysql import MariadbServer
from worksample.stacks import detect
from worksample.stacks.java.building import SERVER
from worksample.wire import Wire

#: How often the program goes through everything: with each driver, in some of its modes.
WAYS = 7
TALK = Path(__file__).parents[1] / "support" / "apps" / "jdbc-talk"

pytestmark = [NO_JAVA, needs_mariadb, pytest.mark.slow, pytest.mark.timeout(600)]


async def build() -> None:
    """Fill the cache of builds, since the first build may take longer than a scene."""
    async with detect(TALK).build():
        pass


def test_jdbc_drivers_get_the_same_with_and_without_wire(mariadb: MariadbServer) -> None:
    """As text, prepared, with a cursor, pipelined, in batches of one command and of many."""

    async def scene(wire: Wire) -> None:
        async with detect(TALK).build() as built:
            direct, wired = await direct_and_wired(wire, built, "java", "-jar", SERVER)
        assert wired == direct
        assert all("ssl" in each.lower() for each in direct[-2:])
        assert direct.count("inserted 1") == 3 * WAYS
        assert sum(each.startswith("1062 ") for each in direct) == WAYS
        assert sum(each.startswith("4166 ") for each in direct) == WAYS
        await assert_all_parsed(wire)

    asyncio.run(build())
    run_mysql_scene(mariadb, scene)
