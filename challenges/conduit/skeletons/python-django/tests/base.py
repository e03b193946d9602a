"""What every test can use."""

import os
import unittest
import uuid

import httpx


class ApiTestCase(unittest.TestCase):
    """Sends requests to the server: `self.client.get("/tags")`."""

    @classmethod
    def setUpClass(cls) -> None:
        base_url = os.environ["BASE_URL"].rstrip("/")
        cls.client = cls.enterClassContext(httpx.Client(base_url=f"{base_url}/api", timeout=10))

    def new_email(self) -> str:
        """Return an e-mail address that nobody has yet."""
        return f"{uuid.uuid4().hex}@example.com"
