"""What every test can use."""

import os
import uuid
from collections.abc import Callable, Iterator

import httpx
import pytest


@pytest.fixture(scope="session")
def client() -> Iterator[httpx.Client]:
    """Send requests to the server: `client.get("/tags")`."""
    base_url = os.environ["BASE_URL"].rstrip("/")
    with httpx.Client(base_url=f"{base_url}/api", timeout=10) as opened:
        yield opened


@pytest.fixture
def new_email() -> Callable[[], str]:
    """Make an e-mail address that nobody has yet."""
    return lambda: f"{uuid.uuid4().hex}@example.com"
