package article

import (
	"crypto/rand"
	"encoding/hex"
	"iter"
	"regexp"
	"strings"

	"golang.org/x/text/unicode/norm"
)

const (
	maxSlugCharacters = 80
	withoutLetters    = "article"
	randomAttempts    = 8
)

// reserved are the addresses below /articles that are not articles.
var reserved = map[string]bool{"feed": true}

var betweenWords = regexp.MustCompile("[^a-z0-9]+")

// slugs yields slugs to try in turn, until the database takes one: the plain one, then random
// ones (R2, R9).
func slugs(title string) iter.Seq[string] {
	return func(yield func(string) bool) {
		plain := plainSlug(title)
		if plain != "" && !reserved[plain] && !yield(plain) {
			return
		}
		if plain == "" {
			plain = withoutLetters
		}
		for range randomAttempts {
			if !yield(plain + "-" + randomSuffix()) {
				return
			}
		}
	}
}

// plainSlug has lower-case ASCII letters, digits and single hyphens; it is empty if nothing of
// the title is left.
func plainSlug(title string) string {
	ascii := strings.Map(func(letter rune) rune {
		if letter > 127 {
			return -1
		}
		return letter
	}, norm.NFKD.String(title))
	slug := strings.Trim(betweenWords.ReplaceAllString(strings.ToLower(ascii), "-"), "-")
	if len(slug) > maxSlugCharacters {
		slug = strings.TrimRight(slug[:maxSlugCharacters], "-")
	}
	return slug
}

func randomSuffix() string {
	suffix := make([]byte, 4)
	rand.Read(suffix) // never fails
	return hex.EncodeToString(suffix)
}
