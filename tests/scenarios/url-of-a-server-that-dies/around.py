"""Start the server outside of `worksample` and pass its URL."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from tests.scenarios._harness.workdir import Workdir


@contextmanager
def around(workdir: Workdir) -> Iterator[None]:
    """Run the server of the workspace and add `--url`."""
    with workdir.serving() as url:
        workdir.arguments += ["--url", url]
        yield
