"""Use the challenge `members`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from tests.scenarios._harness.workdir import HERE, Workdir


@contextmanager
def around(workdir: Workdir) -> Iterator[None]:
    """Let the program find the challenge, and hand the server the environment of the variant."""
    workdir.environment["WORKSAMPLE_CHALLENGES"] = str(HERE / "_members")
    if "ALSO_LOGIN" in workdir.environment:
        settings = workdir.workspace / "worksample.toml"
        settings.write_text(f'{settings.read_text()}\n[env]\nALSO_LOGIN = "yes"\n')
    yield
