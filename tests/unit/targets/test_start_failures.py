"""Start failures: message, last log lines, command, environment and likely cause."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.unit.targets.servers import built
from worksample.errors import StartFailed, WorkspaceError
from worksample.services.postgres import PostgresServer
from worksample.targets import Target
from worksample.targets.causes import database_cause, start_cause, unreachable_database
from worksample.targets.environment import mask_secrets
from worksample.targets.startup import ReadinessWait

Seen = Callable[[ReadinessWait], bool]


async def fail(folder: Path, code: str, settings: str = "") -> StartFailed:
    with pytest.raises(StartFailed) as caught:
        async with built(folder, code, settings) as result, Target.start(result):
            raise AssertionError("the server must not start")
    return caught.value


def failure(folder: Path, code: str, settings: str = "") -> StartFailed:
    return asyncio.run(fail(folder, code, settings))


def failure_once(
    folder: Path, monkeypatch: pytest.MonkeyPatch, code: str, seen: Seen, settings: str = ""
) -> StartFailed:
    """Return the failure of a server that is never ready; its time is up once `seen` is true."""

    class UntilSeen(ReadinessWait):
        async def ready(self) -> str:
            watching = asyncio.create_task(self.watch())
            try:
                return await super().ready()
            finally:
                watching.cancel()

        async def watch(self) -> None:
            while not seen(self):
                await asyncio.sleep(0.01)
            self.timeout = 0.0

    monkeypatch.setattr("worksample.targets.target.ReadinessWait", UntilSeen)
    monkeypatch.setattr("worksample.targets.startup.IDLE_SECONDS", 600.0)
    return failure(folder, code, f"[run]\nstart_timeout = 600\nstop_timeout = 0.2\n{settings}")


def test_a_server_gets_the_time_in_which_others_had_the_cpu(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lost: list[float] = []

    def all_of(waits: object, seconds: float) -> float:
        lost.append(seconds)
        if sum(lost) > 1:
            (tmp_path / "ready").touch()
        return seconds

    monkeypatch.setattr("worksample.targets.startup.CpuWaits.lost", all_of)
    code = f"while not os.path.exists({str(tmp_path / 'ready')!r}): time.sleep(0.01)\nserve()"

    async def start() -> None:
        settings = "[run]\nstart_timeout = 0.5"
        async with built(tmp_path, code, settings) as result, Target.start(result):
            assert sum(lost) > 1

    asyncio.run(start())


def says(text: str) -> Seen:
    """Return whether the server's last answer to a probe is described by `text`."""
    return lambda wait: text in str(wait.result)


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


def test_hard_coded_port_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code = """
s = http.server.HTTPServer(("127.0.0.1", 0), Handler)
print(s.server_port, flush=True)
s.serve_forever()"""
    found = failure_once(tmp_path, monkeypatch, code, lambda wait: bool(wait.other_sockets))
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


def test_server_that_never_listens(tmp_path: Path) -> None:
    found = failure(tmp_path, "time.sleep(600)", "[run]\nstart_timeout = 1\nstop_timeout = 0.2")
    assert "was not ready within 1 s: it never listened on port" in found.message


def test_log_of_server_that_never_listens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code = "print('thinking', flush=True)\ntime.sleep(600)"
    found = failure_once(
        tmp_path, monkeypatch, code, lambda wait: "thinking" in wait.program.log.text()
    )
    assert "it never listened on port" in found.message
    assert found.log == "thinking"


def test_server_that_never_answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code = "s = socket.create_server(('127.0.0.1', PORT))\ntime.sleep(600)"
    monkeypatch.setattr("worksample.targets.startup.PROBE_TIMEOUT", 0.2)
    found = failure_once(tmp_path, monkeypatch, code, lambda wait: wait.result is not None)
    assert "accepts connections, but does not answer" in found.message


