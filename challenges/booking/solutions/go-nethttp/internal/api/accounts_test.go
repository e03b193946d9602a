package api_test

import (
	"net/http"
	"reflect"
	"strings"
	"testing"
)

func TestNewAccountIsATraveller(t *testing.T) {
	ada := start(t).signUp(t, object{"role": "operator", "name": "Ada 🚢"})
	account := ada.does(t, "GET", "/account", nil).object("account")
	want := object{"name": "Ada 🚢", "email": ada.email, "role": "traveller", "token": account["token"]}
	if !reflect.DeepEqual(account, want) {
		t.Errorf("got %v", account)
	}
}

func TestOperatorNeedsTheCode(t *testing.T) {
	s := start(t)
	account := object{"name": "o", "email": "o@x.de", "password": password, "operatorCode": "wrong"}
	s.register(t, account).refuses(t, http.StatusForbidden, "operatorCode")
	account["operatorCode"] = operatorCode
	s.register(t, account).has(t, "account", object{"role": "operator"})
}

func TestRegistrationsThatMakeNoSense(t *testing.T) {
	s := start(t)
	for _, test := range []struct{ field, value string }{
		{"name", " "}, {"name", strings.Repeat("x", 65)}, {"name", "a\x00b"},
		{"email", "nobody"}, {"email", "@x.de"}, {"email", "a@ "},
		{"password", "seven77"}, {"password", strings.Repeat(" ", 9)}, {"password", strings.Repeat("x", 65)},
	} {
		account := object{"name": "u", "email": "u@x.de", "password": password}
		account[test.field] = test.value
		s.register(t, account).refuses(t, http.StatusUnprocessableEntity, test.field)
	}
	s.register(t, object{}).refuses(t, http.StatusUnprocessableEntity, "name", "email", "password")
}

func TestTakenAddressIsRefused(t *testing.T) {
	s := start(t)
	ada := s.person(t)
	same := object{"name": "other", "email": " " + strings.ToUpper(ada.email), "password": password}
	s.register(t, same).refuses(t, http.StatusConflict, "email")
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
	ada.changes(t, object{"password": "another one"}).has(t, "account", object{"name": ada.name})
	ada.login(t, ada.email, password).wants(t, http.StatusUnauthorized)
	changed := ada.changes(t, object{"name": "Countess", "email": "new@x.de", "role": "operator"})
	changed.has(t, "account", object{"name": "Countess", "email": ada.email, "role": "traveller"})
	ada.login(t, ada.email, "another one").wants(t, http.StatusOK)
	ada.changes(t, object{"name": nil}).refuses(t, http.StatusUnprocessableEntity, "name")
	ada.changes(t, object{}).wants(t, http.StatusOK)
}

func (s *site) login(t *testing.T, email, password string) answer {
	t.Helper()
	return s.ask(t, "", "POST", "/login", object{"account": object{"email": email, "password": password}})
}

func (p person) changes(t *testing.T, account object) answer {
	t.Helper()
	return p.does(t, "PUT", "/account", object{"account": account})
}
