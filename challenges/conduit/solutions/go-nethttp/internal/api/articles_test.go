package api_test

import (
	"net/http"
	"reflect"
	"slices"
	"testing"
)

func TestArticleComesBackAsItWasWritten(t *testing.T) {
	s := start(t)
	ada := s.person(t)
	path := ada.publishes(t, "Ein Märchen 🦀", "b", "a", "b")
	article := s.ask(t, "", "GET", path, nil).object("article")
	if article["title"] != "Ein Märchen 🦀" || !reflect.DeepEqual(article["tagList"], []any{"b", "a"}) {
		t.Errorf("got %v", article)
	}
	if article["createdAt"] != article["updatedAt"] || article["favorited"] != false {
		t.Errorf("got %v", article)
	}
}

func TestEditChangesWhatWasSent(t *testing.T) {
	s := start(t)
	ada := s.person(t)
	path := ada.publishes(t, "First", "a")
	before := s.ask(t, "", "GET", path, nil).object("article")
	after := ada.edits(t, path, object{"title": "Second", "tagList": []string{}}).object("article")
	if after["slug"] != "second" || after["body"] != "b" || len(after["tagList"].([]any)) != 0 {
		t.Errorf("got %v", after)
	}
	if after["createdAt"] != before["createdAt"] || after["updatedAt"] == before["updatedAt"] {
		t.Errorf("times: before %v, after %v", before, after)
	}
	s.ask(t, "", "GET", path, nil).refuses(t, http.StatusNotFound)
	ada.edits(t, "/articles/second", object{"body": " "}).refuses(t, http.StatusUnprocessableEntity, "body")
}

func TestTitleInUseGetsAnotherSlug(t *testing.T) {
	ada := start(t).person(t)
	one, two := ada.publishes(t, "Feed"), ada.publishes(t, "Feed")
	if one == two || one == "/articles/feed" {
		t.Errorf("got %s and %s", one, two)
	}
	ada.edits(t, one, object{"title": "Feed", "body": "new"}).wants(t, http.StatusOK)
	ada.does(t, "GET", one, nil).wants(t, http.StatusOK)
}

func TestOnlyTheAuthorChangesAnArticle(t *testing.T) {
	s := start(t)
	ada, bert := s.person(t), s.person(t)
	path := ada.publishes(t, "Mine")
	bert.edits(t, path, object{"body": "his"}).refuses(t, http.StatusForbidden)
	bert.does(t, "DELETE", path, nil).refuses(t, http.StatusForbidden)
	s.ask(t, "", "DELETE", path, nil).refuses(t, http.StatusUnauthorized)
}

func TestDeletedArticleIsGoneEverywhere(t *testing.T) {
	s := start(t)
	ada, bert := s.person(t), s.person(t)
	path := ada.publishes(t, "Gone", "rare")
	bert.does(t, "POST", path+"/favorite", nil).wants(t, http.StatusOK)
	bert.comments(t, path, "nice").wants(t, http.StatusCreated)
	ada.does(t, "DELETE", path, nil).wants(t, http.StatusNoContent)
	ada.does(t, "DELETE", path, nil).refuses(t, http.StatusNotFound)
	s.ask(t, "", "GET", path+"/comments", nil).refuses(t, http.StatusNotFound)
	if tags := s.ask(t, "", "GET", "/tags", nil).body["tags"]; len(tags.([]any)) != 0 {
		t.Errorf("tags: %v", tags)
	}
}

func TestListsAreNarrowedAndPaged(t *testing.T) {
	s := start(t)
	ada, bert := s.person(t), s.person(t)
	one, two := ada.publishes(t, "One", "x"), ada.publishes(t, "Two", "x", "y")
	three := bert.publishes(t, "Three", "x")
	bert.does(t, "POST", one+"/favorite", nil)
	ada.does(t, "POST", "/profiles/"+bert.name+"/follow", nil)
	for query, want := range map[string][]string{
		"":                            {three, two, one},
		"?tag=x":                      {three, two, one},
		"?tag=x&author=" + ada.name:   {two, one},
		"?favorited=" + bert.name:     {one},
		"?tag=none":                   nil,
		"?limit=1&offset=1":           {two},
		"?offset=9223372036854775807": nil,
	} {
		if got := s.ask(t, "", "GET", "/articles"+query, nil).slugs(); !slices.Equal(got, want) {
			t.Errorf("%s: got %v, want %v", query, got, want)
		}
	}
	if got := ada.does(t, "GET", "/articles/feed", nil).slugs(); !slices.Equal(got, []string{three}) {
		t.Errorf("feed: %v", got)
	}
	past := s.ask(t, "", "GET", "/articles?offset=50", nil)
	if past.body["articlesCount"] != 3.0 {
		t.Errorf("past the end: %v", past.body)
	}
}

func (p person) edits(t *testing.T, path string, article object) answer {
	t.Helper()
	return p.does(t, "PUT", path, object{"article": article})
}
