"""Stage 2: accounts."""

import pytest
from conftest import PASSWORD, Person, is_refused, new_name

USER = {"username", "email", "token", "bio", "image"}


def test_registering_signs_in(anyone, http):
    name = new_name()
    answer = anyone.register(username=name, email=f"{name}@example.com")
    assert answer.status_code == 201
    user = answer.json()["user"]
    assert set(answer.json()) == {"user"}
    assert set(user) == USER
    assert (user["username"], user["email"]) == (name, f"{name}@example.com")
    assert (user["bio"], user["image"]) == (None, None)
    assert Person(http, user["token"]).get("/user").json()["user"]["username"] == name


def test_current_user_is_that_of_the_token(reader, writer):
    for person in (reader, writer):
        answer = person.get("/user")
        assert answer.status_code == 200
        assert answer.headers["Content-Type"].startswith("application/json")
        assert set(answer.json()["user"]) == USER
        assert answer.json()["user"]["username"] == person.username
        assert answer.json()["user"]["email"] == person.email


def test_taken_name_and_address_are_refused_by_field(anyone, reader):
    answer = anyone.register(username=reader.username)
    assert is_refused(answer, 422)
    assert "username" in answer.json()["errors"]
    answer = anyone.register(email=reader.email)
    assert is_refused(answer, 422)
    assert "email" in answer.json()["errors"]


@pytest.mark.parametrize("field", ["username", "email", "password"])
@pytest.mark.parametrize("value", ["", "   ", None, 5, ["x"], {}, "missing"])
def test_name_address_and_password_are_needed(anyone, field, value):
    name = new_name()
    user = {"username": name, "email": f"{name}@example.com", "password": PASSWORD, field: value}
    if value == "missing":
        del user[field]
    answer = anyone.ask("POST", "/users", {"user": user})
    assert is_refused(answer, 422)
    assert field in answer.json()["errors"]


@pytest.mark.parametrize("email", ["nobody", "@example.com", "nobody@", "@"])
def test_address_needs_both_sides(anyone, email):
    assert is_refused(anyone.register(email=email), 422)


def test_blank_password_of_eight_spaces_is_refused(anyone):
    assert is_refused(anyone.register(password=" " * 8), 422)


@pytest.mark.parametrize(
    "password",
    ["1234567", "пароль1", "x" * 65, "ж" * 65],
    ids=["short", "short in Cyrillic", "long", "long in Cyrillic"],
)
def test_short_and_long_passwords_are_refused(anyone, password):
    assert is_refused(anyone.register(password=password), 422)


@pytest.mark.parametrize(
    "password",
    ["12345678", "ж" * 8, "ж" * 64, "🚢" * 64, "x" * 64],
    ids=["digits", "short", "Cyrillic", "ships", "long"],
)
def test_passwords_are_counted_in_characters_and_count_whole(anyone, sign_up, password):
    person = sign_up(password=password)
    assert anyone.login(person.email, password).status_code == 200
    other = "й" if password[-1] != "й" else "x"
    assert is_refused(anyone.login(person.email, password[:-1] + other), 401)


@pytest.mark.parametrize("password", [" spaces on both sides ", "MixedCase1"])
def test_spaces_and_case_of_a_password_count(anyone, sign_up, password):
    person = sign_up(password=password)
    assert anyone.login(person.email, password).status_code == 200
    for other in {password.strip(), password.lower(), password.upper()} - {password}:
        assert is_refused(anyone.login(person.email, other), 401)


def test_login_gives_the_account(anyone, reader, http):
    answer = anyone.login(reader.email)
    assert answer.status_code == 200
    user = answer.json()["user"]
    assert set(user) == USER
    assert (user["username"], user["email"]) == (reader.username, reader.email)
    assert Person(http, user["token"]).get("/user").status_code == 200


def test_wrong_password_and_unknown_address_look_alike(anyone, reader):
    wrong = anyone.login(reader.email, "wrong horse battery")
    unknown = anyone.login(f"{new_name()}@example.com")
    assert is_refused(wrong, 401)
    assert is_refused(unknown, 401)
    assert wrong.json() == unknown.json()


@pytest.mark.parametrize("body", [{}, {"user": {}}, {"user": None}, {"user": []}, [], "x"])
def test_login_without_address_and_password_is_refused(anyone, body):
    assert is_refused(anyone.ask("POST", "/users/login", body), 401, 422, 400)


def test_case_and_spaces_of_an_address_do_not_matter(anyone, sign_up):
    name = new_name()
    person = sign_up(username=name, email=f" {name.upper()}@Example.com ")
    for typed in (f"{name}@example.com", f"{name.upper()}@EXAMPLE.COM", f"{name}@example.com "):
        answer = anyone.login(typed)
        assert answer.status_code == 200, typed
        assert answer.json()["user"]["username"] == person.username
        answer = anyone.register(email=typed)
        assert is_refused(answer, 422)
        assert "email" in answer.json()["errors"]


