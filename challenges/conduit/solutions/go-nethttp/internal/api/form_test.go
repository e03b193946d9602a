package api

import (
	"net/http/httptest"
	"strings"
	"testing"
)

func TestFormTellsNullFromAbsent(t *testing.T) {
	form := read(t, `{"user": {"bio": null, "image": "i"}}`)
	if bio, sent := form.clearableText("bio"); bio != nil || !sent {
		t.Errorf("bio: %v %v", bio, sent)
	}
	if image, sent := form.clearableText("image"); image == nil || *image != "i" || !sent {
		t.Errorf("image: %v %v", image, sent)
	}
	if form.optionalText("username") != nil || form.err() != nil {
		t.Error("what was not sent is there")
	}
}

func TestFormKnowsNamesByTheirExactLetters(t *testing.T) {
	form := read(t, `{"user": {"BIO": "x"}}`)
	if _, sent := form.clearableText("bio"); sent {
		t.Error("BIO was read as bio")
	}
}

func TestFormSaysAllThatIsWrong(t *testing.T) {
	form := read(t, `{"user": {"username": " ", "email": 5}}`)
	form.text("username", filled)
	form.text("email")
	form.text("password")
	for _, field := range []string{"username", "email", "password"} {
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
	form, err := readForm(httptest.NewRequest("PUT", "/", strings.NewReader(body)), "user")
	if err != nil {
		t.Fatal(err)
	}
	return form
}
