package api_test

import (
	"net/http"
	"slices"
	"testing"

	"booking/internal/testdb"
)

func TestAddressGoesToOneOfMany(t *testing.T) {
	s := start(t)
	account := object{"name": "ada", "email": "ada@x.de", "password": password}
	calls := slices.Repeat([]func() answer{func() answer { return s.register(t, account) }}, 12)
	if got := atOnce(calls...); got[201] != 1 || got[409] != 11 {
		t.Errorf("got %v", got)
	}
}

func TestCrowdGetsOnlyTheSeatsThatThereAre(t *testing.T) {
	s := start(t)
	sailing, ada := s.operator(t).opens(t, 5), s.person(t)
	call := func() answer { return ada.reserves(t, sailing, object{"seats": 1}) }
	if got := atOnce(slices.Repeat([]func() answer{call}, 20)...); got[201] != 5 || got[409] != 15 {
		t.Errorf("got %v", got)
	}
}

func TestKeyIsUsedOnceByMany(t *testing.T) {
	s := start(t)
	operator, ada := s.operator(t), s.person(t)
	one, two := operator.opens(t, 9), operator.opens(t, 9)
	calls := slices.Repeat([]func() answer{
		func() answer { return ada.reservesBy(t, "k", one, 1) },
		func() answer { return ada.reservesBy(t, "k", two, 1) },
	}, 6)
	if got := atOnce(calls...); got[201] != 6 || got[422] != 6 {
		t.Errorf("got %v", got)
	}
	list := ada.does(t, "GET", "/reservations", nil)
	if list.body["reservationsCount"] != 1.0 {
		t.Errorf("got %v", list.body)
	}
}

func TestPayingAndCancellingAtOnceAddsUp(t *testing.T) {
	s := start(t)
	sailing, ada := s.operator(t).opens(t, 9), s.person(t)
	path := ada.holds(t, sailing, 2)
	calls := slices.Repeat([]func() answer{
		func() answer { return ada.pays(t, path, 2500) },
		func() answer { return ada.cancels(t, path) },
	}, 6)
	if got := atOnce(calls...); got[200] < 6 || got[200]+got[409] != 12 {
		t.Errorf("got %v", got)
	}
	end := ada.does(t, "GET", path, nil).object("reservation")
	if end["status"] != "cancelled" || end["charged"] != end["refunded"] || s.seatsLeft(t, sailing) != 9.0 {
		t.Errorf("got %v", end)
	}
}

func TestLostConnectionsAreReplaced(t *testing.T) {
	s := start(t)
	sailing, ada := s.operator(t).opens(t, 20), s.person(t)
	call := func() answer { return ada.does(t, "GET", "/sailings", nil) }
	atOnce(slices.Repeat([]func() answer{call}, 16)...)
	testdb.Exec(t, s.databaseURL, `
		SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
		WHERE datname = current_database() AND pid <> pg_backend_pid()`)
	for range 12 {
		ada.holds(t, sailing, 1)
	}
}

func TestTwoCopiesShareAccountsAndTokens(t *testing.T) {
	s := start(t)
	ada := s.person(t)
	other := &site{url: serve(t, s.databaseURL)}
	other.ask(t, ada.token, "GET", "/account", nil).wants(t, http.StatusOK)
}
