"""An example: ask the server as a client would, without starting it."""

from django.test import TestCase


class TagsTest(TestCase):
    def test_there_are_no_tags_yet(self) -> None:
        answer = self.client.get("/api/tags")
        self.assertEqual(answer.status_code, 200)
        self.assertEqual(answer.json(), {"tags": []})
