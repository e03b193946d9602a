// Package tag knows the tags in use (T1, T2).
package tag

import (
	"context"

	"github.com/jackc/pgx/v5"

	"conduit/internal/postgres"
)

// Store lists tags.
type Store struct {
	DB *postgres.Pool
}

// Jumps along the index from one tag to the next, so that the work grows with the number of
// tags and not with the number of articles that have them.
const inUse = `
	WITH RECURSIVE in_use AS (
		SELECT min(tag) AS tag FROM article_tags
		UNION ALL
		SELECT (SELECT min(tag) FROM article_tags WHERE tag > in_use.tag)
		FROM in_use WHERE in_use.tag IS NOT NULL
	)
	SELECT tag FROM in_use WHERE tag IS NOT NULL`

// InUse returns every tag that an article has, each once.
func (s *Store) InUse(ctx context.Context) (tags []string, err error) {
	err = s.DB.Read(ctx, func(ctx context.Context, conn postgres.Conn) error {
		rows, err := conn.Query(ctx, inUse)
		if err != nil {
			return err
		}
		tags, err = pgx.CollectRows(rows, pgx.RowTo[string])
		return err
	})
	return tags, err
}
