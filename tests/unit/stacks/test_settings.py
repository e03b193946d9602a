"""worksample.toml: every key is read, and all errors are reported with their lines."""

from __future__ import annotations

from pathlib import Path

import pytest

from worksample.errors import WorkspaceError
from worksample.stacks import detect
from worksample.stacks.settings import Settings, fill_placeholders, load_settings

ALL_KEYS = """
challenge = "conduit"
stack = "python-fastapi"
base_path = "/api/"

[build]
command = [["make", "all"], ["make", "more"]]

[run]
command = "uvicorn app:app --port $PORT"
release = ""
cwd = "backend"
ready = "/api/tags"
start_timeout = 30
stop_timeout = 2.5
port = 3000

[env]
DB_HOST = "{postgres.host}"
DEBUG = false
WORKERS = 2

[dialect]
scheme = "Bearer"

[services]
database = "postgres"
optional = ["mailbox"]
"""


def load(folder: Path, text: str) -> Settings:
    (folder / "worksample.toml").write_text(text)
    return load_settings(folder)


def error_message(folder: Path, text: str) -> str:
    with pytest.raises(WorkspaceError) as caught:
        load(folder, text)
    return caught.value.message


def test_missing_file_gives_defaults(tmp_path: Path) -> None:
    assert load_settings(tmp_path) == Settings()


def test_every_key_is_read(tmp_path: Path) -> None:
    found = load(tmp_path, ALL_KEYS)
    assert found == Settings(
        challenge="conduit",
        stack="python-fastapi",
        build=(("make", "all"), ("make", "more")),
        command="uvicorn app:app --port $PORT",
        release="",
        cwd="backend",
        ready="/api/tags",
        start_timeout=30.0,
        stop_timeout=2.5,
        port=3000,
        base_path="/api",
        env={"DB_HOST": "{postgres.host}", "DEBUG": "false", "WORKERS": "2"},
        dialect={"scheme": "Bearer"},
        services={"database": "postgres", "optional": ("mailbox",)},
        source=tmp_path / "worksample.toml",
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('chalenge = "x"', ":1: chalenge: unknown key; did you mean challenge?"),
        ('[run]\n\ncomand = "x"', ":3: run.comand: unknown key; did you mean command?"),
        ("[zebra]\na = 1", ":1: zebra: unknown key; known keys:"),
        ("[run]\nport = 70000", ":2: run.port: must be a port from 1 to 65535, not 70000"),
        ("[run]\nport = true", ":2: run.port: must be a port"),
        ("[run]\nstart_timeout = 0", ":2: run.start_timeout: must be a number of seconds"),
        ('[run]\nstart_timeout = "1"', ":2: run.start_timeout: must be a number of seconds"),
        ('[run]\nready = "tags"', ":2: run.ready: must be a path that starts with /"),
        ('[run]\nready = "/a\\r\\nX: y"', ":2: run.ready: must be a path"),
        ('[run]\ncwd = "../other"', ":2: run.cwd: must be a folder inside the project"),
        ('[run]\ncwd = "/etc"', ":2: run.cwd: must be a folder inside the project"),
        ("[run]\ncommand = []", ":2: run.command: must be a command"),
        ('[run]\ncommand = " "', ":2: run.command: must be a command"),
        ("[build]\ncommand = [1]", ":2: build.command: must be a command"),
        ("[build]\npython = 3.9", ":2: build.python: must be a version in quotes, such as"),
        ('[build]\npython = "latest"', ":2: build.python: must be a version in quotes"),
        ('[build]\npyhton = "3.9"', ":2: build.pyhton: unknown key"),
        ("[env]\nA = [1]", ":2: env.A: must be a string in quotes"),
        ('env = "A=1"', ":1: env: must be a table"),
        ("run.port = 0", ":1: run.port: must be a port"),
        ("[services.postgres]\nport = 0", ":2: services.postgres.port: must be a port"),
        ('[services.postgres]\nport = "x"', ":2: services.postgres.port: must be a port"),
        ("[services.postgres]\nprt = 1", ":2: services.postgres.prt: unknown key; did you mean"),
        ("services = 3", ":1: services: must be a table"),
        ("challenge = 3", ":1: challenge: must be a string in quotes, not 3"),
    ],
)
def test_error_names_line_and_key(tmp_path: Path, text: str, expected: str) -> None:
    assert expected in error_message(tmp_path, text)


def test_port_of_a_service_stands_beside_the_choice_of_services(tmp_path: Path) -> None:
    text = '[services]\ndatabase = "postgres"\n\n[services.postgres]\nport = 5432\n'
    settings = load(tmp_path, text)
    assert settings.services == {"database": "postgres"}
    assert settings.service_ports == {"postgres": 5432}
    assert settings.has_fixed_port
    assert not Settings().has_fixed_port


def test_all_errors_are_reported_at_once(tmp_path: Path) -> None:
    lines = error_message(tmp_path, 'a = 1\n[run]\nport = 0\nready = "x"').splitlines()
    assert [line.split(":")[1] for line in lines] == ["1", "3", "4"]
    assert all(line.startswith(str(tmp_path / "worksample.toml")) for line in lines)


def test_invalid_toml_names_the_line(tmp_path: Path) -> None:
    assert "line 2" in error_message(tmp_path, "a = 1\nb = = 2\n")


def test_undecodable_file_is_reported(tmp_path: Path) -> None:
    (tmp_path / "worksample.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(WorkspaceError, match=r"worksample\.toml cannot be read"):
        load_settings(tmp_path)


def test_fill_placeholders_leaves_other_braces(tmp_path: Path) -> None:
    settings = load(
        tmp_path, '[env]\nURL = "pg://{postgres.user}@{postgres.host}"\nJSON = \'{"A": 1}\''
    )
    values = {"postgres.user": "me", "postgres.host": "here"}
    assert fill_placeholders(settings, values) == {"URL": "pg://me@here", "JSON": '{"A": 1}'}


def test_unknown_placeholder_lists_the_known_ones(tmp_path: Path) -> None:
    settings = load(tmp_path, '[env]\nURL = "{postgres.hots}"')
    with pytest.raises(WorkspaceError, match=r"toml:2: env\.URL: unknown placeholder") as caught:
        fill_placeholders(settings, {"postgres.host": "x", "port": "1"})
    assert caught.value.hint == "known placeholders: {port} {postgres.host}"


def test_unknown_placeholder_is_reported_before_the_build(tmp_path: Path) -> None:
    (tmp_path / "server.py").write_text("")
    (tmp_path / "worksample.toml").write_text('[env]\nA = "{port}"\nB = "{redis.url}"')
    with pytest.raises(WorkspaceError, match=r"toml:3: env\.B: unknown placeholder") as caught:
        detect(tmp_path)
    assert "{postgres.url}" in caught.value.hint