def test_server_that_always_answers_500(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code = """
class Bad(Handler):
    def do_GET(self):
        print("relation \\"users\\" does not exist", flush=True)
        self.answer(500, "")
serve(handler=Bad)"""
    settings = 'ready = "/api/tags"'
    found = failure_once(tmp_path, monkeypatch, code, says("answers 500"), settings)
    assert "answers 500 to GET /api/tags" in found.message
    assert "the table users is missing" in found.hint


def test_server_that_does_not_speak_http(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code = """
s = socket.create_server(("127.0.0.1", PORT))
while True:
    c, _ = s.accept()
    c.sendall(b"220 mail.example SMTP\\r\\n")
    c.close()"""
    found = failure_once(tmp_path, monkeypatch, code, says("220 mail"))
    assert "not in HTTP/1.1: b'220 mail" in found.message


def test_server_that_closes_every_connection(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = """
s = socket.create_server(("127.0.0.1", PORT))
while True:
    s.accept()[0].close()"""
    found = failure_once(tmp_path, monkeypatch, code, says("closes the connection"))
    assert "closes the connection without an answer" in found.message


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
            Target.start(result, [await server.create_resource()]),
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
            "DSN": "me:pw@tcp(127.0.0.1:3306)/db",
            "CONNECTION": "Host=here;Password=pw;Database=db",
            "CONNINFO": "host=here password=pw dbname=db",
        }
    )
    assert shown["DSN"] == "me:***@tcp(127.0.0.1:3306)/db"
    assert shown["CONNECTION"] == "Host=here;Password=***;Database=db"
    assert shown["CONNINFO"] == "host=here password=*** dbname=db"
    assert shown["DATABASE_URL"] == "postgresql://me:***@host/db"
    assert shown["PATH"] == "/venv/bin:$PATH"
    assert {shown[key] for key in ("PGPASSWORD", "STRIPE_API_KEY", "DB_PASS")} == {"***"}


@pytest.mark.parametrize(
    ("log", "expected"),
    [
        ("psycopg.OperationalError: password authentication failed", "DATABASE_URL"),
        ("Error: connect ECONNREFUSED 127.0.0.1:5432", '[env] DB_HOST = "{postgres.host}"'),
        ("(1146, \"Table 'app_1.users' doesn't exist\")", "the table users is missing"),
        ("User 'app_1' has exceeded the 'max_user_connections' resource", "does not close them"),
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


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            'connection to server at "127.0.0.1", port 5499 failed: Connection refused',
            "[services.postgres] port = 5499",
        ),
        (
            "OSError: Multiple exceptions: [Errno 111] Connect call failed ('::1', 5432, 0, 0)",
            "5432",
        ),
        ("Error: connect ECONNREFUSED ::1:5432", "[services.postgres] port = 5432"),
        ("dial tcp 127.0.0.1:5432: connect: connection refused", "port = 5432"),
        ("Connection to localhost:5432 refused. Check that the hostname and port", "port = 5432"),
        ('connection to server on socket "/run/postgresql/.s.PGSQL.5432" failed', "a socket"),
        ('could not translate host name "postgres-db" to address', "the host postgres-db"),
        ("Error: getaddrinfo ENOTFOUND db", "the host db"),
        ("dial tcp: lookup postgres on 10.0.0.2:53: no such host", "the host postgres"),
        ('FATAL:  password authentication failed for user "root"', "DATABASE_URL"),
        ("Error: The server does not support SSL connections", "sslmode=disable"),
        ("Can't connect to MySQL server on 'localhost' (111)", "MySQL"),
    ],
)
def test_unreachable_database_is_seen_in_the_log(line: str, expected: str) -> None:
    log = f"starting\n    {line}\nbye\n"
    assert unreachable_database(log) == line
    assert expected in start_cause(log)


@pytest.mark.parametrize(
    "log",
    [
        "all is well",
        "Error: connect ECONNREFUSED 127.0.0.1:6379",
        "Error: getaddrinfo ENOTFOUND api.example.org",
        'relation "users" does not exist',
        'FATAL: too many connections for database "app_1"',
    ],
)
def test_other_trouble_is_not_told_as_an_unreachable_database(log: str) -> None:
    assert unreachable_database(log) == ""


def test_old_clients_name_the_port_in_the_next_line() -> None:
    log = (
        "could not connect to server: Connection refused\n"
        '\tIs the server running on host "localhost" (127.0.0.1) and accepting\n'
        "\tTCP/IP connections on port 5432?\n"
    )
    assert unreachable_database(log) == "could not connect to server: Connection refused"
    assert "[services.postgres] port = 5432" in start_cause(log)


def test_unreachable_database_is_the_message(tmp_path: Path) -> None:
    line = "connect ECONNREFUSED 127.0.0.1:5432"
    found = failure(tmp_path, f"sys.exit({line!r})")
    assert found.message == (
        f"the server cannot reach its database: {line} "
        "(the server ended before it was ready (exit code 1))"
    )
    assert "[services.postgres] port = 5432" in found.hint


def test_unreachable_database_is_the_message_of_a_release_command(tmp_path: Path) -> None:
    line = "connect ECONNREFUSED 127.0.0.1:5432"
    found = failure(tmp_path, "serve()", f"[run]\nrelease = \"echo '{line}'; exit 2\"\n")
    assert found.message.startswith(f"the release command cannot reach the database: {line}")
    assert "exit code 2" in found.message
