"""Folders for tests in which the user nobody runs PostgreSQL's programs."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """An empty folder that other users can enter.

    `tmp_path` lies in a folder that all pytest sessions of a user share, and every session that
    starts closes it to other users, in the middle of the tests of another one.
    """
    with tempfile.TemporaryDirectory(prefix="worksample-test-") as place:
        folder = Path(place).resolve()
        folder.chmod(0o755)
        yield folder
