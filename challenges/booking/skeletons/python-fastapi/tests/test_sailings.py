"""Sailings: stage 3 of the brief."""

import httpx


def test_list_of_sailings_counts_all_that_match(client: httpx.Client) -> None:
    answer = client.get("/sailings", params={"from": "a port that nobody knows"})

    assert answer.status_code == 200
    assert answer.json() == {"sailings": [], "sailingsCount": 0}
