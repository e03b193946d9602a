"""Start failures: message, last log lines, command, environment and likely cause."""

from __future__ import annotations

import asyncio
import socket
from pathlib import Path

import pytest

from tests.unit.targets.servers import built
from worksample.errors import StartFailed, WorkspaceError
from worksample.services.postgres import PostgresServer
from worksample.targets import Target
from worksample.targets.causes import database_cause, start_cause
from worksample.targets.environment import mask_secrets

SHORT = "[run]\nstart_timeout = 6\nstop_timeout = 0.2\n"
NEVER_READY = {
    "hard-coded": """
s = http.server.HTTPServer(("127.0.0.1", 0), Handler)
print(s.server_port, flush=True)
s.serve_forever()""",
    "never listens": "print('thinking', flush=True)\ntime.sleep(600)",
    "never answers": "s = socket.create_server(('127.0.0.1', PORT))\ntime.sleep(600)",
    "answers 500": """
class Bad(Handler):
    def do_GET(self):
        self.answer(500, "")
        print("relation \\"users\\" does not exist", flush=True)
serve(handler=Bad)""",
    "not HTTP": """
s = socket.create_server(("127.0.0.1", PORT))
while True:
    c, _ = s.accept()
    c.sendall(b"220 mail.example SMTP\\r\\n")
    c.close()""",
    "closes connections": """
s = socket.create_server(("127.0.0.1", PORT))
while True:
    s.accept()[0].close()""",
}


async def fail(folder: Path, code: str, settings: str = "") -> StartFailed:
    with pytest.raises(StartFailed) as caught:
        async with built(folder, code, settings) as result, Target.start(result):
            raise AssertionError("the server must not start")
    return caught.value


def failure(folder: Path, code: str, settings: str = "") -> StartFailed:
    return asyncio.run(fail(folder, code, settings))


@pytest.fixture(scope="module")
def timed_out(tmp_path_factory: pytest.TempPathFactory) -> dict[str, StartFailed]:
    """The failures of servers that reach their timeout, started concurrently to wait only once."""

    async def main() -> list[StartFailed]:
        settings = f'{SHORT}ready = "/api/tags"\n'
        starts = [
            fail(tmp_path_factory.mktemp("server"), code, settings) for code in NEVER_READY.values()
        ]
        return await asyncio.gather(*starts)

    return dict(zip(NEVER_READY, asyncio.run(main()), strict=True))


def test_early_exit_reports_code_command_and_log(tmp_path: Path) -> None:
    found = failure(tmp_path, "print('\\n'.join(f'line {n}' for n in range(100)))\nsys.exit(3)")
    assert found.message == "the server ended before it was ready (exit code 3)"
    assert found.command == "python server.py"
    assert found.log.splitlines() == [f"line {n}" for n in range(60, 100)]
    assert found.environment["PORT"].isdigit()
    assert found.environment["SECRET_KEY"] == "***"


def test_crash_names_the_signal(tmp_path: Path) -> None:
    assert "killed by SIGABRT" in failure(tmp_path, "os.abort()").message


def test_missing_module_is_named(tmp_path: Path) -> None:
    found = failure(tmp_path, "import no_such_thing")
    assert "the module no_such_thing was not found" in found.hint


def test_missing_variable_is_named(tmp_path: Path) -> None:
    found = failure(tmp_path, "os.environ['STRIPE_API_URL']")
    assert "requires the variable STRIPE_API_URL" in found.hint


def test_hard_coded_port_is_reported(timed_out: dict[str, StartFailed]) -> None:
    found = timed_out["hard-coded"]
    port = found.log.split()[0]
    assert found.message.startswith(f"the server listens on port {port}, not on $PORT (")
    assert f"[run] port = {port}" in found.hint


