package article

import (
	"slices"
	"strings"
	"testing"
)

func TestPlainSlug(t *testing.T) {
	for title, want := range map[string]string{
		"How to train your dragon":     "how-to-train-your-dragon",
		"  Crème  Brûlée! ":            "creme-brulee",
		"a/b?c#d%2F":                   "a-b-c-d-2f",
		"春夏秋冬":                         "",
		"?!…":                          "",
		strings.Repeat("x", 255):       strings.Repeat("x", 80),
		strings.Repeat("x", 79) + " y": strings.Repeat("x", 79),
	} {
		if got := plainSlug(title); got != want {
			t.Errorf("plainSlug(%q) = %q, want %q", title, got, want)
		}
	}
}

func TestSlugsBeginWithThePlainOne(t *testing.T) {
	tried := slices.Collect(slugs("My title"))
	if tried[0] != "my-title" || !strings.HasPrefix(tried[1], "my-title-") || tried[1] == tried[2] {
		t.Errorf("got %q", tried)
	}
}

func TestSlugsOfTitlesThatHaveNoPlainOneAreRandom(t *testing.T) {
	for title, prefix := range map[string]string{"Feed": "feed-", "春": "article-"} {
		for slug := range slugs(title) {
			if !strings.HasPrefix(slug, prefix) {
				t.Errorf("%q may become %q, want %s…", title, slug, prefix)
			}
		}
	}
}
