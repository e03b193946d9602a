package article

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"conduit/internal/postgres"
	"conduit/internal/refusal"
)

// Favorite marks an article, once or again; refused if it is not there.
func (s *Store) Favorite(ctx context.Context, slug string, user int64) (Article, error) {
	return s.mark(ctx, slug, user, `
		INSERT INTO favorites (article_id, user_id) VALUES ($1, $2)
		ON CONFLICT DO NOTHING`)
}

// Unfavorite takes the mark back, once or again.
func (s *Store) Unfavorite(ctx context.Context, slug string, user int64) (Article, error) {
	return s.mark(ctx, slug, user, "DELETE FROM favorites WHERE article_id = $1 AND user_id = $2")
}

// mark holds the article while the mark changes, so that the answer shows the count as this
// change left it, and so that an article which is being deleted is gone for us too.
func (s *Store) mark(
	ctx context.Context, slug string, user int64, statement string,
) (article Article, err error) {
	err = s.DB.Transaction(ctx, func(ctx context.Context, conn postgres.Conn) error {
		var id int64
		err := conn.QueryRow(ctx,
			"SELECT id FROM articles WHERE slug = $1 FOR NO KEY UPDATE", slug).Scan(&id)
		if errors.Is(err, pgx.ErrNoRows) {
			return refusal.Missing("article")
		}
		if err != nil {
			return err
		}
		if _, err := conn.Exec(ctx, statement, id, user); err != nil {
			return err
		}
		article, err = read(ctx, conn, slug, &user)
		return err
	})
	return article, err
}
