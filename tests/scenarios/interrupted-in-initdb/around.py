"""With a cache of its own, which is empty; and a second run on what the first has left."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from tests.scenarios._harness.place import Place


@contextmanager
def around(place: Place) -> Iterator[None]:
    """Let the cache be new, and see that what is left of it does no harm."""
    place.own_cache()
    yield
    again = place.run("check", "workspace", "--seed", "7")
    assert again.returncode == 0, again.stderr
