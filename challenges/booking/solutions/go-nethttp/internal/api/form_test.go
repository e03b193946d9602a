package api

import (
	"net/http/httptest"
	"strings"
	"testing"
)

func TestFormTellsNullFromAbsent(t *testing.T) {
	form := read(t, `{"account": {"name": null}}`)
	if form.optionalText("password") != nil || form.err() != nil {
		t.Error("what was not sent is there")
	}
	if form.optionalText("name"); form.err() == nil {
		t.Error("null was taken for absent")
	}
}

func TestFormKnowsNamesByTheirExactLetters(t *testing.T) {
	if form := read(t, `{"account": {"NAME": "x"}}`); form.optionalText("name") != nil {
		t.Error("NAME was read as name")
	}
}

func TestWholeNumbers(t *testing.T) {
	for literal, want := range map[string]bool{
		"1": true, "9": true, "2.0": true, "1e0": true,
		"0": false, "10": false, "-1": false, "1.5": false, "1e400": false, `"1"`: false, "true": false,
		"null": false, "[]": false,
	} {
		form := read(t, `{"account": {"seats": `+literal+`}}`)
		form.number("seats", 1, 9)
		if got := form.err() == nil; got != want {
			t.Errorf("%s is accepted: %v, want %v", literal, got, want)
		}
	}
}

func TestDepartures(t *testing.T) {
	for text, want := range map[string]bool{
		"2999-01-01T08:00:00Z": true, "2999-01-01T08:00:00.123456789+00:00": true,
		"2001-01-01T08:00:00Z": false, "2999-02-30T08:00:00Z": false, "2999-01-01T25:00:00Z": false,
		"2999-01-01T08:00:00+01:00": false, "2999-01-01": false, "2999-01-01T08:00:00,5Z": false, "": false,
	} {
		form := read(t, `{"account": {"departsAt": "`+text+`"}}`)
		form.future("departsAt")
		if got := form.err() == nil; got != want {
			t.Errorf("%q is accepted: %v, want %v", text, got, want)
		}
	}
}

func TestFormSaysAllThatIsWrong(t *testing.T) {
	form := read(t, `{"account": {"name": " ", "email": 5}}`)
	form.text("name", filled)
	form.text("email")
	form.text("password")
	for _, field := range []string{"name", "email", "password"} {
		if len(form.errors[field]) != 1 {
			t.Errorf("%s: %q", field, form.errors[field])
		}
	}
}

func TestHalfCharactersAreFound(t *testing.T) {
	for literal, want := range map[string]bool{
		`""`:                    false,
		`"\ud83e\udd80"`:        false,
		`"a\ud83e"`:             true,
		`"\udd80"`:              true,
		`"\ud83e\ud83e\udd80"`:  true,
		`"\ud83ex"`:             true,
		`"\\ud83e"`:             false,
		`"\n\ufffd\"\ud83e\n"`:  true,
		`"\uD83E\uDD80\ud800b"`: true,
	} {
		if got := hasHalfCharacter([]byte(literal)); got != want {
			t.Errorf("hasHalfCharacter(%s) = %v, want %v", literal, got, want)
		}
	}
}

func read(t *testing.T, body string) *form {
	t.Helper()
	form, err := readForm(httptest.NewRequest("PUT", "/", strings.NewReader(body)), "account")
	if err != nil {
		t.Fatal(err)
	}
	return form
}
