package api_test

import (
	"net/http"
	"slices"
	"testing"

	"conduit/internal/testdb"
)

func TestNameGoesToOneOfMany(t *testing.T) {
	s := start(t)
	user := object{"username": "ada", "email": "ada@x.de", "password": password}
	calls := slices.Repeat([]func() answer{func() answer { return s.register(t, user) }}, 12)
	if got := atOnce(calls...); got[201] != 1 || got[422] != 11 {
		t.Errorf("got %v", got)
	}
}

func TestSameTitleManyTimes(t *testing.T) {
	ada := start(t).person(t)
	article := object{"article": object{"title": "Same", "description": "d", "body": "b"}}
	call := func() answer { return ada.does(t, "POST", "/articles", article) }
	if got := atOnce(slices.Repeat([]func() answer{call}, 12)...); got[201] != 12 {
		t.Errorf("got %v", got)
	}
}

func TestFavouritesOfManyAreAllCounted(t *testing.T) {
	s := start(t)
	path := s.person(t).publishes(t, "Loved")
	var calls []func() answer
	for range 8 {
		fan := s.person(t)
		call := func() answer { return fan.does(t, "POST", path+"/favorite", nil) }
		calls = append(calls, call, call)
	}
	if got := atOnce(calls...); got[200] != 16 {
		t.Errorf("got %v", got)
	}
	if count := s.ask(t, "", "GET", path, nil).object("article")["favoritesCount"]; count != 8.0 {
		t.Errorf("got %v", count)
	}
}

// Each waits for the other's slug: a deadlock, which is nobody's business but ours.
func TestTwoArticlesSwapTheirTitles(t *testing.T) {
	ada := start(t).person(t)
	one, two := ada.publishes(t, "One"), ada.publishes(t, "Two")
	got := atOnce(
		func() answer { return ada.edits(t, one, object{"title": "Two"}) },
		func() answer { return ada.edits(t, two, object{"title": "One"}) },
	)
	if got[200] != 2 {
		t.Errorf("got %v", got)
	}
}

func TestDeletingWhileOthersAreBusyWithIt(t *testing.T) {
	ada := start(t).person(t)
	path := ada.publishes(t, "Busy")
	kinds := []func() answer{
		func() answer { return ada.does(t, "POST", path+"/favorite", nil) },
		func() answer { return ada.comments(t, path, "hi") },
		func() answer { return ada.edits(t, path, object{"tagList": []string{"b"}}) },
		func() answer { return ada.does(t, "DELETE", path, nil) },
	}
	got := atOnce(slices.Repeat(kinds, 3)...)
	if got[204] != 1 || got[200]+got[201]+got[204]+got[404] != 12 {
		t.Errorf("got %v", got)
	}
}

func TestLostConnectionsAreReplaced(t *testing.T) {
	s := start(t)
	ada := s.person(t)
	call := func() answer { return ada.does(t, "GET", "/articles", nil) }
	atOnce(slices.Repeat([]func() answer{call}, 16)...)
	testdb.Exec(t, s.databaseURL, `
		SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
		WHERE datname = current_database() AND pid <> pg_backend_pid()`)
	for range 12 {
		ada.publishes(t, "After")
	}
}

func TestTwoCopiesShareAccountsAndTokens(t *testing.T) {
	s := start(t)
	ada := s.person(t)
	other := &site{url: serve(t, s.databaseURL)}
	other.ask(t, ada.token, "GET", "/user", nil).wants(t, http.StatusOK)
}
