"""Stage 4: people, what they like, and what they say."""

import pytest
from conftest import PROFILE, Person, is_refused, moment, new_name

COMMENT = {"id", "createdAt", "updatedAt", "body", "author"}


def test_profile_is_for_anyone(anyone, sign_up):
    person = sign_up()
    person.change(bio="Sailor", image="https://example.com/a.png")
    shown = anyone.profile(person.username)
    assert set(shown) == PROFILE
    assert shown == {
        "username": person.username,
        "bio": "Sailor",
        "image": "https://example.com/a.png",
        "following": False,
    }
    assert person.profile(person.username)["following"] is False


def test_unknown_name_is_not_there(anyone, reader):
    name = new_name()
    assert is_refused(anyone.get(f"/profiles/{name}"), 404)
    assert is_refused(reader.follow(name), 404)
    assert is_refused(reader.follow(name, "DELETE"), 404)


def test_following_is_seen_from_the_one_who_asks(sign_up, anyone):
    fan, star = sign_up(), sign_up()
    article = star.published()
    own = star.commented(article["slug"])
    for _ in range(2):
        answer = fan.follow(star.username)
        assert answer.status_code == 200
        assert set(answer.json()["profile"]) == PROFILE
        assert answer.json()["profile"]["username"] == star.username
        assert answer.json()["profile"]["following"] is True
    assert fan.profile(star.username)["following"] is True
    assert star.profile(fan.username)["following"] is False
    assert anyone.profile(star.username)["following"] is False
    for who, follows in ((fan, True), (star, False), (anyone, False)):
        assert who.read(article["slug"])["author"]["following"] is follows
        [listed] = who.get("/articles", author=star.username).json()["articles"]
        assert listed["author"]["following"] is follows
        [comment] = who.comments(article["slug"])
        assert (comment["id"], comment["author"]["following"]) == (own["id"], follows)
    assert fan.get("/articles/feed").json()["articles"][0]["author"]["following"] is True
    assert fan.favorite(article["slug"]).json()["article"]["author"]["following"] is True
    for _ in range(2):
        answer = fan.follow(star.username, "DELETE")
        assert answer.status_code == 200
        assert answer.json()["profile"]["following"] is False
    assert fan.profile(star.username)["following"] is False


def test_unfollowing_one_leaves_the_others(sign_up, writer, reader):
    one, two = sign_up(), sign_up()
    for fan in (one, two):
        fan.follow(writer.username)
        fan.follow(reader.username)
    one.follow(writer.username, "DELETE")
    assert one.profile(writer.username)["following"] is False
    assert one.profile(reader.username)["following"] is True
    assert two.profile(writer.username)["following"] is True


def test_following_needs_a_token(anyone, writer):
    assert is_refused(anyone.follow(writer.username), 401)
    assert is_refused(anyone.follow(writer.username, "DELETE"), 401)


def test_favourites_count_people(writer, reader, sign_up, anyone, article):
    slug, other = article["slug"], sign_up()
    for _ in range(2):
        answer = reader.favorite(slug)
        assert answer.status_code == 200
        told = answer.json()["article"]
        assert (told["slug"], told["favorited"], told["favoritesCount"]) == (slug, True, 1)
        assert told["body"] == article["body"]
        assert told["tagList"] == article["tagList"]
    assert other.favorite(slug).json()["article"]["favoritesCount"] == 2
    for who, marked in ((reader, True), (other, True), (writer, False), (anyone, False)):
        shown = who.read(slug)
        assert (shown["favorited"], shown["favoritesCount"]) == (marked, 2)
        [listed] = who.get("/articles", favorited=other.username).json()["articles"]
        assert (listed["favorited"], listed["favoritesCount"]) == (marked, 2)
    edited = writer.edit(slug, body="New").json()["article"]
    assert (edited["favorited"], edited["favoritesCount"]) == (False, 2)
    for _ in range(2):
        told = reader.favorite(slug, "DELETE").json()["article"]
        assert (told["favorited"], told["favoritesCount"]) == (False, 1)
    assert other.read(slug)["favorited"] is True


def test_taking_back_what_was_not_marked(reader, article):
    answer = reader.favorite(article["slug"], "DELETE")
    assert answer.status_code == 200
    assert answer.json()["article"]["favoritesCount"] == 0


