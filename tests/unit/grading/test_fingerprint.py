"""Which findings have one cause by their symptom, and which do not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tests.support import reports
from worksample.checks import BAD_TOKEN, Finding, TimelineStep
from worksample.checks.answer import cause_of
from worksample.grading.fingerprint import symptom_of
from worksample.grading.priority import issues_of
from worksample.probes.exchange import Exchange, Request, Trouble

SCHEMA = "a response that matches the schema of login"
REFUSAL = {"errors": {"email or password": ["is wrong"]}}


def login(status: int = 401, got: Any = REFUSAL) -> Exchange:
    return reports.exchange("signs in", target="/api/users/login", status=status, got=got)


def listing(query: str, status: int = 200) -> Exchange:
    return reports.exchange("lists", "GET", f"/api/articles?{query}", status=status, got=REFUSAL)


def finding(expected: str, actual: str, exchange: Exchange, **words: Any) -> Finding:
    return Finding(expected, actual, exchanges=(exchange,), **{"culprit": 0, **words})


def key(one: Finding) -> str:
    return symptom_of(one).key


def test_same_refusal_of_one_operation_shares_key() -> None:
    one = finding("status 200", "401", login())
    other = finding("status 200 or 201", "401", login())
    assert key(one) == key(other) != ""


def test_other_refusal_or_operation_has_other_key() -> None:
    one = finding("status 200", "401", login())
    other = finding("status 200", "401", login(got={"detail": "token expired"}))
    elsewhere = finding("status 200", "401", reports.exchange(status=401, got=REFUSAL))
    assert len({key(each) for each in (one, other, elsewhere)}) == 3


def test_refusals_for_fields_left_out_share_key_whatever_the_fields() -> None:
    def edit(sent: str, expected: str, *asked: str) -> Finding:
        got = {"errors": {name: ["is required"] for name in asked}}
        exchange = reports.exchange(
            method="PUT", target="/api/articles/x1", status=422, sent={"article": {sent: "x"}},
            got=got,
        )  # fmt: skip
        return finding(expected, "422", exchange)

    one, other = edit("body", "status 200", "title"), edit("title", "status 403", "body", "about")
    assert key(one) == key(other) != ""
    assert key(edit("title", "status 200", "title")) != key(one)


def test_fields_are_read_from_a_list_of_details() -> None:
    got = {"detail": [{"loc": ["query", "limit"], "msg": "Field required"}]}
    exchange = reports.exchange(method="GET", target="/feed", status=422, got=got)
    assert symptom_of(finding("status 200", "422", exchange)).title("GET /feed") == (
        "GET /feed refuses a request without `limit`: 422 Field required"
    )


def test_refusal_that_names_no_field_is_not_told_as_one_left_out() -> None:
    for got, words in (
        (REFUSAL, "email or password is wrong"),
        ({"detail": "Incorrect password"}, "Incorrect password"),
        ({"message": "no"}, "no"),
        ({"error": {"reasons": ["a", "b"]}}, "a, b"),
        ({"errors": {"token": ["is missing"]}}, "token is missing"),
    ):
        sent = {"user": {"email": "a@b.example", "password": "secret"}}
        answered = reports.exchange(target="/api/users/login", status=401, sent=sent, got=got)
        assert symptom_of(finding("status 200", "401", answered)).title("POST /login") == (
            f"POST /login refuses a valid request: 401 {words}"
        )


def test_objects_that_differ_are_told_by_their_fields() -> None:
    wrong = finding('the account: {"bio":"x","name":"a"}', '{"bio":null,"name":"a"}', login(200))
    assert symptom_of(wrong).title("GET /user") == "GET /user: the account: wrong `bio`"
    cut = finding('the account: {"bio":"x","na…', '{"bio":null,"na…', login(200))
    assert 'expected {"bio":"x","na…, got' in symptom_of(cut).title("GET /user")


def test_accepted_requests_share_key_only_where_a_right_is_missing() -> None:
    def accepted(expected: str) -> str:
        return key(finding(expected, "200", login(200)))

    assert accepted("status 403") == accepted("status 403 or 404") != ""
    assert accepted("status 409 or 422") == ""


def test_same_other_status_for_success_shares_key() -> None:
    one = finding("status 200", "201", login(201))
    other = finding("status 200 or 204", "201", login(201, got={"a": 1}))
    assert key(one) == key(other) != ""
    assert symptom_of(one).title("POST /x") == "POST /x answers 201 instead of 200"


def test_same_field_of_same_object_shares_key_whatever_the_operation() -> None:
    missing = finding("`user.token` in the response", "{}", login(200))
    by_schema = finding(
        SCHEMA,
        'user: ""token" is a required property"',
        login(200),
    )
    assert key(missing) == key(by_schema) != ""
    extra = "Additional properties are not allowed ('token' was unexpected)"
    assert key(finding(SCHEMA, f'user: "{extra}"', login(200))) != key(missing)
    listed = finding(SCHEMA, 'users.0: ""token" is a required property"', login(200))
    assert key(listed) == key(missing)


def test_logged_error_is_the_key_whatever_operation_and_value() -> None:
    error = "/tmp/run-1/app/db.py:27: DataError: invalid input for integer: "
    one = finding("status 200", "500", login(500), error=f'{error}"abc"')
    other = finding("status 4xx", "500", listing("limit=x", 500), error=f'{error}"x1"')
    assert key(one) == key(other) != ""
    elsewhere = finding("status 200", "500", login(500), error="app/db.py:9: KeyError: 'a'")
    assert key(elsewhere) not in ("", key(one))


def test_character_that_cannot_be_encoded_is_one_error_whichever_it_is() -> None:
    said = "app/users.py:3: UnicodeEncodeError: can't encode character '{}' in position 0"
    keys = {
        key(finding("200", "500", login(500), error=said.format(e))) for e in ("\\xfe", "\\u017d")
    }
    assert len(keys) == 1


def test_server_error_without_log_tells_only_where_it_failed() -> None:
    one = symptom_of(finding("status 200", "500", login(500)))
    other = symptom_of(finding("status 4xx", "500", login(500)))
    assert one.key == "" and one.vague == other.vague
    said = symptom_of(finding("status 200", "500", login(500, got={"detail": "no such table"})))
    assert said.vague != one.vague


def test_bad_token_is_one_cause_at_any_operation() -> None:
    one = symptom_of(finding("status 401", "500", login(500), difference=BAD_TOKEN))
    other = symptom_of(finding("status 401", "500", listing("", 500), difference=BAD_TOKEN))
    assert one.vague == other.vague


def test_wrong_values_of_one_subject_share_key() -> None:
    one = finding("articlesCount: 16", "1", listing("limit=1"), culprit=None)
    other = finding("articlesCount: 3", "0", listing("offset=9"), culprit=None)
    third = finding("the order: 3", "0", listing("offset=9"), culprit=None)
    assert key(one) == key(other) != key(third)


def race(marked: str, **words: Any) -> Finding:
    """Return a race held before the statement `marked`, of two requests `words["asked"]`."""
    request = words.get("asked", "POST /api/users")
    beats = (
        TimelineStep(0, request),
        TimelineStep(0, "SELECT 1 FROM users WHERE username = 'u1'"),
        TimelineStep(1, "SELECT 1 FROM users WHERE username = 'u2'"),
        TimelineStep(0, marked, mark=True),
        TimelineStep(0, "→ 201"),
    )
    method, _, target = request.partition(" ")
    asked = reports.exchange("asks", method, target)
    figures = (reports.timeline(beats=beats),)
    return finding("one of the two is refused: 1", "2", asked, culprit=None, figures=figures)


def test_races_at_same_statement_share_key() -> None:
    one = race("INSERT INTO users VALUES ('ada', 1)")
    other = race("INSERT INTO users VALUES ('bob', 27)", asked="POST /api/users?again")
    assert key(one) == key(other) != ""


def test_races_at_other_or_no_statement_differ() -> None:
    one = race("INSERT INTO users VALUES (1)")
    elsewhere = race("UPDATE users SET username = $1")
    assert key(one) != key(elsewhere)
    nowhere = finding("one of the two is refused: 1", "2", login(), culprit=None)
    figures = (reports.timeline(beats=(TimelineStep(0, "SELECT 1"),)),)
    assert key(replace(nowhere, figures=figures)) == ""


def test_key_ignores_generated_words() -> None:
    one = finding("status 200", "422", login(422, got={"slug": "notes-from-t4zr6qm7j is taken"}))
    other = finding("status 200", "422", login(422, got={"slug": "notes-from-vb2kjr2r is taken"}))
    assert key(one) == key(other) != ""


def test_html_error_page_tells_nothing() -> None:
    page = b"<!DOCTYPE HTML> <title>422 Unprocessable Entity</title>"
    assert key(finding("status 200", "422", login(422, got=page))) == ""


def test_nothing_to_tell_without_exchanges() -> None:
    assert key(Finding("status 200", "401")) == ""


def test_issue_with_most_findings_comes_first_in_its_stage() -> None:
    alone = reports.failed(reports.check("alone", stage=5), Finding("a", "b"))
    counts = [
        reports.failed(
            reports.check(f"count-{n}", stage=5),
            finding(f"articlesCount: {n}", "0", listing(f"limit={n}"), culprit=None),
        )
        for n in range(3)
    ]
    issues = issues_of([alone, *counts])
    assert [(issue.lead.check.id, len(issue.others)) for issue in issues] == [
        ("count-0", 2),
        ("alone", 0),
    ]


def silent(method: str = "POST", body: bytes = b"", inputs: str = "") -> Finding:
    exchange = Exchange(Request(method, "/api/users", (), body), None, Trouble.TIMEOUT)
    found = finding("4xx (or 2xx)", "no answer", exchange, cause=cause_of(exchange))
    return replace(found, inputs=tuple(filter(None, [inputs])))


def test_requests_without_an_answer_share_key_if_they_look_alike() -> None:
    one, other = silent(body=b'{"name":"ann"}'), silent(body=b'{"name":"bob"}')
    assert key(one) == key(other) != ""
    large = silent(body=b'{"name":"' + b"x" * 5000 + b'"}')
    assert len({key(each) for each in (one, large, silent("PUT"), silent())}) == 4


def test_hostile_inputs_without_an_answer_share_key_at_all_operations() -> None:
    texts = silent(inputs="a text of 2 MB"), silent("PUT", inputs="a text of 2 MB")
    assert len({key(each) for each in (*texts, silent(inputs="a NUL in `username`"))}) == 2
    assert symptom_of(texts[0]).title("POST /api/users") == (
        "POST /api/users with a text of 2 MB: no complete answer in time"
    )
    assert symptom_of(silent()).title("POST /api/users") == (
        "POST /api/users: no complete answer in time"
    )
