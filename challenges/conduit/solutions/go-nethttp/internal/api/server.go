// Package api speaks HTTP: it reads requests, asks the other packages, and writes answers.
package api

import (
	"log/slog"
	"net/http"
	"time"

	"conduit/internal/account"
	"conduit/internal/article"
	"conduit/internal/auth"
	"conduit/internal/comment"
	"conduit/internal/postgres"
	"conduit/internal/profile"
	"conduit/internal/tag"
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
	log       *slog.Logger
	accounts  *account.Store
	profiles  *profile.Store
	articles  *article.Store
	comments  *comment.Store
	tags      *tag.Store
	passwords *auth.Passwords
	tokens    *auth.Tokens
}

// NewHandler returns the whole API.
func NewHandler(db *postgres.Pool, tokens *auth.Tokens, log *slog.Logger) http.Handler {
	a := &api{
		log:       log,
		accounts:  &account.Store{DB: db},
		profiles:  &profile.Store{DB: db},
		articles:  &article.Store{DB: db},
		comments:  &comment.Store{DB: db},
		tags:      &tag.Store{DB: db},
		passwords: auth.NewPasswords(),
		tokens:    tokens,
	}
	return a.protect(limitBody(readableURL(jsonErrors(a.routes()))))
}

func (a *api) routes() *http.ServeMux {
	mux := http.NewServeMux()
	mux.Handle("POST /api/users", a.handle(a.register))
	mux.Handle("POST /api/users/login", a.handle(a.login))
	mux.Handle("GET /api/user", a.signedIn(a.currentUser))
	mux.Handle("PUT /api/user", a.signedIn(a.updateUser))

	mux.Handle("GET /api/profiles/{username}", a.anyone(a.seeProfile))
	mux.Handle("POST /api/profiles/{username}/follow", a.signedIn(a.follow))
	mux.Handle("DELETE /api/profiles/{username}/follow", a.signedIn(a.unfollow))

	mux.Handle("GET /api/articles", a.anyone(a.listArticles))
	mux.Handle("POST /api/articles", a.signedIn(a.publish))
	mux.Handle("GET /api/articles/feed", a.signedIn(a.feed))
	mux.Handle("GET /api/articles/{slug}", a.anyone(a.readArticle))
	mux.Handle("PUT /api/articles/{slug}", a.signedIn(a.editArticle))
	mux.Handle("DELETE /api/articles/{slug}", a.signedIn(a.deleteArticle))
	mux.Handle("POST /api/articles/{slug}/favorite", a.signedIn(a.favorite))
	mux.Handle("DELETE /api/articles/{slug}/favorite", a.signedIn(a.unfavorite))

	mux.Handle("GET /api/articles/{slug}/comments", a.anyone(a.listComments))
	mux.Handle("POST /api/articles/{slug}/comments", a.signedIn(a.addComment))
	mux.Handle("DELETE /api/articles/{slug}/comments/{id}", a.signedIn(a.deleteComment))

	mux.Handle("GET /api/tags", a.handle(a.listTags))
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
