package api_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"conduit/internal/api"
	"conduit/internal/auth"
	"conduit/internal/postgres"
	"conduit/internal/testdb"
)

const password = "correct horse"

// object is a JSON object of an answer, or of a request.
type object = map[string]any

// site is a running server on a database of its own.
type site struct {
	url         string
	databaseURL string
}

// answer is what the server said.
type answer struct {
	status int
	header http.Header
	body   object
}

func start(t *testing.T) *site {
	t.Helper()
	databaseURL := testdb.New(t)
	return &site{url: serve(t, databaseURL), databaseURL: databaseURL}
}

// serve starts one copy of the server and returns its address.
func serve(t *testing.T, databaseURL string) string {
	t.Helper()
	db, err := postgres.Open(context.Background(), databaseURL)
	if err != nil {
		t.Fatal(err)
	}
	tokens := auth.NewTokens("only for tests, with thirty-two bytes")
	server := httptest.NewServer(api.NewHandler(db, tokens, slog.New(slog.DiscardHandler)))
	t.Cleanup(func() {
		server.Close()
		db.Close()
	})
	return server.URL + "/api"
}

// ask sends a request with a JSON body, or without one if it is nil; bytes are sent as they are.
func (s *site) ask(t *testing.T, token, method, path string, body any) answer {
	t.Helper()
	sent, ok := body.([]byte)
	if !ok && body != nil {
		var err error
		if sent, err = json.Marshal(body); err != nil {
			t.Fatal(err)
		}
	}
	request, err := http.NewRequest(method, s.url+path, bytes.NewReader(sent))
	if err != nil {
		t.Fatal(err)
	}
	if token != "" {
		request.Header.Set("Authorization", "Token "+token)
	}
	return send(t, request)
}

func send(t *testing.T, request *http.Request) answer {
	t.Helper()
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Error(err)
		return answer{}
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Error(err)
	}
	got := answer{status: response.StatusCode, header: response.Header}
	if len(text) > 0 {
		if err := json.Unmarshal(text, &got.body); err != nil {
			t.Errorf("%s %s: %v: %s", request.Method, request.URL.Path, err, text)
		}
	}
	return got
}

// person is somebody who uses the site.
type person struct {
	*site
	name, email, token string
}

func (s *site) person(t *testing.T) person {
	t.Helper()
	name := rand.Text()
	email := name + "@example.com"
	got := s.register(t, object{"username": name, "email": email, "password": password})
	got.wants(t, http.StatusCreated)
	return person{s, name, email, got.object("user")["token"].(string)}
}

func (s *site) register(t *testing.T, user object) answer {
	t.Helper()
	return s.ask(t, "", "POST", "/users", object{"user": user})
}

func (p person) does(t *testing.T, method, path string, body any) answer {
	t.Helper()
	return p.ask(t, p.token, method, path, body)
}

// publishes returns the path of a new article.
func (p person) publishes(t *testing.T, title string, tags ...string) string {
	t.Helper()
	article := object{"title": title, "description": "d", "body": "b"}
	if len(tags) > 0 {
		article["tagList"] = tags
	}
	got := p.does(t, "POST", "/articles", object{"article": article})
	if got.status != http.StatusCreated {
		t.Fatalf("publishing %q: got %d %v", title, got.status, got.body)
	}
	return "/articles/" + got.object("article")["slug"].(string)
}

func (a answer) wants(t *testing.T, status int) {
	t.Helper()
	if a.status != status {
		t.Errorf("got %d %v, want %d", a.status, a.body, status)
	}
}

// refuses wants a refusal that names these fields or topics.
func (a answer) refuses(t *testing.T, status int, topics ...string) {
	t.Helper()
	a.wants(t, status)
	errors := a.object("errors")
	for _, topic := range topics {
		if errors[topic] == nil {
			t.Errorf("%v does not name %s", errors, topic)
		}
	}
	if len(errors) == 0 || a.header.Get("Content-Type") != "application/json; charset=utf-8" {
		t.Errorf("not the contract's shape: %v %v", a.header, a.body)
	}
}

func (a answer) object(name string) object {
	found, _ := a.body[name].(object)
	return found
}

func (a answer) slugs() (slugs []string) {
	articles, _ := a.body["articles"].([]any)
	for _, each := range articles {
		slugs = append(slugs, "/articles/"+each.(object)["slug"].(string))
	}
	return slugs
}

// atOnce does everything at the same time and counts the statuses.
func atOnce(calls ...func() answer) map[int]int {
	var all sync.WaitGroup
	answers := make([]answer, len(calls))
	for i, call := range calls {
		all.Go(func() { answers[i] = call() })
	}
	all.Wait()
	statuses := map[int]int{}
	for _, each := range answers {
		statuses[each.status]++
	}
	return statuses
}
