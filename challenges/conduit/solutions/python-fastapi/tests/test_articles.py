import re
import secrets

import httpx
import pytest

from tests.person import Person


@pytest.mark.parametrize("title", ["中文标题", "!?", "Feed", "😀", "x" * 255, "Über Straße"])
def test_every_title_gets_an_address(http: httpx.Client, anna: Person, title: str) -> None:
    slugs = [anna.publish(title)["slug"] for _ in range(2)]
    assert slugs[0] != slugs[1]
    for slug in slugs:
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug)
        assert http.get(f"/articles/{slug}").json()["article"]["title"] == title


def test_tags_keep_their_order_and_count_once(anna: Person) -> None:
    article = anna.publish(tagList=["z", "a", "z", "日本"])
    assert article["tagList"] == ["z", "a", "日本"]
    assert anna.ask("GET", f"/articles/{article['slug']}").json()["article"] == article


def test_an_edit_changes_what_was_sent_and_moves_updated_at(anna: Person) -> None:
    before = anna.publish(tagList=["a"])
    change = {"article": {"body": "new"}}
    after = anna.ask("PUT", f"/articles/{before['slug']}", change).json()["article"]
    assert after["updatedAt"] > before["updatedAt"]
    assert after == {**before, "body": "new", "updatedAt": after["updatedAt"]}


def test_the_slug_follows_the_title(http: httpx.Client, anna: Person) -> None:
    old = anna.publish()
    title = secrets.token_hex(6)
    new = anna.ask("PUT", f"/articles/{old['slug']}", {"article": {"title": title}}).json()
    assert new["article"]["slug"] == title
    assert http.get(f"/articles/{old['slug']}").status_code == 404
    assert http.get(f"/articles/{title}").json()["article"]["title"] == title


def test_a_title_that_somebody_has_gets_another_slug(anna: Person, bert: Person) -> None:
    taken, mine = anna.publish(), bert.publish()
    change = {"article": {"title": taken["title"]}}
    answer = bert.ask("PUT", f"/articles/{mine['slug']}", change)
    assert answer.status_code == 200
    assert answer.json()["article"]["slug"].startswith(taken["slug"] + "-")


def test_an_empty_list_removes_all_tags(anna: Person) -> None:
    slug = anna.publish(tagList=["a", "b"])["slug"]
    edited = anna.ask("PUT", f"/articles/{slug}", {"article": {"tagList": []}})
    assert edited.json()["article"]["tagList"] == []


def test_only_the_author_edits_and_deletes(http: httpx.Client, anna: Person, bert: Person) -> None:
    slug = anna.publish()["slug"]
    change = {"article": {"body": "mine"}}
    assert bert.ask("PUT", f"/articles/{slug}", change).status_code == 403
    assert bert.ask("DELETE", f"/articles/{slug}").status_code == 403
    assert http.delete(f"/articles/{slug}").status_code == 401
    assert bert.ask("DELETE", "/articles/there-is-none").status_code == 404


def test_a_deleted_article_is_gone_everywhere(
    http: httpx.Client, anna: Person, bert: Person
) -> None:
    tag = secrets.token_hex(6)
    slug = anna.publish(tagList=[tag])["slug"]
    bert.ask("POST", f"/articles/{slug}/favorite")
    bert.ask("POST", f"/articles/{slug}/comments", {"comment": {"body": "nice"}})
    assert anna.ask("DELETE", f"/articles/{slug}").status_code == 204
    assert http.get(f"/articles/{slug}").status_code == 404
    assert http.get(f"/articles/{slug}/comments").status_code == 404
    assert http.get(f"/articles?favorited={bert.name}").json()["articlesCount"] == 0
    assert tag not in http.get("/tags").json()["tags"]


@pytest.mark.parametrize(
    "field",
    [{"title": " "}, {"body": None}, {"tagList": ["x" * 65]}, {"tagList": [" "]}, {"tagList": "a"}],
)
def test_blank_and_wrong_fields_are_refused(anna: Person, field: dict[str, object]) -> None:
    article = {"title": "t", "description": "d", "body": "b", **field}
    slug = anna.publish()["slug"]
    for method, path in [("POST", "/articles"), ("PUT", f"/articles/{slug}")]:
        answer = anna.ask(method, path, {"article": article})
        assert answer.status_code == 422
        assert list(answer.json()["errors"]) == list(field)
