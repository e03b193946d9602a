package api_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"booking/internal/api"
	"booking/internal/auth"
	"booking/internal/postgres"
	"booking/internal/testdb"
)

const (
	password     = "correct horse"
	operatorCode = "only for tests"
)

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
	server := httptest.NewServer(api.NewHandler(db, tokens, operatorCode, slog.New(slog.DiscardHandler)))
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
		request.Header.Set("Authorization", "Bearer "+token)
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
	return s.signUp(t, object{})
}

func (s *site) operator(t *testing.T) person {
	t.Helper()
	return s.signUp(t, object{"operatorCode": operatorCode})
}

func (s *site) signUp(t *testing.T, more object) person {
	t.Helper()
	name := rand.Text()
	email := name + "@example.com"
	account := object{"name": name, "email": email, "password": password}
	maps.Copy(account, more)
	got := s.register(t, account)
	if got.status != http.StatusCreated {
		t.Fatalf("registering: got %d %v", got.status, got.body)
	}
	return person{s, name, email, got.object("account")["token"].(string)}
}

func (s *site) register(t *testing.T, account object) answer {
	t.Helper()
	return s.ask(t, "", "POST", "/accounts", object{"account": account})
}

func (p person) does(t *testing.T, method, path string, body any) answer {
	t.Helper()
	return p.ask(t, p.token, method, path, body)
}

// opens returns the path of a new sailing; a seat costs 1250.
func (p person) opens(t *testing.T, seats int) string {
	t.Helper()
	return p.opensTo(t, "Föhr", seats)
}

func (p person) opensTo(t *testing.T, port string, seats int) string {
	t.Helper()
	got := p.does(t, "POST", "/sailings", object{"sailing": sailingTo(port, seats)})
	if got.status != http.StatusCreated {
		t.Fatalf("opening: got %d %v", got.status, got.body)
	}
	return pathOf("/sailings", got.object("sailing"))
}

func sailingTo(port string, seats int) object {
	return object{
		"from": "Dagebüll", "to": port, "departsAt": "2999-01-01T08:00:00Z", "seats": seats, "price": 1250,
	}
}

func (p person) reserves(t *testing.T, sailing string, reservation object) answer {
	t.Helper()
	return p.does(t, "POST", sailing+"/reservations", object{"reservation": reservation})
}

// reservesBy sends an Idempotency-Key.
func (p person) reservesBy(t *testing.T, key, sailing string, seats int) answer {
	t.Helper()
	body, err := json.Marshal(object{"reservation": object{"seats": seats}})
	if err != nil {
		t.Fatal(err)
	}
	request, err := http.NewRequest("POST", p.url+sailing+"/reservations", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+p.token)
	request.Header.Set("Idempotency-Key", key)
	return send(t, request)
}

// holds returns the path of a new reservation.
func (p person) holds(t *testing.T, sailing string, seats int) string {
	t.Helper()
	got := p.reserves(t, sailing, object{"seats": seats})
	if got.status != http.StatusCreated {
		t.Fatalf("reserving: got %d %v", got.status, got.body)
	}
	return pathOf("/reservations", got.object("reservation"))
}

func (p person) pays(t *testing.T, reservation string, amount int) answer {
	t.Helper()
	return p.does(t, "POST", reservation+"/payment", object{"payment": object{"amount": amount}})
}

func (p person) cancels(t *testing.T, reservation string) answer {
	t.Helper()
	return p.does(t, "POST", reservation+"/cancellation", nil)
}

func (s *site) seatsLeft(t *testing.T, sailing string) any {
	t.Helper()
	return s.ask(t, "", "GET", sailing, nil).object("sailing")["seatsLeft"]
}

func pathOf(list string, thing object) string {
	return fmt.Sprintf("%s/%.0f", list, thing["id"])
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

// has wants these values in the object called name.
func (a answer) has(t *testing.T, name string, values object) {
	t.Helper()
	found := a.object(name)
	for key, want := range values {
		if found[key] != want {
			t.Errorf("%s: got %v, want %v", key, found[key], want)
		}
	}
}

// paths returns the paths of what a list shows.
func (a answer) paths(list string) (paths []string) {
	entries, _ := a.body[list].([]any)
	for _, each := range entries {
		paths = append(paths, pathOf("/"+list, each.(object)))
	}
	return paths
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
