package api

import (
	"net/http"
	"strings"

	"booking/internal/account"
	"booking/internal/refusal"
)

var (
	unknownAsker  = refusal.New(refusal.Unauthorized, "token", "is missing or not valid, please sign in")
	operatorsOnly = refusal.New(refusal.Forbidden, "role", "must be operator")
)

type (
	handler         func(w http.ResponseWriter, r *http.Request) error
	signedInHandler func(w http.ResponseWriter, r *http.Request, me account.Account) error
)

// handle answers what goes wrong in next.
func (a *api) handle(next handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := next(w, r); err != nil {
			a.fail(w, r, err)
		}
	})
}

// signedIn tells next who asks, and refuses strangers.
func (a *api) signedIn(next signedInHandler) http.Handler {
	return a.handle(func(w http.ResponseWriter, r *http.Request) error {
		me, err := a.asker(r)
		if err != nil {
			return err
		}
		return next(w, r, me)
	})
}

// operator refuses everybody else before the body is read (D1).
func (a *api) operator(next signedInHandler) http.Handler {
	return a.signedIn(func(w http.ResponseWriter, r *http.Request, me account.Account) error {
		if me.Role != account.Operator {
			return operatorsOnly
		}
		return next(w, r, me)
	})
}

func (a *api) asker(r *http.Request) (account.Account, error) {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return account.Account{}, unknownAsker
	}
	id, ok := a.tokens.Read(strings.TrimSpace(token))
	if !ok {
		return account.Account{}, unknownAsker
	}
	me, found, err := a.accounts.Find(r.Context(), id)
	if err == nil && !found {
		err = unknownAsker
	}
	return me, err
}
