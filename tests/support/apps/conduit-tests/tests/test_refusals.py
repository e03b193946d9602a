"""What a server must refuse: stages 1 and 9."""

import base64
import json

import pytest
from conftest import PASSWORD, Person, is_refused, new_name

INSIDES = ("traceback", "select ", "insert ", "psycopg", "node_modules", "/usr/", ".py", "syntax")


def without_insides(text: str) -> bool:
    return not any(each in text.lower() for each in INSIDES)


@pytest.mark.parametrize("path", ["/nowhere", "/", "/users/x/y", "/articles/a/b/c", "/tags/x"])
def test_unknown_path_is_not_there(anyone, path):
    assert is_refused(anyone.get(path), 404)


@pytest.mark.parametrize(
    ("method", "path"),
    [("DELETE", "/tags"), ("PUT", "/users"), ("POST", "/user"), ("PATCH", "/articles")],
)
def test_unknown_method_is_refused(reader, method, path):
    assert reader.ask(method, path, {}).status_code in (404, 405)


PLACES = [
    ("POST", "/users"), ("POST", "/users/login"), ("PUT", "/user"), ("POST", "/articles"),
    ("PUT", "/articles/{slug}"), ("POST", "/articles/{slug}/comments"),
]  # fmt: skip
BODIES = [
    b"", b"{", b"null", b"[]", b"5", b'"x"', b"{}", b'{"user": 5, "article": 5, "comment": 5}',
    b'{"user": [], "article": [], "comment": []}', b"\xff\xfe", b"[" * 5000, b"\x00",
    b'{"user": null, "article": null, "comment": null}',
]  # fmt: skip


@pytest.mark.parametrize(("method", "path"), PLACES)
def test_what_cannot_be_understood_is_refused(writer, article, method, path):
    for body in BODIES:
        answer = writer.ask(
            method,
            path.format(slug=article["slug"]),
            content=body,
            headers={"Content-Type": "application/json"},
        )
        assert 400 <= answer.status_code < 500, body
        assert is_refused(answer, answer.status_code)
        assert without_insides(answer.text)


@pytest.mark.parametrize("text", ["a\x00b", "\ud800", "‮\x07\x1b[31m"])
def test_odd_characters_do_no_harm(sign_up, anyone, text):
    writer = sign_up()
    escaped = json.dumps(text)
    article = f'{{"article": {{"title": {escaped}, "description": {escaped}, "body": {escaped}}}}}'
    headers = {"Content-Type": "application/json"}
    answer = writer.ask("POST", "/articles", content=article.encode(), headers=headers)
    assert answer.status_code in (201, 400, 422)
    user = f'{{"user": {{"email": {escaped}, "password": {escaped}, "username": {escaped}}}}}'
    for path in ("/users", "/users/login"):
        answer = anyone.ask("POST", path, content=user.encode(), headers=headers)
        assert 400 <= answer.status_code < 500
    user = f'{{"user": {{"bio": {escaped}}}}}'
    answer = writer.ask("PUT", "/user", content=user.encode(), headers=headers)
    assert answer.status_code in (200, 400, 422)


@pytest.mark.parametrize("path", ["/articles/%00", "/profiles/%00", "/articles/%ff", "/%2e%2e"])
def test_odd_addresses_are_not_there(reader, path):
    # What is no HTTP for a server's own library is refused before its code can say why.
    assert reader.get(path).status_code in (400, 404, 422)


@pytest.mark.parametrize("name", ["tag", "author", "favorited", "limit", "offset"])
def test_odd_query_does_no_harm(anyone, name):
    for value in ("%00", "%ff", "[]", "%F0%9F"):
        answer = anyone.ask("GET", f"/articles?{name}={value}")
        assert answer.status_code < 500
    answer = anyone.ask("GET", f"/articles?{name}=1&{name}=2")
    assert answer.status_code < 500


def test_large_body_is_refused(writer, anyone, reader):
    body = "x" * (1 << 20)
    assert is_refused(writer.publish(body=body), 413)
    assert is_refused(anyone.register(username=body), 413)
    assert is_refused(reader.change(bio=body), 413)


