package api

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"time"

	"booking/internal/postgres"
	"booking/internal/refusal"
)

type errorTexts = map[string][]string

var (
	noSuchPath  = errorTexts{"path": {"does not exist"}}
	ourMistake  = errorTexts{"server": {"made a mistake"}}
	unavailable = errorTexts{"server": {"is not available, please try again"}}
)

var statusOf = map[refusal.Kind]int{
	refusal.Invalid:          http.StatusUnprocessableEntity,
	refusal.Unauthorized:     http.StatusUnauthorized,
	refusal.Forbidden:        http.StatusForbidden,
	refusal.NotFound:         http.StatusNotFound,
	refusal.Conflict:         http.StatusConflict,
	refusal.TooLarge:         http.StatusRequestEntityTooLarge,
	refusal.UnsupportedMedia: http.StatusUnsupportedMediaType,
}

// timestamp is written as ISO 8601 in UTC, with milliseconds (G5).
type timestamp time.Time

func (t timestamp) MarshalText() ([]byte, error) {
	return time.Time(t).UTC().AppendFormat(nil, "2006-01-02T15:04:05.000Z"), nil
}

func writeJSON(w http.ResponseWriter, status int, answer any) error {
	var body bytes.Buffer
	encoder := json.NewEncoder(&body)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(answer); err != nil {
		return err
	}
	header := w.Header()
	header.Set("Content-Type", "application/json; charset=utf-8")
	header.Set("Content-Length", strconv.Itoa(body.Len()))
	header.Set("Cache-Control", "no-store")
	header.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	// If the client is gone there is nobody left to tell.
	_, _ = body.WriteTo(w)
	return nil
}

func writeErrors(w http.ResponseWriter, status int, errors errorTexts) {
	if status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", "Bearer")
	}
	_ = writeJSON(w, status, map[string]errorTexts{"errors": errors}) // texts can always be written
}

// fail turns every way in which a request can fail into an answer, and logs what is our own fault.
func (a *api) fail(w http.ResponseWriter, r *http.Request, err error) {
	var refused *refusal.Error
	var away *postgres.UnavailableError
	switch {
	case errors.As(err, &refused):
		writeErrors(w, statusOf[refused.Kind], refused.Errors)
	case errors.As(err, &away), errors.Is(err, context.Canceled):
		a.log.Warn("answered 503", "method", r.Method, "path", r.URL.Path, "error", err)
		w.Header().Set("Retry-After", "1")
		writeErrors(w, http.StatusServiceUnavailable, unavailable)
	default:
		a.log.Error("answered 500", "method", r.Method, "path", r.URL.Path, "error", err)
		writeErrors(w, http.StatusInternalServerError, ourMistake)
	}
}
