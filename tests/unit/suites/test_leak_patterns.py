"""What tells that an answer shows the insides of a server."""

from __future__ import annotations

import pytest

from worksample.suites.leak_patterns import INTERNALS


@pytest.mark.parametrize(
    "body",
    [
        b"<p>You\xe2\x80\x99re seeing this error because you have <code>DEBUG = True</code> in",
        b"Using the URLconf defined in <code>shop.urls</code>,\nDjango tried these URL patterns",
        b"The debugger caught an exception in your WSGI application.",
    ],
)
def test_page_of_the_debug_mode_shows_insides(body: bytes) -> None:
    assert [name for name, pattern in INTERNALS.items() if pattern.search(body)] == [
        "a page of the debug mode"
    ]


def test_plain_refusal_shows_no_insides() -> None:
    body = b'{"errors": {"path": ["does not exist"]}} <h1>Not Found</h1> DEBUG = True'
    assert not any(pattern.search(body) for pattern in INTERNALS.values())
