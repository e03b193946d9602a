package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"mime"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"booking/internal/refusal"
)

// form is the object in the body of a request. It is read field by field, and gathers what is
// wrong with each; err says it all at the end.
//
// Unlike encoding/json's structs it tells null from absent, knows names by their exact letters,
// and does not replace what is not text.
type form struct {
	fields map[string]json.RawMessage
	errors errorTexts
}

// readForm reads the body `{"<name>": {...}}`.
func readForm(r *http.Request, name string) (*form, error) {
	if err := requireJSON(r.Header); err != nil {
		return nil, err
	}
	body, err := io.ReadAll(r.Body)
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return nil, tooLarge
	case err != nil:
		return nil, refusal.New(refusal.Invalid, "body", "ended too early")
	case !utf8.Valid(body):
		return nil, refusal.New(refusal.Invalid, "body", "is not UTF-8 text")
	case !json.Valid(body):
		return nil, refusal.New(refusal.Invalid, "body", "is not valid JSON")
	}
	var envelope, fields map[string]json.RawMessage
	if json.Unmarshal(body, &envelope) != nil || envelope == nil {
		return nil, refusal.New(refusal.Invalid, "body", "must be an object")
	}
	if json.Unmarshal(envelope[name], &fields) != nil || fields == nil {
		return nil, refusal.New(refusal.Invalid, name, "must be an object")
	}
	return &form{fields: fields, errors: errorTexts{}}, nil
}

// requireJSON refuses other formats. A body that does not say what it is, is taken for JSON.
func requireJSON(header http.Header) error {
	if kind := header.Get("Content-Type"); kind != "" {
		media, parameters, err := mime.ParseMediaType(kind)
		charset := parameters["charset"]
		if err != nil || (media != "application/json" && !strings.HasSuffix(media, "+json")) ||
			(charset != "" && !strings.EqualFold(charset, "utf-8")) {
			return refusal.New(refusal.UnsupportedMedia, "content-type", "must be application/json in UTF-8")
		}
	}
	if coding := header.Get("Content-Encoding"); coding != "" && !strings.EqualFold(coding, "identity") {
		return refusal.New(refusal.UnsupportedMedia, "content-encoding", "must be identity")
	}
	return nil
}

// err returns a refusal if anything was wrong.
func (f *form) err() error {
	if len(f.errors) == 0 {
		return nil
	}
	return &refusal.Error{Kind: refusal.Invalid, Errors: f.errors}
}

func (f *form) has(name string) bool {
	_, ok := f.fields[name]
	return ok
}

// text reads a field that must be there.
func (f *form) text(name string, rules ...rule) string {
	if !f.has(name) {
		f.refuse(name, "is required")
		return ""
	}
	return f.check(name, f.fields[name], rules)
}

// optionalText reads a field that may be left out; nil if it is.
func (f *form) optionalText(name string, rules ...rule) *string {
	if !f.has(name) {
		return nil
	}
	text := f.check(name, f.fields[name], rules)
	return &text
}

// number reads a whole number that must be there.
func (f *form) number(name string, least, most int64) int64 {
	if !f.has(name) {
		f.refuse(name, "is required")
		return 0
	}
	number, wrong := wholeOf(f.fields[name], least, most)
	if wrong != "" {
		f.refuse(name, wrong)
	}
	return number
}

// optionalNumber reads a whole number that may be left out; usual if it is.
func (f *form) optionalNumber(name string, least, most, usual int64) int64 {
	if !f.has(name) {
		return usual
	}
	return f.number(name, least, most)
}

// wholeOf reads a JSON number. 2.0 is a whole number, too: JSON knows only one kind.
func wholeOf(raw json.RawMessage, least, most int64) (number int64, wrong string) {
	var parsed float64
	if string(raw) == "null" || json.Unmarshal(raw, &parsed) != nil || parsed != math.Trunc(parsed) {
		return 0, "must be a whole number"
	}
	if parsed < float64(least) {
		return 0, fmt.Sprintf("must be at least %d", least)
	}
	if parsed > float64(most) {
		return 0, fmt.Sprintf("must be at most %d", most)
	}
	return int64(parsed), ""
}

