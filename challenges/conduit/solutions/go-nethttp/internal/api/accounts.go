package api

import (
	"net/http"
	"strings"

	"conduit/internal/account"
	"conduit/internal/refusal"
)

var (
	usernameRules = []rule{atMost(64), filled}
	passwordRules = []rule{atLeast(8), atMost(64), filled}
	emailRules    = []rule{trimmed(atMost(254)), address}

	// The same words whether the address or the password is wrong (A4).
	wrongCredentials = refusal.New(refusal.Unauthorized, "email or password", "is not right")
)

type accountAnswer struct {
	User accountJSON `json:"user"`
}

type accountJSON struct {
	Username string  `json:"username"`
	Email    string  `json:"email"`
	Token    string  `json:"token"`
	Bio      *string `json:"bio"`
	Image    *string `json:"image"`
}

func (a *api) register(w http.ResponseWriter, r *http.Request) error {
	form, err := readForm(r, "user")
	if err != nil {
		return err
	}
	username := form.text("username", usernameRules...)
	email := strings.TrimSpace(form.text("email", emailRules...))
	password := form.text("password", passwordRules...)
	if err := form.err(); err != nil {
		return err
	}
	hash, err := a.passwords.Hash(r.Context(), password)
	if err != nil {
		return err
	}
	user, err := a.accounts.Add(r.Context(), username, email, hash)
	if err != nil {
		return err
	}
	return writeJSON(w, http.StatusCreated, a.accountAnswer(user))
}

func (a *api) login(w http.ResponseWriter, r *http.Request) error {
	form, err := readForm(r, "user")
	if err != nil {
		return err
	}
	email, password := form.text("email"), form.text("password")
	if err := form.err(); err != nil {
		return err
	}
	user, hash, err := a.accounts.FindForLogin(r.Context(), email)
	if err != nil {
		return err
	}
	right, err := a.passwords.Verify(r.Context(), hash, password)
	if err != nil {
		return err
	}
	if !right {
		return wrongCredentials
	}
	return writeJSON(w, http.StatusOK, a.accountAnswer(user))
}

func (a *api) currentUser(w http.ResponseWriter, _ *http.Request, me account.User) error {
	return writeJSON(w, http.StatusOK, a.accountAnswer(me))
}

func (a *api) updateUser(w http.ResponseWriter, r *http.Request, me account.User) error {
	form, err := readForm(r, "user")
	if err != nil {
		return err
	}
	change := account.Change{
		Username: form.optionalText("username", usernameRules...),
		Email:    form.optionalText("email", emailRules...),
	}
	change.Bio, change.SetBio = form.clearableText("bio")
	change.Image, change.SetImage = form.clearableText("image")
	password := form.optionalText("password", passwordRules...)
	if err := form.err(); err != nil {
		return err
	}
	if change.Email != nil {
		*change.Email = strings.TrimSpace(*change.Email)
	}
	if password != nil {
		hash, err := a.passwords.Hash(r.Context(), *password)
		if err != nil {
			return err
		}
		change.PasswordHash = &hash
	}
	if change == (account.Change{}) {
		return writeJSON(w, http.StatusOK, a.accountAnswer(me))
	}
	user, found, err := a.accounts.Update(r.Context(), me.ID, change)
	if err != nil {
		return err
	}
	if !found {
		return unknownAsker
	}
	return writeJSON(w, http.StatusOK, a.accountAnswer(user))
}

func (a *api) accountAnswer(user account.User) accountAnswer {
	return accountAnswer{User: accountJSON{
		Username: user.Username,
		Email:    user.Email,
		Token:    a.tokenOf(user),
		Bio:      user.Bio,
		Image:    user.Image,
	}}
}

// trimmed applies a rule to the text without the spaces around it.
func trimmed(next rule) rule {
	return func(text string) string { return next(strings.TrimSpace(text)) }
}
