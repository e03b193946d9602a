package api

import (
	"net/http"

	"conduit/internal/account"
	"conduit/internal/profile"
)

type profileAnswer struct {
	Profile profile.Profile `json:"profile"`
}

func (a *api) seeProfile(w http.ResponseWriter, r *http.Request, viewer *account.User) error {
	found, err := a.profiles.See(r.Context(), r.PathValue("username"), idOf(viewer))
	return answerProfile(w, found, err)
}

func (a *api) follow(w http.ResponseWriter, r *http.Request, me account.User) error {
	followed, err := a.profiles.Follow(r.Context(), r.PathValue("username"), me.ID)
	return answerProfile(w, followed, err)
}

func (a *api) unfollow(w http.ResponseWriter, r *http.Request, me account.User) error {
	left, err := a.profiles.Unfollow(r.Context(), r.PathValue("username"), me.ID)
	return answerProfile(w, left, err)
}

func answerProfile(w http.ResponseWriter, found profile.Profile, err error) error {
	if err != nil {
		return err
	}
	return writeJSON(w, http.StatusOK, profileAnswer{Profile: found})
}