def test_body_below_the_limit_is_taken(writer, anyone):
    body = "x" * 1_000_000
    assert anyone.read(writer.published(body=body)["slug"])["body"] == body


def part(payload: dict) -> str:
    return base64.urlsafe_b64encode(json.dumps(payload).encode()).decode().rstrip("=")


def test_forged_token_is_refused(http, writer, reader):
    token = writer.token
    forged = ["x", token[:-4], token[1:], f"{token}x", token[::-1], "null"]
    pieces, others = token.split("."), reader.token.split(".")
    if len(pieces) == 3:
        none = part({"alg": "none", "typ": "JWT"})
        forged += [
            f"{none}.{pieces[1]}.",
            f"{none}.{pieces[1]}.{pieces[2]}",
            f"{pieces[0]}.{others[1]}.{pieces[2]}",
            f"{pieces[0]}.{pieces[1]}.",
            f"{pieces[0]}.{pieces[1]}.{'A' * len(pieces[2])}",
        ]
    for each in forged:
        assert is_refused(Person(http, each).get("/user"), 401)


def test_wrong_token_is_refused_where_none_is_needed(http, article):
    for path in (f"/articles/{article['slug']}", "/articles", "/articles/feed"):
        assert is_refused(Person(http, "x.y.z").get(path), 401) or path != "/articles/feed"


@pytest.mark.parametrize("header", ["", "Token", "Bearer", "Basic eDp5", "token-without"])
def test_odd_authorization_is_refused(anyone, header):
    answer = anyone.ask("GET", "/user", headers={"Authorization": header})
    assert is_refused(answer, 401)


def test_account_needs_a_token(anyone):
    assert is_refused(anyone.get("/user"), 401)
    assert is_refused(anyone.change(bio="x"), 401)


def test_token_outlives_a_new_name_and_address(sign_up):
    person = sign_up()
    name = new_name()
    person.change(username=name, email=f"{name}@example.com")
    assert person.get("/user").json()["user"]["username"] == name


def test_nothing_private_is_shown(writer, reader, anyone, article):
    comment = writer.commented(article["slug"])
    shown = [
        anyone.get("/articles", author=writer.username),
        reader.get(f"/articles/{article['slug']}"),
        reader.get(f"/articles/{article['slug']}/comments"),
        reader.get(f"/profiles/{writer.username}"),
        reader.follow(writer.username, "DELETE"),
        reader.favorite(article["slug"]),
        writer.get("/user"),
        anyone.login(writer.email, "wrong horse battery"),
        anyone.register(email=writer.email),
    ]
    assert comment["author"]["username"] == writer.username
    for answer in shown:
        assert PASSWORD not in answer.text
        assert "$2" not in answer.text and "$argon2" not in answer.text
        if answer is not shown[6]:
            assert writer.email not in answer.text


def test_refused_registration_does_not_repeat_the_password(anyone):
    answer = anyone.register(email="nobody", password="secret-of-mine-7")
    assert is_refused(answer, 422)
    assert "secret-of-mine-7" not in answer.text


@pytest.mark.parametrize("text", ["'; DROP TABLE users; --", "' OR '1'='1", "{{7*7}}", "${7*7}"])
def test_texts_are_data(writer, anyone, text):
    article = writer.published(title=text, description=text, body=text, tagList=[text])
    shown = anyone.read(article["slug"])
    assert (shown["title"], shown["tagList"]) == (text, [text])
    assert article["slug"] in anyone.list(tag=text)[0]
    assert is_refused(anyone.login(f"{text}@example.com", text), 401)
    assert is_refused(anyone.get(f"/profiles/{new_name()}'"), 404)


def test_nobody_changes_an_account_by_its_name(sign_up, reader):
    writer = sign_up()
    answer = reader.ask(
        "PUT",
        "/user",
        {"user": {"bio": "mine", "id": 1, "token": "x"}, "username": writer.username},
    )
    assert answer.status_code in (200, 422)
    assert writer.get("/user").json()["user"]["bio"] is None
    assert reader.get("/user").json()["user"]["username"] == reader.username
