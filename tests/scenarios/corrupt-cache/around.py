"""Damage the cache after a first run has filled it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from tests.scenarios._harness.workdir import Workdir


@contextmanager
def around(workdir: Workdir) -> Iterator[None]:
    """Fill the cache, then delete parts of its entries but not their completion markers."""
    workdir.own_cache()
    first = workdir.run("check", "workspace", "--seed", "7", "--no-html")
    assert first.returncode == 0, first.stderr
    damaged = [
        *workdir.cache.glob("postgres-data/*/data/base"),
        *workdir.cache.glob("python/*/bin"),
    ]
    assert len(damaged) == 2
    for each in damaged:
        shutil.rmtree(each)
    yield
