"""Stages 1 and 3: sailings."""

from datetime import UTC, datetime, timedelta

import pytest
from conftest import departure, is_refused

SAILING = {"id", "from", "to", "departsAt", "seats", "seatsLeft", "price"}


def names(answer) -> list[int]:
    assert answer.status_code == 200, answer.text
    return [each["id"] for each in answer.json()["sailings"]]


def test_operator_opens_a_sailing(operator, anyone, port):
    sent = departure()
    answer = operator.open_sailing(**{"from": port, "departsAt": sent, "seats": 40, "price": 990})
    assert answer.status_code == 201
    sailing = answer.json()["sailing"]
    assert set(sailing) == SAILING
    assert {**sailing, "id": 0, "departsAt": ""} == {
        "id": 0, "from": port, "to": "Föhr", "departsAt": "", "seats": 40, "seatsLeft": 40,
        "price": 990,
    }  # fmt: skip
    assert all(type(sailing[each]) is int for each in ("id", "seats", "seatsLeft", "price"))
    told = datetime.fromisoformat(sailing["departsAt"])
    assert told == datetime.fromisoformat(sent)
    assert told.utcoffset() == timedelta(0)
    assert anyone.get(f"/sailings/{sailing['id']}").json()["sailing"] == sailing


def test_travellers_open_no_sailings(traveller, anyone):
    assert is_refused(traveller.open_sailing(), 403)
    assert is_refused(anyone.open_sailing(), 401)


@pytest.mark.parametrize(
    "fields",
    [
        {"from": "Föhr"}, {"from": "  "}, {"to": ""}, {"seats": 0}, {"seats": 5001}, {"price": 0},
        {"price": 1_000_001}, {"seats": 1.5}, {"price": "10"}, {"departsAt": "soon"},
        {"departsAt": "2020-01-01T00:00:00Z"},
    ],
)  # fmt: skip
def test_senseless_sailing_is_refused(operator, fields):
    assert is_refused(operator.open_sailing(**fields), 422)


@pytest.mark.parametrize("claimed", [3, 500])
def test_free_seats_are_counted_by_the_server(operator, claimed):
    answer = operator.open_sailing(seats=10, seatsLeft=claimed)
    assert answer.json()["sailing"]["seatsLeft"] == 10


def test_unknown_sailing_is_not_found(anyone):
    assert is_refused(anyone.get("/sailings/999999999"), 404)


def test_unknown_path_is_not_found(anyone):
    assert anyone.get("/no-such-thing").status_code == 404
    assert anyone.ask("DELETE", "/sailings").status_code in (404, 405)
    assert anyone.ask("OPTIONS", "/sailings").status_code < 500
    assert anyone.ask("TRACE", "/sailings").status_code < 500


def test_next_departure_comes_first(anyone, new_sailing, port):
    late, early = (new_sailing(**{"from": port, "departsAt": departure(n)}) for n in (9, 3))
    assert names(anyone.get("/sailings", **{"from": port})) == [early, late]


def test_list_is_narrowed_by_both_ports(anyone, new_sailing, port):
    to = f"{port} II"
    both = new_sailing(**{"from": port, "to": to})
    new_sailing(**{"from": port})
    new_sailing(to=to)
    assert names(anyone.get("/sailings", **{"from": port, "to": to})) == [both]
    assert len(names(anyone.get("/sailings", **{"from": port}))) == 2
    assert names(anyone.get("/sailings", **{"from": f"{port} III"})) == []


@pytest.mark.parametrize("name", ["L'Île", 'Port "x"', "100%", "a_b", "' OR '1'='1", "x; --"])
def test_port_is_data(anyone, new_sailing, port, name):
    sailing = new_sailing(**{"from": f"{name} {port[-12:]}"})
    assert names(anyone.get("/sailings", **{"from": f"{name} {port[-12:]}"})) == [sailing]
    assert names(anyone.get("/sailings", **{"from": "' OR '1'='1"})) == []


def test_pages_show_each_sailing_once(anyone, new_sailing, port):
    at = departure(20)
    made = {new_sailing(**{"from": port, "departsAt": at}) for _ in range(23)}
    usual = anyone.get("/sailings", **{"from": port})
    assert len(names(usual)) == 20
    assert usual.json()["sailingsCount"] == 23
    for size in (4, 7):
        pages = [
            names(anyone.get("/sailings", **{"from": port, "limit": size, "offset": offset}))
            for offset in range(0, 23, size)
        ]
        walked = [each for page in pages for each in page]
        assert len(walked) == 23
        assert set(walked) == made
    beyond = anyone.get("/sailings", **{"from": port, "offset": 100})
    assert (names(beyond), beyond.json()["sailingsCount"]) == ([], 23)


@pytest.mark.parametrize("name", ["limit", "offset"])
@pytest.mark.parametrize("value", ["-1", "x", "1.5", "9" * 30, "1; DROP TABLE x", "'"])
def test_senseless_page_does_no_harm(anyone, name, value):
    answer = anyone.get("/sailings", **{name: value})
    assert answer.status_code in (200, 422)


@pytest.mark.parametrize("name", ["x", "1.5", "9" * 30, "-1", "1'", "%00"])
def test_odd_id_is_refused(anyone, traveller, name):
    for path in (f"/sailings/{name}", f"/reservations/{name}"):
        assert traveller.get(path).status_code in (400, 404, 422)


def test_paths_begin_with_api(http, anyone):
    assert anyone.get("/sailings").status_code == 200
    root = str(http.base_url).removesuffix("/api/")
    assert http.get(f"{root}/sailings").status_code == 404


def test_times_are_in_utc(traveller, new_sailing):
    held = traveller.held(new_sailing())
    created = datetime.fromisoformat(held["createdAt"])
    assert created.utcoffset() == timedelta(0)
    assert abs(datetime.now(UTC) - created) < timedelta(minutes=5)
