"""Stage 3: articles."""

import re
import time
import uuid
from urllib.parse import quote

import pytest
from conftest import ARTICLE, PROFILE, is_refused, moment


def test_published_article_is_there(writer, anyone):
    answer = writer.publish(title="Of Boats", description="d", body="b", tagList=["sea", "air"])
    assert answer.status_code == 201
    article = answer.json()["article"]
    assert set(answer.json()) == {"article"}
    assert set(article) == ARTICLE | {"body"}
    assert set(article["author"]) == PROFILE
    assert (article["title"], article["description"], article["body"]) == ("Of Boats", "d", "b")
    assert article["tagList"] == ["sea", "air"]
    assert (article["favorited"], article["favoritesCount"]) == (False, 0)
    assert article["author"]["username"] == writer.username
    assert moment(article["createdAt"]) == moment(article["updatedAt"])
    assert anyone.read(article["slug"]) == article
    assert writer.read(article["slug"]) == article


def test_tags_are_optional(writer):
    assert writer.published()["tagList"] == []


@pytest.mark.parametrize("field", ["title", "description", "body"])
@pytest.mark.parametrize("value", ["", "  \n", None, 5, [], "missing"])
def test_title_description_and_body_are_needed(writer, field, value):
    article = {"title": "t", "description": "d", "body": "b", field: value}
    if value == "missing":
        del article[field]
    answer = writer.ask("POST", "/articles", {"article": article})
    assert is_refused(answer, 422)
    assert field in answer.json()["errors"]


@pytest.mark.parametrize("tags", ["sea", [5], [None], [["x"]], {"a": 1}])
def test_odd_tags_are_refused(writer, tags):
    assert is_refused(writer.publish(tagList=tags), 422)


def test_tags_keep_their_order_and_count_once(writer, anyone):
    tags = ["zebra", "Ärger", "two words", "a,b", "😀", "apple", "zebra", "apple"]
    article = writer.published(tagList=tags)
    assert article["tagList"] == tags[:6]
    assert anyone.read(article["slug"])["tagList"] == tags[:6]


@pytest.mark.parametrize(
    "title", ["你好 世界", "مرحبا", "?!…", "/", "..", "Feed", "feed", "100% & more?", "a/b#c", "🚢"]
)
def test_every_title_gets_an_address(writer, anyone, title):
    one, two = writer.published(title=title), writer.published(title=title)
    assert one["slug"] != two["slug"]
    for each in (one, two):
        assert each["title"] == title
        assert re.fullmatch(r"[\w.~-]+", each["slug"])
        assert anyone.read(quote(each["slug"])) == each


def test_like_titles_have_slugs_of_their_own(writer, reader):
    title = f"How to {uuid.uuid4().hex}"
    titles = (title, title, title.upper(), f"{title}!", f" {title}", title.replace(" ", "-"))
    slugs = [who.published(title=each)["slug"] for each in titles for who in (writer, reader)]
    assert len(set(slugs)) == len(slugs)


def test_long_title_and_article(writer, anyone):
    article = writer.published(title="long " * 51, description="d" * 5000, body="жы " * 33_000)
    shown = anyone.read(article["slug"])
    assert (shown["title"], len(shown["description"])) == ("long " * 51, 5000)
    assert shown["body"] == "жы " * 33_000


def test_slugs_of_long_like_titles_differ(writer):
    title = f"{uuid.uuid4().hex} " * 7
    slugs = {writer.published(title=title[:200] + end)["slug"] for end in ("one", "two", "two")}
    assert len(slugs) == 3


@pytest.mark.parametrize("title", ['Zoë <b>"O\'Hara"</b> &amp; \\n 北京 👩‍👩‍👧', "  two  spaces "])
def test_texts_come_back_as_written(writer, anyone, title):
    article = writer.published(title=title, description=title, body=f"{title}\r\n\t{title}")
    for shown in (article, anyone.read(article["slug"])):
        assert shown["description"] == title
        assert shown["body"] == f"{title}\r\n\t{title}"
        assert shown["title"] == title


def test_unknown_article_is_not_there(anyone, writer):
    slug = f"no-{uuid.uuid4().hex}"
    assert is_refused(anyone.get(f"/articles/{slug}"), 404)
    assert is_refused(writer.edit(slug, body="x"), 404)
    assert is_refused(writer.delete(slug), 404)
    assert is_refused(anyone.get(f"/articles/{slug}/comments"), 404)
    assert is_refused(writer.comment(slug), 404)
    assert is_refused(writer.favorite(slug), 404)
    assert is_refused(writer.favorite(slug, "DELETE"), 404)


