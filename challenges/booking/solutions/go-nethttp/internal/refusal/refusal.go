// Package refusal holds the errors that tell a client why a request is not granted.
package refusal

import (
	"fmt"
	"strings"
)

// Kind says why a request is refused.
type Kind int

const (
	Invalid Kind = iota + 1
	Unauthorized
	Forbidden
	NotFound
	Conflict
	TooLarge
	UnsupportedMedia
)

// Error is a refusal: its kind, and what is wrong by field or topic.
type Error struct {
	Kind   Kind
	Errors map[string][]string
}

func (e *Error) Error() string {
	var topics []string
	for topic, messages := range e.Errors {
		topics = append(topics, topic+" "+strings.Join(messages, ", "))
	}
	return fmt.Sprintf("refused: %s", strings.Join(topics, "; "))
}

// New returns a refusal with a single message.
func New(kind Kind, topic, message string) *Error {
	return &Error{Kind: kind, Errors: map[string][]string{topic: {message}}}
}

// Missing is the refusal for a thing that is not there.
func Missing(thing string) *Error {
	return New(NotFound, thing, "does not exist")
}

// Foreign is the refusal to show or change what belongs to someone else.
func Foreign(thing string) *Error {
	return New(Forbidden, thing, "belongs to someone else")
}