def test_hard_coded_port_is_reported_before_the_timeout(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("worksample.targets.startup.IDLE_SECONDS", 0.2)
    found = failure(tmp_path, "serve(port=0)", "[run]\nstart_timeout = 600")
    assert "not on $PORT" in found.message


def test_taken_hard_coded_port_is_reported(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        found = failure(tmp_path, f"serve(port={other.getsockname()[1]})")
    assert found.hint == "the server listens on a port that is already in use: listen on $PORT"


def test_taken_fixed_port_is_reported(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        found = failure(tmp_path, "serve()", f"[run]\nport = {port}")
    assert f"port {port} ([run] port in worksample.toml) is already in use" in found.message


def test_server_that_never_listens(timed_out: dict[str, StartFailed]) -> None:
    found = timed_out["never listens"]
    assert "was not ready within 6 s: it never listened on port" in found.message
    assert found.log == "thinking"


def test_server_that_never_answers(timed_out: dict[str, StartFailed]) -> None:
    assert "accepts connections, but does not answer" in timed_out["never answers"].message


def test_server_that_always_answers_500(timed_out: dict[str, StartFailed]) -> None:
    assert "answers 500 to GET /api/tags" in timed_out["answers 500"].message
    assert "the table users is missing" in timed_out["answers 500"].hint


def test_server_that_does_not_speak_http(timed_out: dict[str, StartFailed]) -> None:
    assert "not in HTTP/1.1: b'220 mail" in timed_out["not HTTP"].message


def test_server_that_closes_every_connection(timed_out: dict[str, StartFailed]) -> None:
    assert "closes the connection without an answer" in timed_out["closes connections"].message


def test_missing_program_is_named(tmp_path: Path) -> None:
    found = failure(tmp_path, "", '[run]\ncommand = "no-such-program --port $PORT"')
    assert "the program no-such-program is not installed" in found.hint
    found = failure(tmp_path, "", '[run]\ncommand = ["no-such-program"]')
    assert "no-such-program: FileNotFoundError" in found.message


def test_failed_release_command_reports_its_log(tmp_path: Path) -> None:
    release = '[run]\nrelease = "echo first; echo second; exit 4"'
    found = failure(tmp_path, "serve()", release)
    assert found.message == "the release command failed (exit code 4)"
    assert found.log == "first\nsecond"
    assert found.command == "echo first; echo second; exit 4"


def test_unknown_placeholder_raises_workspace_error(tmp_path: Path) -> None:
    async def main() -> None:
        settings = '[env]\nDB = "{postgres.prot}"'
        async with (
            PostgresServer.start() as server,
            built(tmp_path, "serve()", settings) as result,
            Target.start(result, [await server.create_database()]),
        ):
            raise AssertionError("the server must not start")

    with pytest.raises(WorkspaceError, match=r"\{postgres\.prot\}") as caught:
        asyncio.run(main())
    assert "{postgres.port}" in caught.value.hint


def test_failed_start_ends_child_processes(tmp_path: Path) -> None:
    code = "subprocess.Popen(['sleep', '600'], start_new_session=True)\nprint('up')\nsys.exit(1)"
    assert "exit code 1" in failure(tmp_path, code).message


def test_daemonizing_server_gets_a_foreground_hint(tmp_path: Path) -> None:
    found = failure(tmp_path, "if os.fork(): os._exit(0)\nserve()")
    assert "(exit code 0)" in found.message
    assert "keep it in the foreground" in found.hint


def test_mask_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/bin")
    shown = mask_secrets(
        {
            "DATABASE_URL": "postgresql://me:pw@host/db",
            "PGPASSWORD": "pw",
            "STRIPE_API_KEY": "k",
            "PATH": "/venv/bin:/bin",
            "DB_PASS": "x",
        }
    )
    assert shown["DATABASE_URL"] == "postgresql://me:***@host/db"
    assert shown["PATH"] == "/venv/bin:$PATH"
    assert {shown[key] for key in ("PGPASSWORD", "STRIPE_API_KEY", "DB_PASS")} == {"***"}


@pytest.mark.parametrize(
    ("log", "expected"),
    [
        ("psycopg.OperationalError: password authentication failed", "DATABASE_URL"),
        ("Error: connect ECONNREFUSED 127.0.0.1:5432", '[env] DB_HOST = "{postgres.host}"'),
        ("ModuleNotFoundError: No module named 'psycopg2'", "postgresql+psycopg://{postgres.user}"),
        ("The asyncio extension requires an async driver to be used", "postgresql+asyncpg://"),
        ("Error: Cannot find module 'express'", "the module express was not found"),
        (
            "Error: listen EADDRINUSE: address already in use :::3000",
            "a port that is already in use",
        ),
        ('Error loading ASGI app. Could not import module "app.main".', "app.main"),
        ('ERROR: extension "pgcrypto" is not available', "does not have the extension pgcrypto"),
        ("pydantic: 2 validation errors for Settings", "Settings"),
        ("sh: 1: gunicorn: not found", "the program gunicorn is not installed"),
        ("all is well", ""),
    ],
)
def test_start_cause(log: str, expected: str) -> None:
    assert expected in start_cause(log)
    assert bool(expected) == bool(start_cause(log))


@pytest.mark.parametrize(
    ("log", "expected"),
    [
        ('FATAL: too many connections for database "app_1"', "does not close them"),
        ("Error: connect ECONNREFUSED 127.0.0.1:5432", ""),
        ('relation "users" does not exist', ""),
    ],
)
def test_database_cause_ignores_effects_of_injected_faults(log: str, expected: str) -> None:
    cause = database_cause(log, faults_injected=True)
    assert expected in cause
    assert bool(expected) == bool(cause)
    assert database_cause(log)
