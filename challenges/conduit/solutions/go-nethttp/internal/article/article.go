// Package article knows the articles: publish, read, edit, delete, list, mark as a favourite
// (R1 to R9, L1 to L6, F1, F2).
package article

import (
	"time"

	"conduit/internal/postgres"
	"conduit/internal/profile"
)

// Article is one article as the one who asks sees it. Lists leave the body out.
type Article struct {
	Slug           string
	Title          string
	Description    string
	Body           string
	Tags           []string
	CreatedAt      time.Time
	UpdatedAt      time.Time
	Favorited      bool
	FavoritesCount int64
	Author         profile.Profile
}

// New is what its author writes.
type New struct {
	Title       string
	Description string
	Body        string
	Tags        []string
}

// Change says what to set; nil leaves a field as it is. Tags are set if SetTags is true.
type Change struct {
	Title       *string
	Description *string
	Body        *string
	SetTags     bool
	Tags        []string
}

func (c Change) isEmpty() bool {
	return c.Title == nil && c.Description == nil && c.Body == nil && !c.SetTags
}

// Filters narrow a list; all that are given must match (L2).
type Filters struct {
	Tag       *string
	Author    *string
	Favorited *string
}

// Page is a part of a list.
type Page struct {
	Limit  int64
	Offset int64
}

// Store keeps articles, their tags and who marked them.
type Store struct {
	DB *postgres.Pool
}
