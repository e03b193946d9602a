package api_test

import (
	"net/http"
	"slices"
	"testing"
)

func TestOnlyOperatorsOpenSailings(t *testing.T) {
	s := start(t)
	sailing := object{"sailing": sailingTo("Föhr", 5)}
	s.ask(t, "", "POST", "/sailings", sailing).refuses(t, http.StatusUnauthorized)
	s.person(t).does(t, "POST", "/sailings", sailing).refuses(t, http.StatusForbidden)
	path := s.operator(t).opens(t, 5)
	s.ask(t, "", "GET", path, nil).has(t, "sailing", object{
		"from": "Dagebüll", "to": "Föhr", "departsAt": "2999-01-01T08:00:00.000Z",
		"seats": 5.0, "seatsLeft": 5.0, "price": 1250.0,
	})
}

func TestSailingsThatMakeNoSense(t *testing.T) {
	operator := start(t).operator(t)
	for field, values := range map[string][]any{
		"from":      {"", " ", nil, 5},
		"to":        {"", "Dagebüll"},
		"departsAt": {"2001-01-01T08:00:00Z", "tomorrow", 5},
		"seats":     {0, 5001, 1.5, "5"},
		"price":     {0, 1_000_001, nil},
	} {
		for _, value := range values {
			sailing := sailingTo("Föhr", 5)
			sailing[field] = value
			got := operator.does(t, "POST", "/sailings", object{"sailing": sailing})
			got.refuses(t, http.StatusUnprocessableEntity, field)
		}
	}
}

func TestSailingsAreNarrowedAndPaged(t *testing.T) {
	s := start(t)
	operator := s.operator(t)
	var opened []string
	for range 3 {
		operator.opensTo(t, "Amrum", 1)
		opened = append(opened, operator.opens(t, 1))
	}
	var shown []string
	for _, page := range []string{"limit=2", "limit=2&offset=2"} {
		got := s.ask(t, "", "GET", "/sailings?from=Dageb%C3%BCll&to=F%C3%B6hr&"+page, nil)
		shown = append(shown, got.paths("sailings")...)
		if got.body["sailingsCount"] != 3.0 {
			t.Errorf("counted %v", got.body["sailingsCount"])
		}
	}
	if !slices.Equal(shown, opened) {
		t.Errorf("got %v, want %v", shown, opened)
	}
	nowhere := s.ask(t, "", "GET", "/sailings?from=Atlantis", nil)
	if list, ok := nowhere.body["sailings"].([]any); !ok || len(list) > 0 {
		t.Errorf("got %v", nowhere.body)
	}
}
