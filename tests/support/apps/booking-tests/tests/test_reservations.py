"""Stages 4 and 5: reserving, paying and cancelling."""

import time
import uuid
from datetime import datetime

import pytest
from conftest import is_refused

RESERVATION = {
    "id", "sailing", "seats", "total", "status", "charged", "refunded", "createdAt", "expiresAt",
}  # fmt: skip


def state(person, reservation) -> dict:
    answer = person.get(f"/reservations/{reservation['id']}")
    assert answer.status_code == 200
    return answer.json()["reservation"]


def test_reservation_holds_seats(traveller, new_sailing):
    sailing = new_sailing(seats=10, price=700)
    held = traveller.held(sailing, 4)
    assert set(held) == RESERVATION
    assert set(held["sailing"]) == {"id", "from", "to", "departsAt"}
    assert (held["seats"], held["total"], held["status"]) == (4, 2800, "held")
    assert (held["charged"], held["refunded"]) == (0, 0)
    assert traveller.seats_left(sailing) == 6
    assert state(traveller, held) == held


@pytest.mark.parametrize("seats", [0, -1, 10, 40, 1.5, "2", None])
def test_only_one_to_nine_seats_are_reserved(traveller, new_sailing, seats):
    assert is_refused(traveller.reserve(new_sailing(), seats), 422)


def test_full_boat_takes_nobody(traveller, new_sailing):
    sailing = new_sailing(seats=6)
    traveller.held(sailing, 4)
    assert is_refused(traveller.reserve(sailing, 4), 409)
    assert traveller.seats_left(sailing) == 2
    traveller.held(sailing, 2)
    assert is_refused(traveller.reserve(sailing, 1), 409)


def test_price_is_that_of_the_sailing(traveller, new_sailing):
    held = traveller.held(new_sailing(price=500), 9, total=9, price=1, status="paid", charged=1)
    assert (held["total"], held["status"], held["charged"]) == (4500, "held", 0)


def test_reserving_needs_a_token(anyone, traveller, new_sailing):
    sailing = new_sailing()
    held = traveller.held(sailing)
    assert is_refused(anyone.reserve(sailing), 401)
    assert is_refused(anyone.get("/reservations"), 401)
    assert is_refused(anyone.get(f"/reservations/{held['id']}"), 401)
    assert is_refused(anyone.pay(held), 401)
    assert is_refused(anyone.cancel(held), 401)


def test_unknown_sailing_cannot_be_reserved(traveller):
    assert is_refused(traveller.reserve(999_999_999), 404)


def test_reservation_is_its_owners(traveller, operator, sign_up, new_sailing):
    held = traveller.held(new_sailing())
    for stranger in (sign_up(), operator):
        assert is_refused(stranger.get(f"/reservations/{held['id']}"), 403)
        assert is_refused(stranger.pay(held), 403)
        assert is_refused(stranger.cancel(held), 403)
    assert state(traveller, held) == held


def test_list_has_ones_own_reservations_newest_first(sign_up, traveller, new_sailing):
    person, sailing = sign_up(), new_sailing()
    traveller.held(sailing)
    first, second, third = (person.held(sailing, 1) for _ in range(3))
    person.cancel(second)
    answer = person.get("/reservations").json()
    assert [each["id"] for each in answer["reservations"]] == [
        third["id"], second["id"], first["id"],
    ]  # fmt: skip
    assert answer["reservationsCount"] == 3
    cancelled = person.get("/reservations", status="cancelled").json()
    assert [each["id"] for each in cancelled["reservations"]] == [second["id"]]
    assert cancelled["reservationsCount"] == 1
    page = person.get("/reservations", limit=1, offset=1).json()
    assert [each["id"] for each in page["reservations"]] == [second["id"]]


def test_same_key_gives_the_same_reservation(traveller, new_sailing):
    sailing, key = new_sailing(seats=10), uuid.uuid4().hex
    once, again = (traveller.held(sailing, 3, key=key) for _ in range(2))
    assert once == again
    assert traveller.seats_left(sailing) == 7


