import secrets

import httpx
import jwt
import pytest

from tests.person import PASSWORD, Person


def register(http: httpx.Client, **user: str) -> httpx.Response:
    fresh = secrets.token_hex(6)
    fields = {"username": fresh, "email": f"{fresh}@x.de", "password": PASSWORD, **user}
    return http.post("/users", json={"user": fields})


def login(http: httpx.Client, email: str, password: str = PASSWORD) -> int:
    user = {"email": email, "password": password}
    return http.post("/users/login", json={"user": user}).status_code


def test_a_new_account_has_no_bio_and_no_image(http: httpx.Client) -> None:
    user = register(http, username="Ada " + secrets.token_hex(3)).json()["user"]
    assert user["bio"] is None
    assert user["image"] is None
    assert user["token"]


def test_a_taken_name_is_refused_by_its_field(http: httpx.Client, anna: Person) -> None:
    answer = register(http, username=anna.name)
    assert answer.status_code == 422
    assert list(answer.json()["errors"]) == ["username"]


@pytest.mark.parametrize("other", ["ÄNNA{}@x.de", " änna{}@X.DE\t"])
def test_an_address_is_the_same_in_capitals_and_with_spaces(http: httpx.Client, other: str) -> None:
    unique = secrets.token_hex(4)
    assert register(http, email=f"änna{unique}@x.de").status_code == 201
    assert list(register(http, email=other.format(unique)).json()["errors"]) == ["email"]
    assert login(http, other.format(unique)) == 200


@pytest.mark.parametrize("password", ["пароль и пробел", "密码" * 32, "x" * 64, "  a  b  "])
def test_all_of_a_password_counts(http: httpx.Client, password: str) -> None:
    email = f"{secrets.token_hex(6)}@x.de"
    assert register(http, email=email, password=password).status_code == 201
    assert login(http, email, password) == 200
    assert login(http, email, password[:-1]) == 401


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("username", " "),
        ("username", "x" * 65),
        ("username", "a\0b"),
        ("email", "nobody"),
        ("email", "@x.de"),
        ("email", "a@ "),
        ("password", "seven77"),
        ("password", " " * 9),
        ("password", "x" * 65),
    ],
)
def test_what_makes_no_sense_is_refused(http: httpx.Client, field: str, value: str) -> None:
    answer = register(http, **{field: value})
    assert answer.status_code == 422
    assert list(answer.json()["errors"]) == [field]


def test_wrong_password_and_unknown_address_get_the_same_refusal(http: httpx.Client) -> None:
    email = f"{secrets.token_hex(6)}@x.de"
    register(http, email=email)
    tries = [{"email": email, "password": "wrong wrong"}, {"email": "no@x.de", "password": "w"}]
    answers = [http.post("/users/login", json={"user": user}) for user in tries]
    assert [answer.status_code for answer in answers] == [401, 401]
    assert answers[0].json() == answers[1].json()


def test_only_what_was_sent_changes(anna: Person) -> None:
    anna.ask("PUT", "/user", {"user": {"bio": "writes", "image": "http://i"}})
    user = anna.ask("PUT", "/user", {"user": {"bio": None}}).json()["user"]
    assert (user["username"], user["bio"], user["image"]) == (anna.name, None, "http://i")
    assert anna.ask("PUT", "/user", {"user": {"username": None}}).status_code == 422


def test_password_and_address_can_be_changed(http: httpx.Client, anna: Person) -> None:
    old = anna.ask("GET", "/user").json()["user"]["email"]
    new = f"{secrets.token_hex(6)}@x.de"
    anna.ask("PUT", "/user", {"user": {"email": new, "password": "another one"}})
    assert login(http, old, "another one") == 401
    assert login(http, new) == 401
    assert login(http, new, "another one") == 200


@pytest.mark.parametrize("claims", [{}, {"exp": 1}, {"exp": 9_999_999_999}])
def test_foreign_tokens_are_refused(anna: Person, claims: dict[str, int]) -> None:
    anna.token = jwt.encode({"sub": "1", **claims}, "k" * 32, "HS256")
    assert anna.ask("GET", "/user").status_code == 401
    anna.token = jwt.encode({"sub": "1", **claims}, None, "none")
    assert anna.ask("GET", "/articles").status_code == 401


def test_a_new_password_ends_the_tokens_from_before(anna: Person) -> None:
    changed = anna.ask("PUT", "/user", {"user": {"password": "another one"}})
    assert anna.ask("GET", "/user").status_code == 401
    anna.token = changed.json()["user"]["token"]
    assert anna.ask("GET", "/user").status_code == 200


def test_the_token_survives_a_new_name(anna: Person) -> None:
    name = secrets.token_hex(6)
    anna.ask("PUT", "/user", {"user": {"username": name}})
    assert anna.ask("GET", "/user").json()["user"]["username"] == name
