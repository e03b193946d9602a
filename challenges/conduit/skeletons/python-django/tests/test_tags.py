"""Tags: stage 1 of the brief."""

from tests.base import ApiTestCase


class TagsTest(ApiTestCase):
    def test_tags_are_a_list_without_doubles(self) -> None:
        answer = self.client.get("/tags")

        self.assertEqual(answer.status_code, 200)
        tags = answer.json()["tags"]
        self.assertEqual(len(tags), len(set(tags)))
