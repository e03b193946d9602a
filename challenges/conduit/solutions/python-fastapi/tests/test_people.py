import secrets
from urllib.parse import quote

import httpx

from tests.person import Person


def test_following_is_seen_by_the_one_who_follows(anna: Person, bert: Person) -> None:
    for _ in range(2):
        followed = anna.ask("POST", f"/profiles/{bert.name}/follow")
        assert followed.json()["profile"]["following"] is True
    assert bert.ask("GET", f"/profiles/{anna.name}").json()["profile"]["following"] is False
    for _ in range(2):
        left = anna.ask("DELETE", f"/profiles/{bert.name}/follow")
        assert left.json()["profile"]["following"] is False


def test_nobody_follows_themselves_or_nobody(anna: Person) -> None:
    assert anna.ask("POST", f"/profiles/{anna.name}/follow").status_code == 422
    assert anna.ask("POST", "/profiles/nobody/follow").status_code == 404


def test_a_name_may_hold_a_slash(http: httpx.Client, anna: Person) -> None:
    band = Person.register(http, f"AC/DC {secrets.token_hex(3)}")
    path = f"/profiles/{quote(band.name, safe='')}"
    assert http.get(path).json()["profile"]["username"] == band.name
    assert anna.ask("POST", f"{path}/follow").json()["profile"]["following"] is True


def test_a_favourite_counts_people(http: httpx.Client, anna: Person, bert: Person) -> None:
    path = f"/articles/{anna.publish()['slug']}"
    for person, count in [(anna, 1), (anna, 1), (bert, 2)]:
        article = person.ask("POST", f"{path}/favorite").json()["article"]
        assert (article["favorited"], article["favoritesCount"]) == (True, count)
    assert http.get(path).json()["article"]["favorited"] is False
    for _ in range(2):
        article = bert.ask("DELETE", f"{path}/favorite").json()["article"]
        assert (article["favorited"], article["favoritesCount"]) == (False, 1)


def test_comments_belong_to_their_article_and_author(anna: Person, bert: Person) -> None:
    here, there = (f"/articles/{anna.publish()['slug']}/comments" for _ in range(2))
    comment = bert.ask("POST", here, {"comment": {"body": "<b>nice</b>"}}).json()["comment"]
    assert anna.ask("GET", here).json()["comments"] == [comment]
    assert anna.ask("GET", there).json()["comments"] == []
    assert anna.ask("DELETE", f"{here}/{comment['id']}").status_code == 403
    assert bert.ask("DELETE", f"{there}/{comment['id']}").status_code == 404
    assert bert.ask("DELETE", f"{here}/{comment['id']}").status_code == 204
    assert bert.ask("DELETE", f"{here}/{comment['id']}").status_code == 404


def test_a_blank_comment_is_refused(anna: Person) -> None:
    path = f"/articles/{anna.publish()['slug']}/comments"
    assert anna.ask("POST", path, {"comment": {"body": " \n"}}).status_code == 422
