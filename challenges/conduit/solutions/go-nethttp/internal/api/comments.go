package api

import (
	"net/http"
	"strconv"

	"conduit/internal/account"
	"conduit/internal/comment"
	"conduit/internal/profile"
	"conduit/internal/refusal"
)

type commentAnswer struct {
	Comment commentJSON `json:"comment"`
}

type commentsAnswer struct {
	Comments []commentJSON `json:"comments"`
}

type commentJSON struct {
	ID        int64           `json:"id"`
	CreatedAt timestamp       `json:"createdAt"`
	UpdatedAt timestamp       `json:"updatedAt"`
	Body      string          `json:"body"`
	Author    profile.Profile `json:"author"`
}

func (a *api) listComments(w http.ResponseWriter, r *http.Request, viewer *account.User) error {
	found, err := a.comments.OfArticle(r.Context(), r.PathValue("slug"), idOf(viewer))
	if err != nil {
		return err
	}
	answer := commentsAnswer{Comments: make([]commentJSON, 0, len(found))}
	for _, each := range found {
		answer.Comments = append(answer.Comments, commentOf(each))
	}
	return writeJSON(w, http.StatusOK, answer)
}

func (a *api) addComment(w http.ResponseWriter, r *http.Request, me account.User) error {
	form, err := readForm(r, "comment")
	if err != nil {
		return err
	}
	body := form.text("body", filled)
	if err := form.err(); err != nil {
		return err
	}
	added, err := a.comments.Add(r.Context(), r.PathValue("slug"), me, body)
	if err != nil {
		return err
	}
	return writeJSON(w, http.StatusCreated, commentAnswer{Comment: commentOf(added)})
}

func (a *api) deleteComment(w http.ResponseWriter, r *http.Request, me account.User) error {
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil || id < 1 {
		return refusal.Missing("comment")
	}
	if err := a.comments.Delete(r.Context(), r.PathValue("slug"), id, me.ID); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

func commentOf(c comment.Comment) commentJSON {
	return commentJSON{
		ID:        c.ID,
		CreatedAt: timestamp(c.CreatedAt),
		UpdatedAt: timestamp(c.UpdatedAt),
		Body:      c.Body,
		Author:    c.Author,
	}
}
