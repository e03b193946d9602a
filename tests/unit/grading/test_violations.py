"""What findings say of a field that is missing, too many or wrong."""

from __future__ import annotations

import pytest

from worksample.grading.violations import violation_of

SCHEMA = "a response that matches the schema of comment"


@pytest.mark.parametrize(
    ("expected", "actual", "words"),
    [
        ("`user.token` in the response", "{}", "answers without `token` in `user`"),
        ("`articles.0.slug` in the response", "{}", "answers without `slug` in `article`"),
        ("`user` in the response", "{}", "answers without `user` in `the body`"),
        (SCHEMA, 'comment: ""id" is a required property"', "answers without `id` in `comment`"),
        (SCHEMA, 'the body: ""user" is a required property"', "answers without `user` in "
         "`the body`"),
        (SCHEMA, "comments.3.author: \"Additional properties are not allowed ('email' was "
         'unexpected)"', "answers with `email` in `author`, which the contract does not have"),
        (SCHEMA, 'comments.3.id: ""x" is not of type "integer""',
         'answers with a `id` in `comment` that is not of type "integer""'),
    ],
)  # fmt: skip
def test_names_field_and_object(expected: str, actual: str, words: str) -> None:
    assert str(violation_of(expected, actual)) == words


def test_other_findings_say_nothing_of_a_field() -> None:
    assert violation_of("status 200", "500: no") is None
    assert violation_of("`user` is a list", "{}") is None


def test_same_rule_has_same_key_whatever_the_value() -> None:
    one = violation_of(SCHEMA, 'comment.id: ""x" is not of type "integer""')
    other = violation_of(SCHEMA, 'comments.7.id: "null is not of type "integer""')
    assert one is not None and other is not None and one.key == other.key
