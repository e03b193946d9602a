"""Make the workspace read-only for the user."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from tests.scenarios._harness.workdir import Workdir


@contextmanager
def around(workdir: Workdir) -> Iterator[None]:
    """Change the owner of the workspace."""
    os.chown(workdir.workspace, 0, 0)
    yield
