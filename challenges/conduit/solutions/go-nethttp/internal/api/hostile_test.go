package api_test

import (
	"net/http"
	"strings"
	"testing"
)

func TestBodiesThatMakeNoSense(t *testing.T) {
	s := start(t)
	for _, body := range []string{
		"", "{", "null", "[]", `{"user": null}`, `{"user": []}`, `{"user": {}} x`,
		strings.Repeat("[", 20_000) + strings.Repeat("]", 20_000),
		`{"user": {"username": "\ud800", "email": "a@b", "password": "12345678"}}`,
		`{"user": {"username": "` + "\xff" + `", "email": "a@b", "password": "12345678"}}`,
		`{"user": {"username": "\u0000", "email": "a@b", "password": "12345678"}}`,
		`{"user": ` + strings.Repeat("9", 5000) + `}`,
	} {
		s.ask(t, "", "POST", "/users", []byte(body)).refuses(t, http.StatusUnprocessableEntity)
	}
}

func TestLargeBodyIsRefusedWhetherItSaysItsSizeOrNot(t *testing.T) {
	s := start(t)
	large := strings.Repeat("x", 2_000_000)
	s.ask(t, "", "POST", "/users", []byte(large)).refuses(t, http.StatusRequestEntityTooLarge)
	chunked, err := http.NewRequest("POST", s.url+"/users", struct{ *strings.Reader }{strings.NewReader(large)})
	if err != nil {
		t.Fatal(err)
	}
	send(t, chunked).refuses(t, http.StatusRequestEntityTooLarge)
}

func TestBodyOfAnotherKindIsRefused(t *testing.T) {
	s := start(t)
	request, err := http.NewRequest("POST", s.url+"/users", strings.NewReader("user=x"))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	send(t, request).refuses(t, http.StatusUnsupportedMediaType)
}

func TestTokensThatAreNone(t *testing.T) {
	s := start(t)
	for _, path := range []string{"/user", "/articles"} {
		for _, header := range []string{"", "Token", "Token \xff\xfe", "Bearer x", "Token " + strings.Repeat("x", 9000)} {
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
	for _, path := range []string{"/nowhere", "/profiles/%00", "/articles/%ff", "/tags/", "//tags", "/tags/../tags"} {
		s.ask(t, "", "GET", path, nil).refuses(t, http.StatusNotFound)
	}
	for _, query := range []string{"tag=%00", "author=%ff", "limit=0", "offset=-1", "limit=x", "tag=a;b"} {
		s.ask(t, "", "GET", "/articles?"+query, nil).refuses(t, http.StatusUnprocessableEntity)
	}
}

func TestMethodsThatAPathDoesNotKnow(t *testing.T) {
	s := start(t)
	for _, method := range []string{"PUT", "OPTIONS", "BREW"} {
		got := s.ask(t, "", method, "/tags", nil)
		got.refuses(t, http.StatusMethodNotAllowed)
		if got.header.Get("Allow") == "" {
			t.Errorf("%s: no Allow in %v", method, got.header)
		}
	}
}
