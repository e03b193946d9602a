package api

import "net/http"

type tagsAnswer struct {
	Tags []string `json:"tags"`
}

func (a *api) listTags(w http.ResponseWriter, r *http.Request) error {
	tags, err := a.tags.InUse(r.Context())
	if err != nil {
		return err
	}
	return writeJSON(w, http.StatusOK, tagsAnswer{Tags: neverNull(tags)})
}
