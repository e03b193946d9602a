"""Tags: stage 1 of the brief."""

import httpx


def test_tags_are_a_list_without_doubles(client: httpx.Client) -> None:
    answer = client.get("/tags")

    assert answer.status_code == 200
    tags = answer.json()["tags"]
    assert len(tags) == len(set(tags))
