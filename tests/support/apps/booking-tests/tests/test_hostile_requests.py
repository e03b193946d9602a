"""Rules G3, G4 and S: what cannot be understood is refused, in plain words."""

import re

import pytest
from conftest import PASSWORD, is_refused, new_email

INSIDES = re.compile(
    r"Traceback|node_modules|\.py\b|\.js\b|    at |psycopg|bigint|SELECT |syntax for"
)
JSON = {"Content-Type": "application/json"}


def send(person, content: bytes, path: str = "/accounts", **headers: str):
    return person.ask("POST", path, content=content, headers=JSON | headers)


@pytest.mark.parametrize(
    "content",
    [
        b"", b"{", b'{"account": ', b"\xff\xfe", b'{"account": "\xff"}', b"[" * 20_000, b"null",
        b"[]", b"1", b'"x"', b"{}", b'{"account": null}', b'{"account": []}', b'{"account": "x"}',
        b'{"name": "x"}',
    ],
)  # fmt: skip
@pytest.mark.parametrize("path", ["/accounts", "/login"])
def test_body_that_makes_no_sense_is_refused(anyone, content, path):
    answer = send(anyone, content, path)
    assert 400 <= answer.status_code < 500
    assert is_refused(answer, answer.status_code)
    assert not INSIDES.search(answer.text)


@pytest.mark.parametrize("value", [None, 7, True, [], {}, 1.5])
@pytest.mark.parametrize("field", ["name", "email", "password"])
def test_wrong_type_is_refused(anyone, field, value):
    answer = anyone.register(**{field: value})
    assert is_refused(answer, 422)
    assert not INSIDES.search(answer.text)


@pytest.mark.parametrize(
    "text", ["a\0b", "\ud800".encode("utf-8", "surrogatepass"), "\u202e", "\x1b[31m"]
)
def test_odd_text_is_survived(anyone, text):
    if isinstance(text, bytes):
        body = b'{"account": {"name": "\\ud800", "email": "%s", "password": "12345678"}}'
        assert send(anyone, body % new_email().encode()).status_code < 500
        return
    answer = anyone.register(name=text)
    assert answer.status_code in (201, 400, 422)


def test_odd_text_in_a_sailing_is_survived(operator, anyone):
    assert operator.open_sailing(**{"from": "a\0b"}).status_code < 500
    assert anyone.get("/sailings", **{"from": "a\0b"}).status_code < 500
    assert anyone.login("a\0b@example.com").status_code < 500


@pytest.mark.parametrize(
    "value",
    ["Bearer", "Bearer a b c", "Basic eDp5", "Token", "", "Bearer é", "x" * 5000],
)
def test_odd_authorization_is_refused(anyone, value):
    headers = {"Authorization": value.encode()}
    assert anyone.ask("GET", "/account", headers=headers).status_code in (400, 401, 431)


@pytest.mark.parametrize("charset", ["latin-9", "no-such-charset", "utf-16", "base64", '"'])
def test_odd_charset_is_survived(anyone, charset):
    body = b'{"account": {"email": "nobody@example.com", "password": "12345678"}}'
    headers = {"Content-Type": f"application/json; charset={charset}"}
    answer = anyone.ask("POST", "/login", content=body, headers=headers)
    assert answer.status_code < 500


@pytest.mark.parametrize("key", ["é", "ключ", "\x80", "x" * 101, "a b"])
def test_odd_key_is_survived(traveller, new_sailing, key):
    headers = {"Idempotency-Key": key.encode()}
    path = f"/sailings/{new_sailing()}/reservations"
    answer = traveller.ask("POST", path, {"reservation": {"seats": 1}}, headers=headers)
    assert answer.status_code < 500


@pytest.mark.parametrize("email", ["' OR 1=1 --@example.com", "o'neill@example.com", "x' --"])
def test_address_is_data(anyone, email):
    assert is_refused(anyone.login(email), 401)
    assert is_refused(anyone.login(email, "' OR '1'='1"), 401)


def test_address_with_a_quote_signs_in(anyone):
    email = f"o'neill-{new_email()}"
    assert anyone.register(email=email).status_code == 201
    assert anyone.login(email, PASSWORD).status_code == 200


def test_large_body_is_refused(anyone):
    body = b'{"account": {"name": "' + b"x" * (3 << 20) + b'"}}'
    assert refused_as_large(lambda: send(anyone, body))
    assert refused_as_large(lambda: send(anyone, iter([body[:1000], body[1000:]])))


def refused_as_large(request) -> bool:
    """Whether the body is refused, if only by a connection that is closed while it is sent."""
    import httpx

    try:
        return request().status_code == 413
    except httpx.TransportError:
        return True


def test_large_numbers_are_refused(traveller, operator, new_sailing):
    for answer in (
        operator.open_sailing(seats=10**30),
        traveller.reserve(new_sailing(), 10**30),
        traveller.pay(traveller.held(new_sailing()), 10**30),
        traveller.get(f"/reservations/{10**19}"),
        traveller.get("/reservations", offset=10**19),
    ):
        assert answer.status_code < 500
        assert not INSIDES.search(answer.text)


def test_list_of_sailings_shows_no_address(anyone, operator, new_sailing):
    new_sailing()
    assert "@" not in anyone.get("/sailings", limit=100).text
