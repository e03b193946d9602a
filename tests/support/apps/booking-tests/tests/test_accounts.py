"""Stage 2: accounts."""

import pytest
from conftest import PASSWORD, Person, is_refused, new_email

ACCOUNT = {"name", "email", "role", "token"}


def test_registering_opens_an_account(anyone):
    email = new_email()
    answer = anyone.register(name="Grace McCoy 👩‍✈️ Ωmega", email=email)
    assert answer.status_code == 201
    account = answer.json()["account"]
    assert set(account) == ACCOUNT
    assert account["name"] == "Grace McCoy 👩‍✈️ Ωmega"
    assert (account["email"], account["role"]) == (email, "traveller")


@pytest.mark.parametrize("field", ["name", "email", "password"])
@pytest.mark.parametrize("value", ["", "   "])
def test_blank_field_is_refused(anyone, field, value):
    assert is_refused(anyone.register(**{field: value}), 422)


@pytest.mark.parametrize("email", ["nobody", "@example.com", "nobody@"])
def test_address_needs_something_on_both_sides(anyone, email):
    assert is_refused(anyone.register(email=email), 422)


def test_taken_address_is_refused_and_named(anyone, traveller):
    answer = anyone.register(email=traveller.email)
    assert is_refused(answer, 409)
    assert "email" in answer.json()["errors"]


def test_taken_address_is_taken_in_capitals(anyone, traveller):
    assert is_refused(anyone.register(email=traveller.email.upper()), 409)


@pytest.mark.parametrize("password", ["1234567", "seven77"])
def test_short_password_is_refused(anyone, password):
    assert is_refused(anyone.register(password=password), 422)


@pytest.mark.parametrize("password", ["κωδικός πρόσβασης", "пароль пароль", "🔑" * 8, "x" * 64])
def test_password_in_any_script_signs_in(anyone, sign_up, password):
    person = sign_up(password=password)
    assert anyone.login(person.email, password).status_code == 200
    assert is_refused(anyone.login(person.email, password[:-1]), 401)


def test_wrong_password_and_unknown_address_are_refused_alike(anyone, traveller):
    wrong = anyone.login(traveller.email, "wrong horse battery")
    unknown = anyone.login(new_email(), "wrong horse battery")
    assert is_refused(wrong, 401)
    assert is_refused(unknown, 401)
    assert wrong.json() == unknown.json()


def test_login_shows_the_account(anyone, traveller):
    answer = anyone.login(traveller.email)
    assert answer.status_code == 200
    assert set(answer.json()["account"]) == ACCOUNT


@pytest.mark.parametrize("typed", [str.upper, str.title, lambda text: f"  {text} "])
def test_address_signs_in_however_it_is_typed(anyone, traveller, typed):
    assert anyone.login(typed(traveller.email)).status_code == 200


def test_account_needs_a_token(anyone):
    assert is_refused(anyone.get("/account"), 401)
    assert is_refused(anyone.ask("PUT", "/account", {"account": {"name": "X"}}), 401)


def test_account_is_that_of_the_token(traveller):
    account = traveller.get("/account").json()["account"]
    assert set(account) == ACCOUNT
    assert account["email"] == traveller.email


def test_new_password_replaces_the_old_one(anyone, sign_up):
    person = sign_up(name="Bertha Benz")
    answer = person.ask("PUT", "/account", {"account": {"password": "another horse"}})
    assert answer.status_code == 200
    assert answer.json()["account"]["name"] == "Bertha Benz"
    assert person.get("/account").json()["account"]["name"] == "Bertha Benz"
    assert anyone.login(person.email, "another horse").status_code == 200
    assert is_refused(anyone.login(person.email, PASSWORD), 401)


def test_new_name_leaves_the_password(anyone, sign_up):
    person = sign_up()
    answer = person.ask("PUT", "/account", {"account": {"name": "Lise"}})
    assert answer.json()["account"]["name"] == "Lise"
    assert anyone.login(person.email).json()["account"]["name"] == "Lise"


def test_changed_password_keeps_the_rules(sign_up):
    person = sign_up()
    assert is_refused(person.ask("PUT", "/account", {"account": {"password": "1234567"}}), 422)


def test_operator_code_makes_an_operator(anyone):
    assert anyone.register(operatorCode="ahoy").json()["account"]["role"] == "operator"
    assert is_refused(anyone.register(operatorCode="wrong"), 403)


def test_nobody_names_their_own_role(anyone, sign_up):
    assert anyone.register(role="operator").json()["account"]["role"] == "traveller"
    person = sign_up()
    changed = person.ask("PUT", "/account", {"account": {"name": "X", "role": "operator"}})
    assert changed.json()["account"]["role"] == "traveller"
    assert is_refused(person.open_sailing(), 403)


def test_forged_token_is_refused(http, traveller):
    import base64
    import json

    head, _, rest = traveller.token.partition(".")
    payload, _, signature = rest.partition(".")
    none = base64.urlsafe_b64encode(json.dumps({"alg": "none", "typ": "JWT"}).encode())
    unsigned = f"{none.decode().rstrip('=')}.{payload}."
    last = "A" if signature[:1] != "A" else "B"
    spoilt = f"{head}.{payload}.{last}{signature[1:]}"
    for token in (unsigned, spoilt, "x", traveller.token[: len(head) + 1]):
        assert is_refused(Person(http, token).get("/account"), 401)
