// Package comment knows what people write under articles (C1 to C4).
package comment

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"conduit/internal/account"
	"conduit/internal/postgres"
	"conduit/internal/profile"
	"conduit/internal/refusal"
)

// Comment is one comment as the one who asks sees it.
type Comment struct {
	ID        int64
	CreatedAt time.Time
	UpdatedAt time.Time
	Body      string
	Author    profile.Profile
}

// Store keeps comments.
type Store struct {
	DB *postgres.Pool
}

// The article stands in the first row also when it has no comments.
const ofArticle = `
	SELECT c.id, c.created_at, c.updated_at, c.body, ` + profile.Columns + `
	FROM articles a
	LEFT JOIN comments c ON c.article_id = a.id
	LEFT JOIN users u ON u.id = c.author_id
	WHERE a.slug = @slug
	ORDER BY c.id`

// OfArticle returns the comments, oldest first; refused if there is no such article.
func (s *Store) OfArticle(
	ctx context.Context, slug string, viewer *int64,
) (comments []Comment, err error) {
	err = s.DB.Read(ctx, func(ctx context.Context, conn postgres.Conn) error {
		rows, err := conn.Query(ctx, ofArticle, pgx.NamedArgs{"slug": slug, "viewer": viewer})
		if err != nil {
			return err
		}
		comments, err = pgx.CollectRows(rows, scan)
		return err
	})
	if err != nil {
		return nil, err
	}
	if len(comments) == 0 {
		return nil, refusal.Missing("article")
	}
	if comments[0].ID == 0 {
		return nil, nil
	}
	return comments, nil
}

func scan(row pgx.CollectableRow) (c Comment, err error) {
	err = row.Scan(append([]any{
		(*zeronull.Int8)(&c.ID),
		(*zeronull.Timestamptz)(&c.CreatedAt), (*zeronull.Timestamptz)(&c.UpdatedAt),
		(*zeronull.Text)(&c.Body),
	}, c.Author.Into()...)...)
	return c, err
}

// Add comments on an article; refused if there is none, or not any more.
func (s *Store) Add(ctx context.Context, slug string, author account.User, body string) (Comment, error) {
	comment := Comment{
		Body:   body,
		Author: profile.Profile{Username: author.Username, Bio: author.Bio, Image: author.Image},
	}
	err := s.DB.Write(ctx, func(ctx context.Context, conn postgres.Conn) error {
		return conn.QueryRow(ctx, `
			INSERT INTO comments (article_id, author_id, body)
			SELECT id, $2, $3 FROM articles WHERE slug = $1
			RETURNING id, created_at, updated_at`,
			slug, author.ID, body,
		).Scan(&comment.ID, &comment.CreatedAt, &comment.UpdatedAt)
	})
	if errors.Is(err, pgx.ErrNoRows) || postgres.Violated(err) == "comments_article_id_fkey" {
		return Comment{}, refusal.Missing("article")
	}
	return comment, err
}

// Delete deletes a comment of one's own, under its own article.
func (s *Store) Delete(ctx context.Context, slug string, id, author int64) error {
	return s.DB.Write(ctx, func(ctx context.Context, conn postgres.Conn) error {
		deleted, err := conn.Exec(ctx, `
			DELETE FROM comments c USING articles a
			WHERE a.slug = $1 AND c.article_id = a.id AND c.id = $2 AND c.author_id = $3`,
			slug, id, author)
		if err != nil || deleted.RowsAffected() > 0 {
			return err
		}
		return whyNotDeleted(ctx, conn, slug, id, author)
	})
}

func whyNotDeleted(ctx context.Context, conn postgres.Conn, slug string, id, author int64) error {
	var owner int64
	err := conn.QueryRow(ctx, `
		SELECT c.author_id FROM comments c JOIN articles a ON a.id = c.article_id
		WHERE a.slug = $1 AND c.id = $2`,
		slug, id,
	).Scan(&owner)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return refusal.Missing("comment")
	case err != nil:
		return err
	case owner != author:
		return refusal.Foreign("comment")
	default: // Its article took this address after we looked, so it was not there.
		return refusal.Missing("comment")
	}
}