@pytest.mark.parametrize("field", ["title", "description", "body"])
def test_edit_touches_only_what_was_sent(writer, anyone, article, field):
    answer = writer.edit(article["slug"], **{field: "Changed"})
    assert answer.status_code == 200
    edited = answer.json()["article"]
    assert set(edited) == ARTICLE | {"body"}
    moving = {"slug", "updatedAt"}
    kept = {name: article[name] for name in article if name not in {field, *moving}}
    assert {name: edited[name] for name in kept} == kept
    assert edited[field] == "Changed"
    assert anyone.read(edited["slug"]) == edited


def test_tags_are_replaced_and_removed(writer, anyone, article):
    slug = article["slug"]
    assert writer.edit(slug, tagList=["z", "b", "z"]).json()["article"]["tagList"] == ["z", "b"]
    assert anyone.read(slug)["tagList"] == ["z", "b"]
    assert writer.edit(slug, tagList=[]).json()["article"]["tagList"] == []
    assert anyone.read(slug)["tagList"] == []


@pytest.mark.parametrize(
    ("field", "value"),
    [(each, bad) for each in ("title", "description", "body") for bad in ("", " \t", None, 5)]
    + [("tagList", "sea"), ("tagList", [5])],
)
def test_edit_follows_the_same_rules(writer, anyone, article, field, value):
    assert is_refused(writer.edit(article["slug"], **{field: value}), 422)
    assert anyone.read(article["slug"]) == article


def test_edited_title_does_not_take_another_slug(writer, anyone, article):
    other = writer.published()
    edited = writer.edit(other["slug"], title=article["title"]).json()["article"]
    assert edited["slug"] != article["slug"]
    assert anyone.read(article["slug"]) == article
    assert anyone.read(edited["slug"])["body"] == other["body"]
    again = writer.edit(edited["slug"], title=article["title"]).json()["article"]
    assert anyone.read(again["slug"])["title"] == article["title"]


def test_times_move_with_edits_only(writer, reader, article):
    slug, created = article["slug"], article["createdAt"]
    time.sleep(0.01)
    reader.favorite(slug)
    reader.commented(slug)
    reader.favorite(slug, "DELETE")
    writer.read(slug)
    assert writer.read(slug)["updatedAt"] == article["updatedAt"]
    edited = writer.edit(slug, body="New").json()["article"]
    assert moment(edited["updatedAt"]) > moment(article["updatedAt"])
    assert edited["createdAt"] == created
    assert abs(time.time() - moment(edited["updatedAt"]).timestamp()) < 60


def test_only_the_author_edits_and_deletes(writer, reader, anyone, article):
    slug = article["slug"]
    assert is_refused(reader.edit(slug, body="mine"), 403)
    assert is_refused(reader.delete(slug), 403)
    assert is_refused(anyone.edit(slug, body="mine"), 401)
    assert is_refused(anyone.delete(slug), 401)
    assert is_refused(anyone.publish(), 401)
    assert anyone.read(slug) == article


def test_deleted_article_is_gone_everywhere(sign_up, reader, anyone, tag):
    author = sign_up()
    title = f"Gone {uuid.uuid4().hex}"
    slug = author.published(title=title, tagList=[tag])["slug"]
    kept = author.published(tagList=[tag])["slug"]
    fan = sign_up()
    fan.follow(author.username)
    fan.favorite(slug)
    author.favorite(slug)
    fan.commented(slug)
    answer = author.delete(slug)
    assert answer.status_code == 204
    assert answer.content == b""
    assert is_refused(anyone.get(f"/articles/{slug}"), 404)
    assert is_refused(anyone.get(f"/articles/{slug}/comments"), 404)
    assert is_refused(author.delete(slug), 404)
    assert anyone.list(tag=tag) == ([kept], 1)
    assert anyone.list(author=author.username) == ([kept], 1)
    assert anyone.list(favorited=fan.username) == ([], 0)
    assert fan.list("/articles/feed") == ([kept], 1)
    again = author.published(title=title)
    assert again["favoritesCount"] == 0
    assert anyone.comments(again["slug"]) == []
    assert fan.read(again["slug"])["favorited"] is False


def test_request_sets_only_what_the_contract_names(writer, reader, anyone):
    odd = {
        "slug": "mine", "createdAt": "2001-01-01T00:00:00Z", "favoritesCount": 99,
        "favorited": True, "author": {"username": reader.username}, "authorId": 1, "id": 1,
    }  # fmt: skip
    article = writer.published(**odd)
    assert article["author"]["username"] == writer.username
    assert (article["favorited"], article["favoritesCount"]) == (False, 0)
    assert moment(article["createdAt"]).year > 2001
    edited = writer.edit(article["slug"], body="New", **odd)
    assert edited.status_code in (200, 422)
    shown = anyone.read(article["slug"])
    assert shown["author"]["username"] == writer.username
    assert shown["favoritesCount"] == 0
    assert shown["createdAt"] == article["createdAt"]
