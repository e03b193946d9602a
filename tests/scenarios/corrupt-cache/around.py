"""A cache that was whole once."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from tests.scenarios._harness.place import Place


@contextmanager
def around(place: Place) -> Iterator[None]:
    """Fill a cache, and damage everything in it, behind its markers."""
    place.own_cache()
    first = place.run("check", "workspace", "--seed", "7", "--no-html")
    assert first.returncode == 0, first.stderr
    damaged = [*place.cache.glob("postgres-data/*/data/base"), *place.cache.glob("python/*/bin")]
    assert len(damaged) == 2
    for each in damaged:
        shutil.rmtree(each)
    yield
