package api

import (
	"fmt"
	"net/http"
	"net/url"
	"path"
	"runtime/debug"
	"strings"
	"unicode/utf8"

	"booking/internal/refusal"
)

const maxBodyBytes = 1 << 20

var tooLarge = refusal.New(refusal.TooLarge, "body", fmt.Sprintf("is larger than %d bytes", maxBodyBytes))

// protect answers 500 when a handler panics, and the server lives on.
func (a *api) protect(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			if cause := recover(); cause != nil {
				a.log.Error("panic", "method", r.Method, "path", r.URL.Path,
					"cause", fmt.Sprint(cause), "stack", string(debug.Stack()))
				writeErrors(w, http.StatusInternalServerError, ourMistake)
			}
		}()
		next.ServeHTTP(w, r)
	})
}

// limitBody refuses a body that says it is too large at once, and counts the others (S8).
func limitBody(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ContentLength > maxBodyBytes {
			writeErrors(w, http.StatusRequestEntityTooLarge, tooLarge.Errors)
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, maxBodyBytes)
		next.ServeHTTP(w, r)
	})
}

// readableURL refuses addresses that are not text: invalid UTF-8, or NUL, which PostgreSQL cannot
// store. Such a path leads nowhere (404), such a query makes no sense (422).
func readableURL(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		query, err := url.QueryUnescape(r.URL.RawQuery)
		switch {
		case !isText(r.URL.Path):
			writeErrors(w, http.StatusNotFound, noSuchPath)
		case err != nil || !isText(query):
			writeErrors(w, http.StatusUnprocessableEntity, errorTexts{"query": {"is not UTF-8 text"}})
		default:
			next.ServeHTTP(w, r)
		}
	})
}

func isText(text string) bool {
	return utf8.ValidString(text) && !strings.ContainsRune(text, 0)
}

// jsonErrors says in the contract's shape what the router would say in plain text: that a path
// does not exist, or a method is not allowed. A path that the router would tidy up by a redirect
// does not exist either.
func jsonErrors(mux *http.ServeMux) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if escaped := r.URL.EscapedPath(); path.Clean(escaped) != escaped {
			writeErrors(w, http.StatusNotFound, noSuchPath)
			return
		}
		fallback, pattern := mux.Handler(r)
		if pattern != "" {
			mux.ServeHTTP(w, r)
			return
		}
		plain := statusOnly{header: w.Header()}
		fallback.ServeHTTP(&plain, r) // sets Allow, too
		if plain.status == http.StatusMethodNotAllowed {
			writeErrors(w, plain.status, errorTexts{"method": {"is not allowed here"}})
			return
		}
		writeErrors(w, http.StatusNotFound, noSuchPath)
	})
}

// statusOnly is a ResponseWriter that throws the body away.
type statusOnly struct {
	header http.Header
	status int
}

func (s *statusOnly) Header() http.Header            { return s.header }
func (s *statusOnly) WriteHeader(status int)         { s.status = status }
func (s *statusOnly) Write(body []byte) (int, error) { return len(body), nil }
