package auth

import (
	"context"
	"strings"
	"testing"
	"time"
)

const secret = "a secret of thirty-two characters"

func TestTokenMeansItsAccount(t *testing.T) {
	tokens := NewTokens(secret)
	if got, ok := tokens.Read(tokens.Issue(42)); !ok || got != 42 {
		t.Errorf("got %d %v, want 42", got, ok)
	}
}

func TestTokensThatAreNotOurs(t *testing.T) {
	tokens := NewTokens(secret)
	good := tokens.Issue(42)
	parts := strings.Split(good, ".")
	none := encoding.EncodeToString([]byte(`{"alg":"none","typ":"JWT"}`)) + "." + parts[1]
	for name, token := range map[string]string{
		"empty":             "",
		"not a token":       "x",
		"no signature":      parts[0] + "." + parts[1],
		"empty signature":   parts[0] + "." + parts[1] + ".",
		"unsigned":          none + ".",
		"another algorithm": none + "." + encoding.EncodeToString(tokens.sign(none)),
		"another key":       NewTokens(secret + "!").Issue(42),
		"altered":           parts[0] + "." + parts[1] + "A." + parts[2],
		"very long":         good + strings.Repeat(".", 2000),
	} {
		if _, ok := tokens.Read(token); ok {
			t.Errorf("%s: the token is accepted", name)
		}
	}
}

func TestTokenExpiresAfterAWeek(t *testing.T) {
	tokens := NewTokens(secret)
	token := tokens.Issue(1)
	for days, want := range map[int]bool{6: true, 8: false} {
		tokens.now = func() time.Time { return time.Now().AddDate(0, 0, days) }
		if _, ok := tokens.Read(token); ok != want {
			t.Errorf("after %d days: accepted %v, want %v", days, ok, want)
		}
	}
}

func TestAllOfAPasswordCounts(t *testing.T) {
	ctx, passwords := context.Background(), NewPasswords()
	for _, password := range []string{"пароль и пробел", strings.Repeat("密码", 32), "  a  b  "} {
		hash, err := passwords.Hash(ctx, password)
		if err != nil {
			t.Fatal(err)
		}
		if right, err := passwords.Verify(ctx, hash, password); !right || err != nil {
			t.Errorf("%q is not its own password: %v", password, err)
		}
		if right, _ := passwords.Verify(ctx, hash, password[:len(password)-1]); right {
			t.Errorf("%q without its end is accepted", password)
		}
	}
}

func TestEqualPasswordsHaveDifferentHashes(t *testing.T) {
	ctx, passwords := context.Background(), NewPasswords()
	one, _ := passwords.Hash(ctx, "correct horse")
	two, _ := passwords.Hash(ctx, "correct horse")
	if one == two {
		t.Error("two hashes have one salt")
	}
}

func TestNobodyHasAPassword(t *testing.T) {
	if right, err := NewPasswords().Verify(context.Background(), "", ""); right || err != nil {
		t.Errorf("got %v, %v", right, err)
	}
}