// The contract's form of a time: a date and a time of day in UTC.
var timePattern = regexp.MustCompile(
	`^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?(Z|\+00:00)$`)

// future reads a time that must be there and lie ahead, to the millisecond that answers show.
func (f *form) future(name string) time.Time {
	var when time.Time
	f.text(name, func(text string) (wrong string) {
		when, wrong = timeOf(text)
		if wrong == "" && !when.After(time.Now()) {
			wrong = "must lie in the future"
		}
		return wrong
	})
	return when.Truncate(time.Millisecond)
}

func timeOf(text string) (when time.Time, wrong string) {
	if !timePattern.MatchString(text) {
		return time.Time{}, "must be a time such as 2026-03-14T15:09:26Z"
	}
	when, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return time.Time{}, "is not a time that exists"
	}
	return when, ""
}

func (f *form) refuse(name, message string) {
	f.errors[name] = append(f.errors[name], message)
}

// check reads a text and says what is wrong with it, once.
func (f *form) check(name string, raw json.RawMessage, rules []rule) string {
	var text string
	if !bytes.HasPrefix(raw, []byte(`"`)) || json.Unmarshal(raw, &text) != nil {
		f.refuse(name, "must be text")
		return ""
	}
	if hasHalfCharacter(raw) {
		f.refuse(name, "must not contain half a surrogate pair")
		return ""
	}
	if strings.ContainsRune(text, 0) {
		f.refuse(name, "must not contain NUL characters")
		return ""
	}
	for _, rule := range rules {
		if wrong := rule(text); wrong != "" {
			f.refuse(name, wrong)
			break
		}
	}
	return text
}

// hasHalfCharacter is true if a JSON string escapes half of a surrogate pair, which stands for no
// character. encoding/json would silently put another one in its place.
func hasHalfCharacter(literal []byte) bool {
	for i := 0; i < len(literal); i++ {
		if literal[i] != '\\' {
			continue
		}
		i++ // to what is escaped
		unit, ok := escapedUnit(literal[i:])
		if !ok || !utf16.IsSurrogate(unit) {
			continue
		}
		i += len("uXXXX") // to what follows
		if literal[i] != '\\' {
			return true
		}
		second, ok := escapedUnit(literal[i+1:])
		if !ok || utf16.DecodeRune(unit, second) == unicode.ReplacementChar {
			return true
		}
		i += len("uXXXX")
	}
	return false
}

// escapedUnit reads uXXXX; ok is false for the other escapes.
func escapedUnit(escape []byte) (unit rune, ok bool) {
	if escape[0] != 'u' {
		return 0, false
	}
	value, err := strconv.ParseUint(string(escape[1:5]), 16, 16)
	return rune(value), err == nil
}

// A rule says what is wrong with a text, or "".
type rule func(text string) string

func filled(text string) string {
	if strings.TrimSpace(text) == "" {
		return "must not be blank"
	}
	return ""
}

// atMost and atLeast count characters, not bytes.
func atMost(most int) rule {
	return func(text string) string {
		if utf8.RuneCountInString(text) > most {
			return fmt.Sprintf("must have at most %d characters", most)
		}
		return ""
	}
}

func atLeast(least int) rule {
	return func(text string) string {
		if utf8.RuneCountInString(text) < least {
			return fmt.Sprintf("must have at least %d characters", least)
		}
		return ""
	}
}

// trimmed applies a rule to the text without the spaces around it.
func trimmed(next rule) rule {
	return func(text string) string { return next(strings.TrimSpace(text)) }
}

func address(text string) string {
	at := strings.LastIndexByte(text, '@')
	if at < 0 || strings.TrimSpace(text[:at]) == "" || strings.TrimSpace(text[at+1:]) == "" {
		return "needs an @ with something on both sides"
	}
	return ""
}
