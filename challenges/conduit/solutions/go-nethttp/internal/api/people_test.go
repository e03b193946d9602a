package api_test

import (
	"fmt"
	"net/http"
	"net/url"
	"testing"
)

func TestFollowingIsSeenFromTheOneWhoAsks(t *testing.T) {
	s := start(t)
	ada, bert := s.person(t), s.person(t)
	path := "/profiles/" + bert.name
	for range 2 {
		got := ada.does(t, "POST", path+"/follow", nil).object("profile")
		if got["following"] != true {
			t.Errorf("got %v", got)
		}
	}
	if bert.does(t, "GET", "/profiles/"+ada.name, nil).object("profile")["following"] != false {
		t.Error("bert follows back by himself")
	}
	for range 2 {
		ada.does(t, "DELETE", path+"/follow", nil).wants(t, http.StatusOK)
	}
	ada.does(t, "POST", "/profiles/"+ada.name+"/follow", nil).refuses(t, http.StatusUnprocessableEntity)
	ada.does(t, "GET", "/profiles/nobody", nil).refuses(t, http.StatusNotFound)
}

func TestNameMayHoldASlash(t *testing.T) {
	s := start(t)
	s.register(t, object{"username": "AC/DC", "email": "a@x.de", "password": password})
	got := s.ask(t, "", "GET", "/profiles/"+url.PathEscape("AC/DC"), nil)
	if got.object("profile")["username"] != "AC/DC" {
		t.Errorf("got %v", got)
	}
}

func TestFavouriteCountsOncePerPerson(t *testing.T) {
	s := start(t)
	ada, bert := s.person(t), s.person(t)
	path := ada.publishes(t, "Liked")
	bert.does(t, "POST", path+"/favorite", nil)
	liked := bert.does(t, "POST", path+"/favorite", nil).object("article")
	if liked["favoritesCount"] != 1.0 || liked["favorited"] != true {
		t.Errorf("got %v", liked)
	}
	if seen := ada.does(t, "GET", path, nil).object("article"); seen["favorited"] != false {
		t.Errorf("ada sees %v", seen)
	}
	left := bert.does(t, "DELETE", path+"/favorite", nil).object("article")
	if left["favoritesCount"] != 0.0 || left["favorited"] != false {
		t.Errorf("got %v", left)
	}
}

func TestCommentBelongsToItsAuthorAndArticle(t *testing.T) {
	s := start(t)
	ada, bert := s.person(t), s.person(t)
	one, two := ada.publishes(t, "One"), ada.publishes(t, "Two")
	added := bert.comments(t, one, "hello").object("comment")
	id := fmt.Sprintf("/comments/%.0f", added["id"])
	bert.comments(t, one, " ").refuses(t, http.StatusUnprocessableEntity, "body")
	if found := s.ask(t, "", "GET", two+"/comments", nil).body["comments"].([]any); len(found) != 0 {
		t.Errorf("the other article has %v", found)
	}
	ada.does(t, "DELETE", one+id, nil).refuses(t, http.StatusForbidden)
	bert.does(t, "DELETE", two+id, nil).refuses(t, http.StatusNotFound)
	bert.does(t, "DELETE", one+id, nil).wants(t, http.StatusNoContent)
	bert.does(t, "DELETE", one+"/comments/x", nil).refuses(t, http.StatusNotFound)
}

func (p person) comments(t *testing.T, path, body string) answer {
	t.Helper()
	return p.does(t, "POST", path+"/comments", object{"comment": object{"body": body}})
}
