package api_test

import (
	"net/http"
	"reflect"
	"slices"
	"testing"

	"booking/internal/testdb"
)

func TestReservationIsPaidOnceAndCancelledOnce(t *testing.T) {
	s := start(t)
	sailing, ada := s.operator(t).opens(t, 5), s.person(t)
	path := ada.holds(t, sailing, 2)
	ada.pays(t, path, 1).refuses(t, http.StatusUnprocessableEntity, "amount")
	for range 2 {
		ada.pays(t, path, 2500).has(t, "reservation", object{"status": "paid", "charged": 2500.0, "refunded": 0.0})
	}
	for range 2 {
		ada.cancels(t, path).has(t, "reservation",
			object{"status": "cancelled", "charged": 2500.0, "refunded": 2500.0})
	}
	ada.pays(t, path, 2500).refuses(t, http.StatusConflict)
	if left := s.seatsLeft(t, sailing); left != 5.0 {
		t.Errorf("%v seats left", left)
	}
}

func TestFullBoatTakesNobody(t *testing.T) {
	s := start(t)
	sailing, ada := s.operator(t).opens(t, 3), s.person(t)
	ada.holds(t, sailing, 2)
	ada.reserves(t, sailing, object{"seats": 2}).refuses(t, http.StatusConflict, "seats")
	for _, seats := range []any{0, 10, nil, "1"} {
		ada.reserves(t, sailing, object{"seats": seats}).refuses(t, http.StatusUnprocessableEntity, "seats")
	}
	ada.reserves(t, "/sailings/999", object{"seats": 1}).refuses(t, http.StatusNotFound)
}

func TestHoldThatIsOverFreesItsSeats(t *testing.T) {
	s := start(t)
	sailing, ada := s.operator(t).opens(t, 2), s.person(t)
	path := ada.holds(t, sailing, 2)
	testdb.Exec(t, s.databaseURL, "UPDATE reservations SET expires_at = now()")
	ada.does(t, "GET", path, nil).has(t, "reservation", object{"status": "expired"})
	ada.pays(t, path, 2500).refuses(t, http.StatusConflict)
	ada.cancels(t, path).refuses(t, http.StatusConflict)
	if left := s.seatsLeft(t, sailing); left != 2.0 {
		t.Errorf("%v seats left", left)
	}
	ada.holds(t, sailing, 2)
}

func TestReservationsAreTheirOwners(t *testing.T) {
	s := start(t)
	operator, ada := s.operator(t), s.person(t)
	path := ada.holds(t, operator.opens(t, 2), 1)
	operator.does(t, "GET", path, nil).refuses(t, http.StatusForbidden)
	operator.pays(t, path, 1250).refuses(t, http.StatusForbidden)
	operator.cancels(t, path).refuses(t, http.StatusForbidden)
	ada.does(t, "GET", path, nil).has(t, "reservation", object{"status": "held"})
	if list := operator.does(t, "GET", "/reservations", nil); list.body["reservationsCount"] != 0.0 {
		t.Errorf("got %v", list.body)
	}
}

func TestReservationsAreListedNewestFirst(t *testing.T) {
	s := start(t)
	sailing, ada := s.operator(t).opens(t, 9), s.person(t)
	first, second, third := ada.holds(t, sailing, 1), ada.holds(t, sailing, 1), ada.holds(t, sailing, 1)
	ada.cancels(t, second)
	for query, want := range map[string][]string{
		"": {third, second, first}, "?status=held": {third, first}, "?status=cancelled": {second},
		"?limit=1&offset=1": {second}, "?status=expired": nil,
	} {
		got := ada.does(t, "GET", "/reservations"+query, nil)
		if !slices.Equal(got.paths("reservations"), want) {
			t.Errorf("%q: got %v, want %v", query, got.paths("reservations"), want)
		}
	}
	ada.does(t, "GET", "/reservations?status=lost", nil).refuses(t, http.StatusUnprocessableEntity, "status")
}

func TestKeyReservesOnce(t *testing.T) {
	s := start(t)
	operator, ada := s.operator(t), s.person(t)
	sailing := operator.opens(t, 2)
	first := ada.reservesBy(t, "k", sailing, 2)
	first.wants(t, http.StatusCreated)
	again := ada.reservesBy(t, "k", sailing, 2)
	if again.status != http.StatusCreated || !reflect.DeepEqual(first.body, again.body) {
		t.Errorf("got %d %v, want %v", again.status, again.body, first.body)
	}
	ada.reservesBy(t, "k", sailing, 1).refuses(t, http.StatusUnprocessableEntity, "Idempotency-Key")
	ada.reservesBy(t, "k", operator.opens(t, 2), 2).refuses(t, http.StatusUnprocessableEntity)
	ada.reservesBy(t, "a key", sailing, 2).refuses(t, http.StatusUnprocessableEntity)
	operator.reservesBy(t, "k", operator.opens(t, 1), 1).wants(t, http.StatusCreated)
}
