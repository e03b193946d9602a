package api

import (
	"net/http"
	"strings"

	"conduit/internal/account"
	"conduit/internal/auth"
	"conduit/internal/refusal"
)

var unknownAsker = refusal.New(refusal.Unauthorized, "token", "is missing or not valid, please sign in")

type (
	handler         func(w http.ResponseWriter, r *http.Request) error
	anyoneHandler   func(w http.ResponseWriter, r *http.Request, viewer *account.User) error
	signedInHandler func(w http.ResponseWriter, r *http.Request, me account.User) error
)

// handle answers what goes wrong in next.
func (a *api) handle(next handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := next(w, r); err != nil {
			a.fail(w, r, err)
		}
	})
}

// anyone tells next who asks, or nil for a stranger. A token that is not good is refused (S2).
func (a *api) anyone(next anyoneHandler) http.Handler {
	return a.handle(func(w http.ResponseWriter, r *http.Request) error {
		viewer, err := a.viewer(r)
		if err != nil {
			return err
		}
		return next(w, r, viewer)
	})
}

// signedIn tells next who asks, and refuses strangers.
func (a *api) signedIn(next signedInHandler) http.Handler {
	return a.anyone(func(w http.ResponseWriter, r *http.Request, viewer *account.User) error {
		if viewer == nil {
			return unknownAsker
		}
		return next(w, r, *viewer)
	})
}

func (a *api) viewer(r *http.Request) (*account.User, error) {
	headers := r.Header.Values("Authorization")
	if len(headers) == 0 {
		return nil, nil
	}
	scheme, token, _ := strings.Cut(headers[0], " ")
	if !strings.EqualFold(scheme, "Token") {
		return nil, unknownAsker
	}
	claims, ok := a.tokens.Read(strings.TrimSpace(token))
	if !ok {
		return nil, unknownAsker
	}
	user, found, err := a.accounts.Find(r.Context(), claims.AccountID)
	if err != nil {
		return nil, err
	}
	if !found || user.TokenVersion != claims.Version {
		return nil, unknownAsker
	}
	return &user, nil
}

func (a *api) tokenOf(user account.User) string {
	return a.tokens.Issue(auth.Claims{AccountID: user.ID, Version: user.TokenVersion})
}

// idOf is what the stores take for "the one who asks": nil for a stranger.
func idOf(viewer *account.User) *int64 {
	if viewer == nil {
		return nil
	}
	return &viewer.ID
}
