"""The server's environment: conventional variables, [env], nothing inherited."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from tests.unit.targets.servers import built
from tests.unit.targets.test_target import get
from worksample.services.postgres import PostgresServer
from worksample.targets import Target

PRINT_ENVIRONMENT = """
class Shows(Handler):
    def do_GET(self):
        self.answer(200, json.dumps(dict(os.environ)))
serve(handler=Shows)
"""


def server_environment(folder: Path, settings: str = "") -> dict[str, str]:
    async def main() -> dict[str, str]:
        async with (
            PostgresServer.start() as server,
            built(folder, PRINT_ENVIRONMENT, settings) as result,
            Target.start(result, [await server.create_resource()]) as target,
        ):
            environment: dict[str, str] = json.loads(await get(target))
            assert Path(environment["TMPDIR"]).is_dir()
            return environment

    return asyncio.run(main())


def test_server_gets_conventional_variables_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MY_PRIVATE_TOKEN", "secret")
    monkeypatch.setenv("DATABASE_URL", "postgresql://production/")
    environment = server_environment(tmp_path)
    assert set(environment) <= {
        *("PORT", "HOST", "HOME", "TMPDIR", "LANG", "NODE_ENV", "PYTHONUNBUFFERED", "PATH"),
        *("SECRET_KEY", "JWT_SECRET", "DATABASE_URL", "PGHOST", "PGPORT", "PGUSER"),
        *("PGPASSWORD", "PGDATABASE", "VIRTUAL_ENV", "PYTHONPATH", "PWD", "SHLVL", "_"),
        *("LC_CTYPE", "OLDPWD"),
    }
    assert environment["HOST"] == "127.0.0.1"
    assert "production/" not in environment["DATABASE_URL"]
    assert environment["SECRET_KEY"] != environment["JWT_SECRET"]


def test_env_placeholders_are_filled(tmp_path: Path) -> None:
    settings = """
[env]
DB = "postgresql+asyncpg://{postgres.user}:{postgres.password}@{postgres.host}:{postgres.port}/x"
LISTEN = "{host}:{port}"
SECRET_KEY = "mine"
"""
    environment = server_environment(tmp_path, settings)
    assert environment["DB"] == (
        f"postgresql+asyncpg://{environment['PGUSER']}:{environment['PGPASSWORD']}@127.0.0.1:{environment['PGPORT']}/x"
    )
    assert environment["LISTEN"] == f"127.0.0.1:{environment['PORT']}"
    assert environment["SECRET_KEY"] == "mine"
