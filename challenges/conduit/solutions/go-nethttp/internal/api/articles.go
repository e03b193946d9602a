package api

import (
	"net/http"

	"conduit/internal/account"
	"conduit/internal/article"
	"conduit/internal/profile"
)

const maxTags = 1000

var (
	titleRules = []rule{atMost(255), filled}
	tagRules   = []rule{atMost(64), filled}
)

type articleAnswer struct {
	Article articleJSON `json:"article"`
}

type articlesAnswer struct {
	Articles      []summaryJSON `json:"articles"`
	ArticlesCount int64         `json:"articlesCount"`
}

// summaryJSON is an article as lists show it, without its body.
type summaryJSON struct {
	Slug           string          `json:"slug"`
	Title          string          `json:"title"`
	Description    string          `json:"description"`
	TagList        []string        `json:"tagList"`
	CreatedAt      timestamp       `json:"createdAt"`
	UpdatedAt      timestamp       `json:"updatedAt"`
	Favorited      bool            `json:"favorited"`
	FavoritesCount int64           `json:"favoritesCount"`
	Author         profile.Profile `json:"author"`
}

type articleJSON struct {
	summaryJSON
	Body string `json:"body"`
}

func (a *api) listArticles(w http.ResponseWriter, r *http.Request, viewer *account.User) error {
	query, page, err := readPage(r)
	if err != nil {
		return err
	}
	filters := article.Filters{
		Tag:       optional(query, "tag"),
		Author:    optional(query, "author"),
		Favorited: optional(query, "favorited"),
	}
	articles, total, err := a.articles.Newest(r.Context(), filters, page, idOf(viewer))
	return answerArticles(w, articles, total, err)
}

func (a *api) feed(w http.ResponseWriter, r *http.Request, me account.User) error {
	_, page, err := readPage(r)
	if err != nil {
		return err
	}
	articles, total, err := a.articles.Feed(r.Context(), page, me.ID)
	return answerArticles(w, articles, total, err)
}

func (a *api) publish(w http.ResponseWriter, r *http.Request, me account.User) error {
	form, err := readForm(r, "article")
	if err != nil {
		return err
	}
	sent := article.New{
		Title:       form.text("title", titleRules...),
		Description: form.text("description", filled),
		Body:        form.text("body", filled),
	}
	sent.Tags, _ = form.texts("tagList", maxTags, tagRules...)
	if err := form.err(); err != nil {
		return err
	}
	published, err := a.articles.Publish(r.Context(), me, sent)
	return answerArticle(w, http.StatusCreated, published, err)
}

func (a *api) readArticle(w http.ResponseWriter, r *http.Request, viewer *account.User) error {
	found, err := a.articles.Read(r.Context(), r.PathValue("slug"), idOf(viewer))
	return answerArticle(w, http.StatusOK, found, err)
}

func (a *api) editArticle(w http.ResponseWriter, r *http.Request, me account.User) error {
	form, err := readForm(r, "article")
	if err != nil {
		return err
	}
	change := article.Change{
		Title:       form.optionalText("title", titleRules...),
		Description: form.optionalText("description", filled),
		Body:        form.optionalText("body", filled),
	}
	change.Tags, change.SetTags = form.texts("tagList", maxTags, tagRules...)
	if err := form.err(); err != nil {
		return err
	}
	edited, err := a.articles.Edit(r.Context(), r.PathValue("slug"), me.ID, change)
	return answerArticle(w, http.StatusOK, edited, err)
}

func (a *api) deleteArticle(w http.ResponseWriter, r *http.Request, me account.User) error {
	if err := a.articles.Delete(r.Context(), r.PathValue("slug"), me.ID); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

func (a *api) favorite(w http.ResponseWriter, r *http.Request, me account.User) error {
	marked, err := a.articles.Favorite(r.Context(), r.PathValue("slug"), me.ID)
	return answerArticle(w, http.StatusOK, marked, err)
}

func (a *api) unfavorite(w http.ResponseWriter, r *http.Request, me account.User) error {
	unmarked, err := a.articles.Unfavorite(r.Context(), r.PathValue("slug"), me.ID)
	return answerArticle(w, http.StatusOK, unmarked, err)
}

func answerArticle(w http.ResponseWriter, status int, found article.Article, err error) error {
	if err != nil {
		return err
	}
	return writeJSON(w, status, articleAnswer{Article: articleJSON{summaryOf(found), found.Body}})
}

func answerArticles(w http.ResponseWriter, found []article.Article, total int64, err error) error {
	if err != nil {
		return err
	}
	answer := articlesAnswer{Articles: make([]summaryJSON, 0, len(found)), ArticlesCount: total}
	for _, each := range found {
		answer.Articles = append(answer.Articles, summaryOf(each))
	}
	return writeJSON(w, http.StatusOK, answer)
}

func summaryOf(a article.Article) summaryJSON {
	return summaryJSON{
		Slug:           a.Slug,
		Title:          a.Title,
		Description:    a.Description,
		TagList:        neverNull(a.Tags),
		CreatedAt:      timestamp(a.CreatedAt),
		UpdatedAt:      timestamp(a.UpdatedAt),
		Favorited:      a.Favorited,
		FavoritesCount: a.FavoritesCount,
		Author:         a.Author,
	}
}

// neverNull makes an empty list of none: encoding/json writes a nil slice as null.
func neverNull[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}