def test_mark_shows_in_the_feed(sign_up):
    fan, star = sign_up(), sign_up()
    slug = star.published()["slug"]
    fan.follow(star.username)
    fan.favorite(slug)
    star.favorite(slug)
    [shown] = fan.get("/articles/feed").json()["articles"]
    assert (shown["favorited"], shown["favoritesCount"]) == (True, 2)


def test_favourites_need_a_token(anyone, article):
    assert is_refused(anyone.favorite(article["slug"]), 401)
    assert is_refused(anyone.favorite(article["slug"], "DELETE"), 401)


def test_comment_is_shown_under_its_article(writer, reader, anyone, article):
    other = writer.published()["slug"]
    answer = reader.comment(article["slug"], "First 🚢 <b>'x'</b>")
    assert answer.status_code == 201
    comment = answer.json()["comment"]
    assert set(answer.json()) == {"comment"}
    assert set(comment) == COMMENT
    assert set(comment["author"]) == PROFILE
    assert type(comment["id"]) is int
    assert comment["body"] == "First 🚢 <b>'x'</b>"
    assert comment["author"]["username"] == reader.username
    assert moment(comment["createdAt"]) <= moment(comment["updatedAt"])
    second = writer.commented(article["slug"], "Second")
    assert second["id"] != comment["id"]
    shown = anyone.comments(article["slug"])
    assert sorted(shown, key=lambda each: each["id"]) == [comment, second]
    assert anyone.comments(other) == []


@pytest.mark.parametrize("body", ["", "  \n", None, 5, []])
def test_blank_comment_is_refused(reader, anyone, article, body):
    assert is_refused(reader.comment(article["slug"], body), 422)
    assert anyone.comments(article["slug"]) == []


def test_comment_may_be_long(reader, anyone, article):
    text = "Several pages. " * 2000
    reader.commented(article["slug"], text)
    assert anyone.comments(article["slug"])[0]["body"] == text


def test_many_comments_are_all_shown(reader, anyone, article):
    written = {reader.commented(article["slug"], f"no {each}")["id"] for each in range(25)}
    assert {each["id"] for each in anyone.comments(article["slug"])} == written


def test_commenting_needs_a_token(anyone, reader, article):
    own = reader.commented(article["slug"])
    assert is_refused(anyone.comment(article["slug"]), 401)
    assert is_refused(anyone.uncomment(article["slug"], own["id"]), 401)


def test_only_who_wrote_a_comment_deletes_it(writer, reader, sign_up, anyone, article):
    slug = article["slug"]
    comment, other = reader.commented(slug), reader.commented(slug, "Stays")
    for stranger in (writer, sign_up()):
        assert is_refused(stranger.uncomment(slug, comment["id"]), 403)
    elsewhere = writer.published()["slug"]
    assert is_refused(reader.uncomment(elsewhere, comment["id"]), 404)
    assert len(anyone.comments(slug)) == 2
    answer = reader.uncomment(slug, comment["id"])
    assert answer.status_code == 204
    assert answer.content == b""
    assert anyone.comments(slug) == [other]
    assert is_refused(reader.uncomment(slug, comment["id"]), 404)


@pytest.mark.parametrize("number", ["x", "999999999", "-1", "1.5", "9" * 30])
def test_comment_that_is_not_there(reader, article, number):
    assert is_refused(reader.uncomment(article["slug"], number), 404, 422)


def test_request_sets_only_the_body_of_a_comment(writer, reader, anyone, article):
    body = {"comment": {"body": "x", "id": 1, "author": {"username": writer.username}}}
    answer = reader.ask("POST", f"/articles/{article['slug']}/comments", body)
    assert answer.json()["comment"]["author"]["username"] == reader.username


def test_old_name_can_be_taken_and_brings_nothing(sign_up, anyone, http):
    fan, star = sign_up(), sign_up()
    fan.follow(star.username)
    old = star.username
    star.change(username=new_name())
    heir = sign_up(username=old)
    assert fan.profile(heir.username)["following"] is False
    assert anyone.list(author=old) == ([], 0)
    assert Person(http, star.token).get("/user").json()["user"]["email"] == star.email
