"""A server sees what it is given and nothing of ours."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from tests.unit.targets.servers import built
from tests.unit.targets.test_target import get
from worksample.services.postgres import PostgresServer
from worksample.targets import Target

SHOWS = """
class Shows(Handler):
    def do_GET(self):
        self.answer(200, json.dumps(dict(os.environ)))
serve(handler=Shows)
"""


def shown(folder: Path, settings: str = "") -> dict[str, str]:
    async def main() -> dict[str, str]:
        async with (
            PostgresServer.start() as server,
            built(folder, SHOWS, settings) as result,
            Target.start(result, [await server.create_database()]) as target,
        ):
            seen: dict[str, str] = json.loads(await get(target))
            assert Path(seen["TMPDIR"]).is_dir()
            return seen

    return asyncio.run(main())


def test_the_conventions_are_met_and_nothing_leaks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MY_PRIVATE_TOKEN", "secret")
    monkeypatch.setenv("DATABASE_URL", "postgresql://production/")
    seen = shown(tmp_path)
    assert set(seen) <= {
        *("PORT", "HOST", "HOME", "TMPDIR", "LANG", "NODE_ENV", "PYTHONUNBUFFERED", "PATH"),
        *("SECRET_KEY", "JWT_SECRET", "DATABASE_URL", "PGHOST", "PGPORT", "PGUSER"),
        *("PGPASSWORD", "PGDATABASE", "VIRTUAL_ENV", "PYTHONPATH", "PWD", "SHLVL", "_"),
        *("LC_CTYPE", "OLDPWD"),
    }
    assert seen["HOST"] == "127.0.0.1"
    assert "production/" not in seen["DATABASE_URL"]
    assert seen["SECRET_KEY"] != seen["JWT_SECRET"]


def test_its_own_names_are_filled(tmp_path: Path) -> None:
    settings = """
[env]
DB = "postgresql+asyncpg://{postgres.user}:{postgres.password}@{postgres.host}:{postgres.port}/x"
LISTEN = "{host}:{port}"
SECRET_KEY = "mine"
"""
    seen = shown(tmp_path, settings)
    assert seen["DB"] == (
        f"postgresql+asyncpg://{seen['PGUSER']}:{seen['PGPASSWORD']}@127.0.0.1:{seen['PGPORT']}/x"
    )
    assert seen["LISTEN"] == f"127.0.0.1:{seen['PORT']}"
    assert seen["SECRET_KEY"] == "mine"
