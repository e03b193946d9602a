import secrets
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import httpx

from tests.person import PASSWORD, Person


def at_once(*calls: Callable[[], httpx.Response]) -> list[httpx.Response]:
    with ThreadPoolExecutor(len(calls)) as threads:
        return [done.result() for done in [threads.submit(call) for call in calls]]


def statuses(answers: list[httpx.Response]) -> Counter[int]:
    return Counter(answer.status_code for answer in answers)


def test_a_name_goes_to_one_of_many(http: httpx.Client) -> None:
    name = secrets.token_hex(6)
    user = {"username": name, "email": f"{name}@x.de", "password": PASSWORD}
    answers = at_once(*[lambda: http.post("/users", json={"user": user})] * 12)
    assert statuses(answers) == {201: 1, 422: 11}


def test_the_same_title_many_times(anna: Person) -> None:
    article = {"title": secrets.token_hex(6), "description": "d", "body": "b", "tagList": ["a"]}
    answers = at_once(*[lambda: anna.ask("POST", "/articles", {"article": article})] * 12)
    assert statuses(answers) == {201: 12}
    assert len({answer.json()["article"]["slug"] for answer in answers}) == 12


def test_favourites_of_many_are_all_counted(http: httpx.Client, anna: Person) -> None:
    path = f"/articles/{anna.publish()['slug']}"
    people = [Person.register(http) for _ in range(8)]
    calls = [lambda p=person: p.ask("POST", f"{path}/favorite") for person in people * 2]
    answers = at_once(*calls)
    counts = [answer.json()["article"]["favoritesCount"] for answer in answers]
    assert set(counts) == set(range(1, 9))
    assert http.get(path).json()["article"]["favoritesCount"] == 8


def test_two_articles_swap_their_titles(anna: Person) -> None:
    """Each waits for the other's slug: a deadlock, which is nobody's business but ours."""
    one, two = anna.publish(), anna.publish()

    def rename(article: dict[str, str], title: str) -> httpx.Response:
        return anna.ask("PUT", f"/articles/{article['slug']}", {"article": {"title": title}})

    answers = at_once(lambda: rename(one, two["title"]), lambda: rename(two, one["title"]))
    assert statuses(answers) == {200: 2}


def test_deleting_while_others_are_busy_with_it(http: httpx.Client, anna: Person) -> None:
    path = f"/articles/{anna.publish()['slug']}"
    answers = at_once(
        *[lambda: anna.ask("POST", f"{path}/favorite")] * 4,
        *[lambda: anna.ask("POST", f"{path}/comments", {"comment": {"body": "hi"}})] * 4,
        *[lambda: anna.ask("PUT", path, {"article": {"tagList": ["b"]}})] * 4,
        *[lambda: anna.ask("DELETE", path)] * 2,
    )
    assert statuses(answers)[204] == 1
    assert set(statuses(answers)) <= {200, 201, 204, 404}
    assert http.get(path).status_code == 404
