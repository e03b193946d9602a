"""A fixed port for the database, in worksample.toml: what is wrong with it is told at once."""

from __future__ import annotations

import socket
from pathlib import Path

from tests.support.counters import ENVIRONMENT, counter_workspace
from tests.support.running import worksample


def refused(folder: Path, text: str) -> str:
    """Return what `check` says of settings that it does not accept."""
    settings = counter_workspace("correct", folder) / "worksample.toml"
    settings.write_text(f"{settings.read_text()}\n{text}")
    done = worksample("check", cwd=folder, env=ENVIRONMENT)
    assert done.returncode == 2, done.stdout + done.stderr
    return done.stderr


def test_taken_port_is_told_with_file_and_key(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        told = refused(tmp_path / "mine", f"[services.postgres]\nport = {port}\n")
    line = f"worksample.toml:8: services.postgres.port: another program listens on port {port}"
    assert line in told


def test_port_of_another_service_is_told_with_file_and_key(tmp_path: Path) -> None:
    told = refused(tmp_path / "mine", "[services.redis]\nport = 6379\n")
    assert "worksample.toml:8: services.redis.port: this run has no database called redis" in told


def test_unknown_key_is_told_with_file_and_key(tmp_path: Path) -> None:
    told = refused(tmp_path / "mine", "[services.postgres]\nprot = 5432\n")
    assert "worksample.toml:8: services.postgres.prot: unknown key; did you mean port?" in told
