"""Lists, feed and paging: stages 3 and 5."""

import uuid

import pytest
from conftest import ARTICLE, PROFILE, is_refused, new_name


@pytest.fixture(scope="module")
def shelf(sign_up):
    """An author with five articles, their slugs newest first, and a tag of them all."""
    author, tag = sign_up(), f"t{uuid.uuid4().hex}"
    slugs = [author.published(tagList=["odd", tag])["slug"] for _ in range(5)]
    return author, slugs[::-1], tag


def test_newest_article_is_first(writer, reader, anyone):
    slugs = [who.published()["slug"] for who in (writer, reader, writer)]
    writer.edit(slugs[0], body="Edited")
    shown, count = anyone.list()
    assert shown[:3] == slugs[::-1]
    assert count >= 3
    answer = anyone.get("/articles").json()["articles"][0]
    assert set(answer) | {"body"} == ARTICLE | {"body"}
    assert set(answer["author"]) == PROFILE


def test_lists_show_articles_as_they_are(writer, anyone, tag):
    article = writer.published(tagList=["z", tag, "a"], description="Why not")
    [listed] = anyone.get("/articles", tag=tag).json()["articles"]
    assert {**article, **listed} == article


def test_filters_narrow_the_list(sign_up, writer, anyone, shelf):
    author, slugs, tag = shelf
    fan = sign_up()
    other = writer.published(tagList=[tag])["slug"]
    fan.favorite(slugs[1])
    fan.favorite(slugs[3])
    fan.favorite(other)
    assert anyone.list(author=author.username) == (slugs, 5)
    assert anyone.list(tag=tag) == ([other, *slugs], 6)
    assert anyone.list(favorited=fan.username) == ([other, slugs[1], slugs[3]], 3)
    assert anyone.list(tag=tag, author=author.username) == (slugs, 5)
    both = anyone.list(author=author.username, favorited=fan.username)
    assert both == ([slugs[1], slugs[3]], 2)
    every = {"tag": tag, "author": writer.username, "favorited": fan.username}
    assert anyone.list(**every) == ([other], 1)
    assert anyone.list(**every | {"tag": f"no-{tag}"}) == ([], 0)
    assert fan.list(author=author.username, limit=1) == (slugs[:1], 5)
    writer.delete(other)


@pytest.mark.parametrize("name", ["author", "favorited", "tag"])
@pytest.mark.parametrize("text", ["", "%", "_", "' OR 1=1 --", "\\", "x y"])
def test_name_that_nobody_has_gives_an_empty_list(anyone, shelf, name, text):
    unknown = f"{text}{new_name()}" if text in ("", "x y") else text
    assert anyone.list(**{name: unknown}) == ([], 0)


def test_tag_is_whole_and_in_its_case(writer, anyone):
    tag = f"Sea{uuid.uuid4().hex}"
    slug = writer.published(tagList=[tag])["slug"]
    assert anyone.list(tag=tag) == ([slug], 1)
    assert anyone.list(tag=tag[:-1]) == ([], 0)


def test_pages_show_each_article_once(anyone, shelf):
    author, slugs, _ = shelf
    pages = [anyone.list(author=author.username, limit=2, offset=at) for at in (0, 2, 4, 6)]
    assert [slug for page, _ in pages for slug in page] == slugs
    assert [len(page) for page, _ in pages] == [2, 2, 1, 0]
    assert {count for _, count in pages} == {5}
    assert anyone.list(author=author.username, offset=3) == (slugs[3:], 5)
    assert anyone.list(author=author.username, offset=1, limit=1) == (slugs[1:2], 5)


def test_page_holds_twenty_and_never_more_than_a_hundred(sign_up, anyone):
    author = sign_up()
    slugs = [author.published(tagList=["one", "two"])["slug"] for _ in range(103)][::-1]
    assert anyone.list(author=author.username) == (slugs[:20], 103)
    assert anyone.list(author=author.username, offset=100) == (slugs[100:], 103)
    assert anyone.list(author=author.username, limit=50) == (slugs[:50], 103)
    for limit in (100, 101, 1000):
        answer = anyone.get("/articles", author=author.username, limit=limit)
        if answer.status_code != 200:
            assert limit > 100 and is_refused(answer, 422)
            continue
        assert [each["slug"] for each in answer.json()["articles"]] == slugs[:100]
    fan = sign_up()
    fan.follow(author.username)
    assert fan.list("/articles/feed") == (slugs[:20], 103)
    answer = fan.get("/articles/feed", limit=103)
    assert answer.status_code == 422 or len(answer.json()["articles"]) <= 100


@pytest.mark.parametrize("path", ["/articles", "/articles/feed"])
@pytest.mark.parametrize("name", ["limit", "offset"])
@pytest.mark.parametrize("value", ["-1", "x", "1.5", "", "9" * 25, "1e3", "0x10", "²"])
def test_limits_that_make_no_sense(reader, path, name, value):
    answer = reader.get(path, **{name: value})
    if answer.status_code != 200:
        assert is_refused(answer, 422)
    else:
        assert len(answer.json()["articles"]) <= 100


def test_limit_of_none_shows_none(anyone, shelf):
    author, _, _ = shelf
    answer = anyone.get("/articles", author=author.username, limit=0)
    assert answer.status_code in (200, 422)


def test_feed_is_of_those_i_follow(sign_up, writer, anyone, shelf):
    author, slugs, _ = shelf
    fan, other = sign_up(), sign_up()
    assert fan.list("/articles/feed") == ([], 0)
    own, theirs = fan.published()["slug"], other.published()["slug"]
    writer.published()
    fan.follow(author.username)
    assert fan.list("/articles/feed") == (slugs, 5)
    fan.follow(other.username)
    assert fan.list("/articles/feed") == ([theirs, *slugs], 6)
    assert fan.list("/articles/feed", limit=2, offset=1) == (slugs[:2], 6)
    assert fan.list("/articles/feed", offset=5) == (slugs[4:], 6)
    assert other.list("/articles/feed") == ([], 0)
    assert own not in fan.list("/articles/feed")[0]
    fan.follow(author.username, "DELETE")
    assert fan.list("/articles/feed") == ([theirs], 1)


def test_feed_needs_a_token(anyone):
    assert is_refused(anyone.get("/articles/feed"), 401)


def test_feed_shows_whole_articles(sign_up, tag):
    fan, star = sign_up(), sign_up()
    article = star.published(tagList=["z", tag])
    fan.follow(star.username)
    [listed] = fan.get("/articles/feed").json()["articles"]
    assert set(listed["author"]) == PROFILE
    assert listed["tagList"] == ["z", tag]
    assert set(listed) | {"body"} == set(article)