def test_key_is_for_one_reservation(traveller, new_sailing):
    sailing, key = new_sailing(), uuid.uuid4().hex
    traveller.held(sailing, 3, key=key)
    assert is_refused(traveller.reserve(sailing, 4, key=key), 422)
    assert is_refused(traveller.reserve(new_sailing(), 3, key=key), 422)


def test_everyone_has_keys_of_their_own(traveller, operator, new_sailing):
    sailing, key = new_sailing(), uuid.uuid4().hex
    one, other = traveller.held(sailing, 3, key=key), operator.held(sailing, 2, key=key)
    assert one["id"] != other["id"]


def test_hold_lasts_as_long_as_was_asked(traveller, new_sailing):
    sailing = new_sailing()
    for asked, seconds in (({}, 900), ({"holdSeconds": 60}, 60)):
        held = traveller.held(sailing, **asked)
        created, expires = (
            datetime.fromisoformat(held[name]) for name in ("createdAt", "expiresAt")
        )
        assert abs((expires - created).total_seconds() - seconds) < 5
    assert is_refused(traveller.reserve(sailing, holdSeconds=901), 422)


def wait_for_the_end(person, held):
    """Wait until a hold of a second is over, or should be since long."""
    until = time.monotonic() + 2
    while time.monotonic() < until and state(person, held)["status"] == "held":
        time.sleep(0.05)


def test_hold_that_is_over(sign_up, new_sailing):
    person, sailing = sign_up(), new_sailing(seats=5)
    held = person.held(sailing, 5, holdSeconds=1)
    wait_for_the_end(person, held)
    assert state(person, held)["status"] == "expired"
    assert is_refused(person.pay(held), 409)
    assert is_refused(person.cancel(held), 409)
    assert person.seats_left(sailing) == 5
    assert person.get("/reservations", status="held").json()["reservations"] == []
    assert len(person.get("/reservations", status="expired").json()["reservations"]) == 1
    person.held(sailing, 5)


def test_paying_charges_the_total_once(traveller, new_sailing):
    held = traveller.held(new_sailing(price=300), 3)
    paid = traveller.pay(held)
    assert paid.status_code == 200
    for answer in (paid, traveller.pay(held)):
        told = answer.json()["reservation"]
        assert (told["status"], told["charged"]) == ("paid", 900)
    assert state(traveller, held)["charged"] == 900


@pytest.mark.parametrize("amount", [1, 2499, 2501, 25000])
def test_another_amount_is_refused(traveller, new_sailing, amount):
    held = traveller.held(new_sailing(price=1250), 2)
    assert is_refused(traveller.pay(held, amount), 422)
    assert state(traveller, held)["status"] == "held"


@pytest.mark.parametrize("amount", ["ten", {}, [1], True, 1e400, -1, 1.5, "²"])
def test_odd_amount_is_refused(traveller, new_sailing, amount):
    held = traveller.held(new_sailing())
    body = '{"payment": {"amount": 1e400}}' if amount == 1e400 else None
    if body is None:
        assert is_refused(traveller.pay(held, amount), 422)
    else:
        headers = {"Content-Type": "application/json"}
        path = f"/reservations/{held['id']}/payment"
        assert traveller.ask("POST", path, content=body, headers=headers).status_code in (400, 422)


@pytest.mark.parametrize("paid", [False, True])
def test_cancelling_gives_everything_back_once(traveller, new_sailing, paid):
    sailing = new_sailing(seats=8, price=200)
    held, _ = traveller.held(sailing, 5), traveller.held(sailing, 2)
    if paid:
        traveller.pay(held)
    for _ in range(3):
        answer = traveller.cancel(held)
        assert answer.status_code == 200
        told = answer.json()["reservation"]
        assert (told["status"], told["refunded"]) == ("cancelled", 1000 if paid else 0)
        assert traveller.seats_left(sailing) == 6
    assert is_refused(traveller.pay(held), 409)
    assert state(traveller, held)["status"] == "cancelled"
