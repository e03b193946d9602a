import secrets

import httpx
import pytest

from tests.person import Person


def test_pages_hold_every_article_once_and_the_newest_first(anna: Person) -> None:
    slugs = [anna.publish()["slug"] for _ in range(5)]
    pages = [f"/articles?author={anna.name}&limit=2&offset={offset}" for offset in (0, 2, 4, 6)]
    answers = [anna.ask("GET", page).json() for page in pages]
    listed = [article["slug"] for answer in answers for article in answer["articles"]]
    assert listed == slugs[::-1]
    assert {answer["articlesCount"] for answer in answers} == {5}


def test_filters_must_all_match(http: httpx.Client, anna: Person, bert: Person) -> None:
    tag = secrets.token_hex(6)
    wanted = anna.publish(tagList=["other", tag])["slug"]
    bert.publish(tagList=[tag])
    anna.publish()
    anna.ask("POST", f"/articles/{wanted}/favorite")
    query = f"tag={tag}&author={anna.name}&favorited={anna.name}"
    answer = http.get(f"/articles?{query}").json()
    assert [article["slug"] for article in answer["articles"]] == [wanted]
    assert answer["articles"][0]["tagList"] == ["other", tag]
    assert "body" not in answer["articles"][0]


@pytest.mark.parametrize("name", ["tag", "author", "favorited"])
def test_a_name_that_nobody_has_gives_an_empty_list(http: httpx.Client, name: str) -> None:
    assert http.get(f"/articles?{name}=nobody").json() == {"articles": [], "articlesCount": 0}


def test_the_feed_shows_whom_i_follow_and_nobody_else(anna: Person, bert: Person) -> None:
    slug = bert.publish()["slug"]
    anna.publish()
    assert anna.ask("GET", "/articles/feed").json()["articlesCount"] == 0
    anna.ask("POST", f"/profiles/{bert.name}/follow")
    feed = anna.ask("GET", "/articles/feed").json()
    assert [article["slug"] for article in feed["articles"]] == [slug]
    assert feed["articles"][0]["author"]["following"] is True


@pytest.mark.parametrize(
    "query", ["limit=-1", "limit=x", "limit=", "offset=-1", "offset=9223372036854775808"]
)
def test_pages_that_make_no_sense_are_refused(http: httpx.Client, query: str) -> None:
    assert http.get(f"/articles?{query}").status_code == 422


def test_a_page_never_holds_more_than_a_hundred(anna: Person) -> None:
    for _ in range(101):
        anna.publish()
    page = anna.ask("GET", f"/articles?author={anna.name}&limit=99999999999999999999").json()
    assert (len(page["articles"]), page["articlesCount"]) == (100, 101)
