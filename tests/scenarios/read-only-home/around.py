"""A home that belongs to somebody else."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from tests.scenarios._harness.place import Place


@contextmanager
def around(place: Place) -> Iterator[None]:
    """Take the home away from its user."""
    os.chown(place.home, 0, 0)
    yield
    assert list(place.home.iterdir()) == []
