"""The second port: one that is free, and then always the same."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from tests.scenarios._harness.place import Place
from worksample.sandbox.ports import free_port


@contextmanager
def around(place: Place) -> Iterator[None]:
    """Choose the port."""
    (place.workspace / "metrics-port").write_text(str(free_port()))
    yield
