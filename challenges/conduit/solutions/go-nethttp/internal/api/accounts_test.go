package api_test

import (
	"net/http"
	"reflect"
	"strings"
	"testing"
)

func TestNewAccountHasNoBioAndNoImage(t *testing.T) {
	ada := start(t).person(t)
	user := ada.does(t, "GET", "/user", nil).object("user")
	want := object{"username": ada.name, "email": ada.email, "bio": nil, "image": nil, "token": user["token"]}
	if !reflect.DeepEqual(user, want) {
		t.Errorf("got %v", user)
	}
}

func TestRegistrationsThatMakeNoSense(t *testing.T) {
	s := start(t)
	for _, test := range []struct{ field, value string }{
		{"username", " "}, {"username", strings.Repeat("x", 65)}, {"username", "a\x00b"},
		{"email", "nobody"}, {"email", "@x.de"}, {"email", "a@ "},
		{"password", "seven77"}, {"password", strings.Repeat(" ", 9)}, {"password", strings.Repeat("x", 65)},
	} {
		user := object{"username": "u", "email": "u@x.de", "password": password}
		user[test.field] = test.value
		s.register(t, user).refuses(t, http.StatusUnprocessableEntity, test.field)
	}
	s.register(t, object{}).refuses(t, http.StatusUnprocessableEntity, "username", "email", "password")
}

func TestTakenNamesAreRefusedByTheirField(t *testing.T) {
	s := start(t)
	ada := s.person(t)
	other := object{"username": ada.name, "email": "other@x.de", "password": password}
	s.register(t, other).refuses(t, http.StatusUnprocessableEntity, "username")
	same := object{"username": "other", "email": " " + strings.ToUpper(ada.email), "password": password}
	s.register(t, same).refuses(t, http.StatusUnprocessableEntity, "email")
}

func TestLoginNeedsTheRightPassword(t *testing.T) {
	s := start(t)
	ada := s.person(t)
	s.login(t, strings.ToUpper(ada.email)+" ", password).wants(t, http.StatusOK)
	wrong := s.login(t, ada.email, "wrong wrong")
	unknown := s.login(t, "nobody@x.de", "wrong wrong")
	wrong.refuses(t, http.StatusUnauthorized)
	if wrong.status != unknown.status || !reflect.DeepEqual(wrong.body, unknown.body) {
		t.Errorf("a wrong password is answered %v, an unknown address %v", wrong.body, unknown.body)
	}
}

func TestOnlyWhatWasSentChanges(t *testing.T) {
	ada := start(t).person(t)
	ada.changes(t, object{"bio": "writes", "image": "https://i"}).wants(t, http.StatusOK)
	user := ada.changes(t, object{"bio": nil}).object("user")
	if user["bio"] != nil || user["image"] != "https://i" || user["username"] != ada.name {
		t.Errorf("got %v", user)
	}
	ada.changes(t, object{"username": nil}).refuses(t, http.StatusUnprocessableEntity, "username")
}

func TestNewPasswordEndsTheTokensFromBefore(t *testing.T) {
	ada := start(t).person(t)
	changed := ada.changes(t, object{"password": "another one"})
	ada.does(t, "GET", "/user", nil).refuses(t, http.StatusUnauthorized)
	ada.token = changed.object("user")["token"].(string)
	ada.does(t, "GET", "/user", nil).wants(t, http.StatusOK)
	ada.login(t, ada.email, password).wants(t, http.StatusUnauthorized)
	ada.login(t, ada.email, "another one").wants(t, http.StatusOK)
}

func TestTokenSurvivesANewName(t *testing.T) {
	ada := start(t).person(t)
	ada.changes(t, object{"username": "countess"}).wants(t, http.StatusOK)
	if name := ada.does(t, "GET", "/user", nil).object("user")["username"]; name != "countess" {
		t.Errorf("got %v", name)
	}
}

func (s *site) login(t *testing.T, email, password string) answer {
	t.Helper()
	return s.ask(t, "", "POST", "/users/login", object{"user": object{"email": email, "password": password}})
}

func (p person) changes(t *testing.T, user object) answer {
	t.Helper()
	return p.does(t, "PUT", "/user", object{"user": user})
}
