"""A server that somebody else started."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from tests.scenarios._harness.place import Place


@contextmanager
def around(place: Place) -> Iterator[None]:
    """Start the server of the workspace, and name its address."""
    with place.serving() as url:
        place.arguments += ["--url", url]
        yield
