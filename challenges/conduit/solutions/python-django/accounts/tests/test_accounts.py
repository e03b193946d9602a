"""Accounts: what is asked of those who register, sign in and change something."""

from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
from django.conf import settings
from django.test import TestCase, TransactionTestCase

from accounts.models import User
from accounts.tests import PASSWORD, Person, registered


class RegisteringTest(TestCase):
    def test_answers_with_the_account_and_a_token(self) -> None:
        ada = registered("ada")
        account = ada.get("/user").json()["user"]
        self.assertEqual(account["email"], "ada@example.org")
        self.assertIsNone(account["bio"])

    def test_measures_passwords_in_characters(self) -> None:
        for password, status in (("п" * 64, 201), ("п" * 65, 422), ("п" * 7, 422), (" " * 9, 422)):
            user = {"username": "n", "email": "n@example.org", "password": password}
            with self.subTest(password=password):
                answer = Person().ask("POST", "/users", {"user": user})
                self.assertEqual(answer.status_code, status)

    def test_stores_no_readable_password(self) -> None:
        registered("ada")
        self.assertTrue(User.objects.get().password.startswith("argon2$argon2id$"))


class TakenTest(TransactionTestCase):
    """A violated constraint would end the transaction around a `TestCase`."""

    def test_names_the_field_that_is_taken(self) -> None:
        registered("ada")
        for field, user in (
            ("username", {"username": "ada", "email": "new@example.org"}),
            ("email", {"username": "new", "email": " ADA@example.org "}),
        ):
            answer = Person().ask("POST", "/users", {"user": {**user, "password": PASSWORD}})
            self.assertEqual(answer.status_code, 422)
            self.assertEqual(list(answer.json()["errors"]), [field])


class SigningInTest(TestCase):
    def test_takes_the_address_as_it_is_typed(self) -> None:
        registered("ada")
        self.assertEqual(_login("  ADA@Example.org ").status_code, 200)

    def test_refuses_unknown_address_and_wrong_password_alike(self) -> None:
        registered("ada")
        unknown, wrong = _login("bob@example.org"), _login("ada@example.org", "something else")
        self.assertEqual(unknown.status_code, 401)
        self.assertEqual(unknown.content, wrong.content)

    def test_costs_one_statement_and_writes_nothing(self) -> None:
        registered("ada")
        with self.assertNumQueries(1):
            _login("ada@example.org")


class ChangingTest(TestCase):
    def test_changes_what_was_sent_and_nothing_else(self) -> None:
        ada = registered("ada")
        ada.ask("PUT", "/user", {"user": {"bio": "Counts"}})
        answer = ada.ask("PUT", "/user", {"user": {"image": "https://example.org/ada"}})
        self.assertEqual(answer.json()["user"]["bio"], "Counts")
        answer = ada.ask("PUT", "/user", {"user": {"bio": None, "id": 1, "is_staff": True}})
        self.assertIsNone(answer.json()["user"]["bio"])

    def test_new_password_ends_the_tokens_from_before(self) -> None:
        ada = registered("ada")
        answer = ada.ask("PUT", "/user", {"user": {"password": "another password"}})
        self.assertEqual(ada.get("/user").status_code, 401)
        self.assertEqual(Person(answer.json()["user"]["token"]).get("/user").status_code, 200)
        self.assertEqual(_login("ada@example.org").status_code, 401)


class TokenTest(TestCase):
    def test_refuses_tokens_that_are_not_ours(self) -> None:
        ada = registered("ada")
        user = User.objects.get()
        soon, before = (datetime.now(UTC) + timedelta(hours=each) for each in (1, -1))
        claims = {"sub": str(user.pk), "ver": user.token_version, "exp": soon}
        key = settings.SECRET_KEY
        for name, token in {
            "altered": ada.token[:-2],
            "expired": jwt.encode({**claims, "exp": before}, key, "HS256"),
            "other key": jwt.encode(claims, "x" * 32, "HS256"),
            "unsigned": jwt.encode(claims, None, "none"),
            "without end": jwt.encode({"sub": str(user.pk), "ver": 1}, key, "HS256"),
            "no number": jwt.encode({**claims, "sub": "ada"}, key, "HS256"),
            "too long": "x" * 9999,
        }.items():
            with self.subTest(name):
                self.assertEqual(Person(token).get("/user").status_code, 401)
                self.assertEqual(Person(token).get("/articles").status_code, 401)


class ProfileTest(TestCase):
    def test_following_is_seen_from_the_one_who_asks(self) -> None:
        ada, bob = registered("ada"), registered("bob")
        for _ in range(2):
            answer = ada.ask("POST", "/profiles/bob/follow")
            self.assertTrue(answer.json()["profile"]["following"])
        self.assertFalse(bob.get("/profiles/ada").json()["profile"]["following"])
        self.assertFalse(Person().get("/profiles/bob").json()["profile"]["following"])
        self.assertNotIn("email", answer.json()["profile"])
        for _ in range(2):
            answer = ada.ask("DELETE", "/profiles/bob/follow")
            self.assertFalse(answer.json()["profile"]["following"])

    def test_name_may_hold_a_slash(self) -> None:
        registered("ada")
        band = {"username": "AC/DC", "email": "acdc@example.org", "password": PASSWORD}
        Person().ask("POST", "/users", {"user": band})
        answer = Person().get("/profiles/AC%2FDC")
        self.assertEqual(answer.json()["profile"]["username"], "AC/DC")

    def test_nobody_follows_themselves(self) -> None:
        ada = registered("ada")
        self.assertEqual(ada.ask("POST", "/profiles/ada/follow").status_code, 422)


def _login(email: str, password: str = PASSWORD) -> Any:
    return Person().ask("POST", "/users/login", {"user": {"email": email, "password": password}})
