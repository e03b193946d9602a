"""MySqlConnector gets the same from MySQL with and without the wire."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.support.dotnet import needs_dotnet
from tests.support.mariadb import needs_mariadb
from tests.wire.harness import direct_and_wired
from tests.wire.mysql_harness import run_mysql_scene
from tests.wire.test_mysql_frameworks import assert_all_parsed
from worksample.services.mysql import MariadbServer
from worksample.stacks import detect
from worksample.wire import Wire

TALK = Path(__file__).parents[1] / "support" / "apps" / "mysqlconnector-talk"
COMMAND = ("dotnet", ".worksample-out/Talk.dll")

pytestmark = [needs_dotnet, needs_mariadb, pytest.mark.slow, pytest.mark.timeout(600)]


async def build() -> None:
    """Fill the cache of builds, since the first build may take longer than a scene."""
    async with detect(TALK).build():
        pass


def test_mysqlconnector_gets_the_same_with_and_without_wire(mariadb: MariadbServer) -> None:
    """Its pool resets each session: it sends that and SET NAMES without waiting in between."""

    async def scene(wire: Wire) -> None:
        async with detect(TALK).build() as built:
            direct, wired = await direct_and_wired(wire, built, *COMMAND)
        assert wired == direct
        *_, without_tls, without_files, copied = direct
        assert "does not support SSL" in without_tls
        assert without_files.startswith("4166 ")
        assert copied == 0
        await assert_all_parsed(wire)
        failed = [each.error for each in wire.history if each.error]
        assert failed == ["1062", "1054", "1062", "1054", "4166"]
        executed = [each for trip in wire.history for each in trip.statements if each.executed]
        inserted = [each for each in executed if each.changed_rows and "INSERT" in each.sql]
        assert [each.parameters for each in inserted] == [0, 0, 0, 1, 1, 1]
        assert sum("FOR UPDATE" in each.sql for each in executed) == 2

    asyncio.run(build())
    run_mysql_scene(mariadb, scene)
