"""Tags: stage 1."""

from conftest import is_refused


def test_tags_in_use_are_listed_once(writer, anyone, tag):
    one = writer.published(tagList=[tag, "sea"])["slug"]
    two = writer.published(tagList=["sea", tag])["slug"]
    answer = anyone.get("/tags")
    assert answer.status_code == 200
    assert set(answer.json()) == {"tags"}
    tags = answer.json()["tags"]
    assert len(tags) == len(set(tags))
    assert tag in tags
    writer.delete(one)
    assert tag in anyone.get("/tags").json()["tags"]
    writer.edit(two, tagList=[])
    assert tag not in anyone.get("/tags").json()["tags"]


def test_tag_of_the_last_deleted_article_is_gone(writer, anyone, tag):
    slug = writer.published(tagList=[tag])["slug"]
    writer.delete(slug)
    assert tag not in anyone.get("/tags").json()["tags"]


def test_refused_article_leaves_no_tag(writer, anyone, tag):
    assert is_refused(writer.publish(title="", tagList=[tag]), 422)
    assert tag not in anyone.get("/tags").json()["tags"]