def test_change_touches_only_what_was_sent(anyone, sign_up, http):
    person = sign_up()
    answer = person.change(bio="Sailor", image="https://example.com/a.png")
    assert answer.status_code == 200
    user = answer.json()["user"]
    assert set(user) == USER
    assert (user["bio"], user["image"]) == ("Sailor", "https://example.com/a.png")
    assert (user["username"], user["email"]) == (person.username, person.email)
    after = person.change(bio="Rower").json()["user"]
    assert (after["bio"], after["image"]) == ("Rower", "https://example.com/a.png")
    assert person.profile(person.username)["bio"] == "Rower"
    after = person.change(image=None).json()["user"]
    assert (after["bio"], after["image"]) == ("Rower", None)
    after = person.change(bio=None).json()["user"]
    assert (after["bio"], after["image"]) == (None, None)
    assert person.get("/user").json()["user"]["bio"] is None
    assert anyone.login(person.email).status_code == 200


def test_new_name_replaces_the_old_one(anyone, sign_up, http):
    person, name = sign_up(), new_name()
    slug = person.published()["slug"]
    answer = person.change(username=name)
    assert answer.json()["user"]["username"] == name
    assert person.get("/user").json()["user"]["username"] == name
    assert anyone.profile(name)["username"] == name
    assert is_refused(anyone.get(f"/profiles/{person.username}"), 404)
    assert anyone.read(slug)["author"]["username"] == name
    assert anyone.login(person.email).json()["user"]["username"] == name


def test_new_address_replaces_the_old_one(anyone, sign_up):
    person, email = sign_up(), f"{new_name()}@example.com"
    assert person.change(email=f" {email.upper()}").status_code == 200
    assert anyone.login(email).status_code == 200
    assert is_refused(anyone.login(person.email), 401)
    assert person.get("/user").status_code == 200
    assert anyone.register(email=person.email).status_code == 201


def test_new_password_replaces_the_old_one_and_signs_out(anyone, sign_up, http):
    person = sign_up()
    elsewhere = anyone.login(person.email).json()["user"]["token"]
    answer = person.change(password="another horse")
    assert answer.status_code == 200
    new = answer.json()["user"]["token"]
    assert Person(http, new).get("/user").status_code == 200
    for old in (person.token, elsewhere):
        assert is_refused(Person(http, old).get("/user"), 401)
    assert anyone.login(person.email, "another horse").status_code == 200
    assert is_refused(anyone.login(person.email), 401)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("username", ""), ("username", "  "), ("username", None), ("username", 7),
        ("email", ""), ("email", " "), ("email", None), ("email", "nobody"), ("email", "@x.org"),
        ("password", ""), ("password", " " * 9), ("password", None), ("password", "1234567"),
        ("password", "x" * 65), ("bio", 5), ("image", []),
    ],
)  # fmt: skip
def test_changes_follow_the_same_rules(reader, field, value):
    answer = reader.change(**{field: value})
    assert is_refused(answer, 422)
    assert field in answer.json()["errors"]
    assert reader.get("/user").json()["user"]["username"] == reader.username


def test_change_to_what_is_taken_is_refused(sign_up, reader):
    person = sign_up()
    answer = person.change(username=reader.username)
    assert is_refused(answer, 422)
    assert "username" in answer.json()["errors"]
    for typed in (reader.email, reader.email.upper()):
        answer = person.change(email=typed)
        assert is_refused(answer, 422)
        assert "email" in answer.json()["errors"]
    assert person.get("/user").json()["user"]["email"] == person.email


def test_own_name_and_address_are_not_taken(sign_up):
    person = sign_up()
    answer = person.change(username=person.username, email=person.email, bio="Same")
    assert answer.status_code == 200
    assert answer.json()["user"]["bio"] == "Same"


@pytest.mark.parametrize("text", ["Zoë Ж 北京 עברית", "👩‍👩‍👧 🚢", 'O\'Brien "x" \\ <b>&amp;'])
def test_texts_come_back_as_written(anyone, sign_up, text):
    name = f"{text} {new_name()}"[:60]
    person = sign_up(username=name)
    assert person.username == name
    assert person.change(bio=text).json()["user"]["bio"] == text
    shown = anyone.profile(name)
    assert (shown["username"], shown["bio"]) == (name, text)


def test_bio_may_be_long(sign_up):
    person, bio = sign_up(), "Once upon a time. " * 1500
    assert person.change(bio=bio).json()["user"]["bio"] == bio


def test_nothing_else_is_set_by_registering(anyone):
    answer = anyone.register(bio="x", image="y", token="t", id=1, admin=True)
    assert answer.status_code in (201, 422)
    if answer.status_code == 201:
        assert set(answer.json()["user"]) == USER
        assert answer.json()["user"]["token"] != "t"
