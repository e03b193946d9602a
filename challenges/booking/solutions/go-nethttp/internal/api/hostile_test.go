package api_test

import (
	"net/http"
	"strings"
	"testing"
)

func TestBodiesThatMakeNoSense(t *testing.T) {
	s := start(t)
	for _, body := range []string{
		"", "{", "null", "[]", `{"account": null}`, `{"account": []}`, `{"account": {}} x`,
		strings.Repeat("[", 20_000) + strings.Repeat("]", 20_000),
		`{"account": {"name": "\ud800", "email": "a@b", "password": "12345678"}}`,
		`{"account": {"name": "` + "\xff" + `", "email": "a@b", "password": "12345678"}}`,
		`{"account": {"name": "\u0000", "email": "a@b", "password": "12345678"}}`,
		`{"account": ` + strings.Repeat("9", 5000) + `}`,
	} {
		s.ask(t, "", "POST", "/accounts", []byte(body)).refuses(t, http.StatusUnprocessableEntity)
	}
}

func TestLargeBodyIsRefusedWhetherItSaysItsSizeOrNot(t *testing.T) {
	s := start(t)
	large := strings.Repeat("x", 2_000_000)
	s.ask(t, "", "POST", "/accounts", []byte(large)).refuses(t, http.StatusRequestEntityTooLarge)
	chunked, err := http.NewRequest("POST", s.url+"/accounts", struct{ *strings.Reader }{strings.NewReader(large)})
	if err != nil {
		t.Fatal(err)
	}
	send(t, chunked).refuses(t, http.StatusRequestEntityTooLarge)
}

func TestBodyOfAnotherKindIsRefused(t *testing.T) {
	s := start(t)
	request, err := http.NewRequest("POST", s.url+"/accounts", strings.NewReader("account=x"))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	send(t, request).refuses(t, http.StatusUnsupportedMediaType)
}

func TestTokensThatAreNone(t *testing.T) {
	s := start(t)
	for _, path := range []string{"/account", "/reservations"} {
		for _, header := range []string{"", "Bearer", "Bearer \xff\xfe", "Token x", "Bearer " + strings.Repeat("x", 9000)} {
			request, err := http.NewRequest("GET", s.url+path, nil)
			if err != nil {
				t.Fatal(err)
			}
			request.Header["Authorization"] = []string{header}
			send(t, request).refuses(t, http.StatusUnauthorized)
		}
	}
}

func TestAddressesThatLeadNowhere(t *testing.T) {
	s := start(t)
	for _, path := range []string{
		"/nowhere", "/sailings/%00", "/sailings/%ff", "/sailings/", "//sailings", "/sailings/../sailings",
		"/sailings/x", "/sailings/0", "/sailings/-1", "/sailings/1.5", "/sailings/9999999999999999999",
	} {
		s.ask(t, "", "GET", path, nil).refuses(t, http.StatusNotFound)
	}
	for _, query := range []string{"from=%00", "to=%ff", "limit=0", "offset=-1", "limit=x", "to=a;b"} {
		s.ask(t, "", "GET", "/sailings?"+query, nil).refuses(t, http.StatusUnprocessableEntity)
	}
}

func TestMethodsThatAPathDoesNotKnow(t *testing.T) {
	s := start(t)
	for _, method := range []string{"PUT", "OPTIONS", "BREW"} {
		got := s.ask(t, "", method, "/sailings", nil)
		got.refuses(t, http.StatusMethodNotAllowed)
		if got.header.Get("Allow") == "" {
			t.Errorf("%s: no Allow in %v", method, got.header)
		}
	}
}
