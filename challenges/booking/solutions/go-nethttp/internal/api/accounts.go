package api

import (
	"crypto/sha256"
	"crypto/subtle"
	"net/http"
	"strings"

	"booking/internal/account"
	"booking/internal/refusal"
)

var (
	nameRules     = []rule{atMost(64), filled}
	passwordRules = []rule{atLeast(8), atMost(64), filled}
	emailRules    = []rule{trimmed(atMost(254)), address}

	// The same words whether the address or the password is wrong (A4).
	wrongCredentials = refusal.New(refusal.Unauthorized, "email or password", "is not right")
	wrongCode        = refusal.New(refusal.Forbidden, "operatorCode", "is not right")
)

type accountAnswer struct {
	Account accountJSON `json:"account"`
}

type accountJSON struct {
	Name  string       `json:"name"`
	Email string       `json:"email"`
	Role  account.Role `json:"role"`
	Token string       `json:"token"`
}

func (a *api) register(w http.ResponseWriter, r *http.Request) error {
	form, err := readForm(r, "account")
	if err != nil {
		return err
	}
	name := form.text("name", nameRules...)
	email := strings.TrimSpace(form.text("email", emailRules...))
	password := form.text("password", passwordRules...)
	code := form.optionalText("operatorCode")
	if err := form.err(); err != nil {
		return err
	}
	role, err := a.roleFor(code)
	if err != nil {
		return err
	}
	hash, err := a.passwords.Hash(r.Context(), password)
	if err != nil {
		return err
	}
	added, err := a.accounts.Add(r.Context(), account.New{
		Name: name, Email: email, PasswordHash: hash, Role: role,
	})
	return a.answerAccount(w, http.StatusCreated, added, err)
}

func (a *api) login(w http.ResponseWriter, r *http.Request) error {
	form, err := readForm(r, "account")
	if err != nil {
		return err
	}
	email, password := form.text("email"), form.text("password")
	if err := form.err(); err != nil {
		return err
	}
	found, hash, err := a.accounts.FindForLogin(r.Context(), email)
	if err != nil {
		return err
	}
	right, err := a.passwords.Verify(r.Context(), hash, password)
	if err == nil && !right {
		err = wrongCredentials
	}
	return a.answerAccount(w, http.StatusOK, found, err)
}

func (a *api) currentAccount(w http.ResponseWriter, _ *http.Request, me account.Account) error {
	return a.answerAccount(w, http.StatusOK, me, nil)
}

func (a *api) updateAccount(w http.ResponseWriter, r *http.Request, me account.Account) error {
	form, err := readForm(r, "account")
	if err != nil {
		return err
	}
	change := account.Change{Name: form.optionalText("name", nameRules...)}
	password := form.optionalText("password", passwordRules...)
	if err := form.err(); err != nil {
		return err
	}
	if password != nil {
		hash, err := a.passwords.Hash(r.Context(), *password)
		if err != nil {
			return err
		}
		change.PasswordHash = &hash
	}
	if change == (account.Change{}) {
		return a.answerAccount(w, http.StatusOK, me, nil)
	}
	changed, found, err := a.accounts.Update(r.Context(), me.ID, change)
	if err == nil && !found {
		err = unknownAsker
	}
	return a.answerAccount(w, http.StatusOK, changed, err)
}

// roleFor returns what the operator code makes of somebody; without one, a traveller (A10).
func (a *api) roleFor(code *string) (account.Role, error) {
	if code == nil {
		return account.Traveller, nil
	}
	// Digests have one length: how long it takes tells nothing of the code.
	sent, right := sha256.Sum256([]byte(*code)), sha256.Sum256([]byte(a.operatorCode))
	if subtle.ConstantTimeCompare(sent[:], right[:]) != 1 {
		return "", wrongCode
	}
	return account.Operator, nil
}

func (a *api) answerAccount(w http.ResponseWriter, status int, who account.Account, err error) error {
	if err != nil {
		return err
	}
	return writeJSON(w, status, accountAnswer{Account: accountJSON{
		Name: who.Name, Email: who.Email, Role: who.Role, Token: a.tokens.Issue(who.ID),
	}})
}
