package api

import (
	"errors"
	"math"
	"net/http"
	"net/url"
	"strconv"

	"booking/internal/postgres"
	"booking/internal/refusal"
)

const (
	usualPage = 20
	maxPage   = 100
)

// readPage reads the query, and limit and offset in it (L3, L5, W2).
func readPage(r *http.Request) (url.Values, postgres.Page, error) {
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, postgres.Page{}, refusal.New(refusal.Invalid, "query", "cannot be read")
	}
	limit, err := wholeNumber(query, "limit", 1, usualPage)
	if err != nil {
		return nil, postgres.Page{}, err
	}
	offset, err := wholeNumber(query, "offset", 0, 0)
	if err != nil {
		return nil, postgres.Page{}, err
	}
	return query, postgres.Page{Limit: min(limit, maxPage), Offset: offset}, nil
}

// wholeNumber reads a number that is at least least; what is too big for the machine is as big as
// the machine can.
func wholeNumber(query url.Values, name string, least, usual int64) (int64, error) {
	if !query.Has(name) {
		return usual, nil
	}
	number, err := strconv.ParseInt(query.Get(name), 10, 64)
	switch {
	case errors.Is(err, strconv.ErrRange) && number == math.MaxInt64:
		return number, nil
	case err != nil:
		return 0, refusal.New(refusal.Invalid, name, "must be a whole number")
	case number < least:
		return 0, refusal.New(refusal.Invalid, name, "must be at least "+strconv.FormatInt(least, 10))
	}
	return number, nil
}

// pathID reads the id in the path. What is no id, or too big for one, is of a thing that is not
// there.
func pathID(r *http.Request, thing string) (int64, error) {
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil {
		return 0, refusal.Missing(thing)
	}
	return id, nil
}

// optional returns a parameter of the query, or nil.
func optional(query url.Values, name string) *string {
	if !query.Has(name) {
		return nil
	}
	value := query.Get(name)
	return &value
}
