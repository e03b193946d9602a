// Package api speaks HTTP: it reads requests, asks the other packages, and writes answers.
package api

import (
	"log/slog"
	"net/http"
	"time"

	"booking/internal/account"
	"booking/internal/auth"
	"booking/internal/postgres"
	"booking/internal/reservation"
	"booking/internal/sailing"
)

const (
	headerTimeout  = 15 * time.Second
	requestTimeout = 30 * time.Second
	answerTimeout  = 60 * time.Second
	// Longer than clients and load balancers usually keep an idle connection, so that they close
	// first.
	idleTimeout    = 75 * time.Second
	maxHeaderBytes = 64 * 1024
)

// api is what the handlers have in common.
type api struct {
	log          *slog.Logger
	accounts     *account.Store
	sailings     *sailing.Store
	reservations *reservation.Store
	passwords    *auth.Passwords
	tokens       *auth.Tokens
	operatorCode string
}

// NewHandler returns the whole API.
func NewHandler(
	db *postgres.Pool, tokens *auth.Tokens, operatorCode string, log *slog.Logger,
) http.Handler {
	a := &api{
		log:          log,
		accounts:     &account.Store{DB: db},
		sailings:     &sailing.Store{DB: db},
		reservations: &reservation.Store{DB: db},
		passwords:    auth.NewPasswords(),
		tokens:       tokens,
		operatorCode: operatorCode,
	}
	return a.protect(limitBody(readableURL(jsonErrors(a.routes()))))
}

func (a *api) routes() *http.ServeMux {
	mux := http.NewServeMux()
	mux.Handle("POST /api/accounts", a.handle(a.register))
	mux.Handle("POST /api/login", a.handle(a.login))
	mux.Handle("GET /api/account", a.signedIn(a.currentAccount))
	mux.Handle("PUT /api/account", a.signedIn(a.updateAccount))

	mux.Handle("GET /api/sailings", a.handle(a.listSailings))
	mux.Handle("POST /api/sailings", a.operator(a.openSailing))
	mux.Handle("GET /api/sailings/{id}", a.handle(a.readSailing))
	mux.Handle("POST /api/sailings/{id}/reservations", a.signedIn(a.reserve))

	mux.Handle("GET /api/reservations", a.signedIn(a.listReservations))
	mux.Handle("GET /api/reservations/{id}", a.signedIn(a.readReservation))
	mux.Handle("POST /api/reservations/{id}/payment", a.signedIn(a.pay))
	mux.Handle("POST /api/reservations/{id}/cancellation", a.signedIn(a.cancel))
	return mux
}

// NewServer returns a server for handler that no client can hold up for ever.
func NewServer(address string, handler http.Handler, log *slog.Logger) *http.Server {
	return &http.Server{
		Addr:              address,
		Handler:           handler,
		ReadHeaderTimeout: headerTimeout,
		ReadTimeout:       requestTimeout,
		WriteTimeout:      answerTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeaderBytes,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}
}
