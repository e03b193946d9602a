package article

import (
	"context"
	"errors"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"conduit/internal/postgres"
	"conduit/internal/profile"
	"conduit/internal/refusal"
)

// The article is a, its author u; @viewer is the id of the one who asks, or NULL.
const summaryColumns = `
	a.slug, a.title, a.description, a.created_at, a.updated_at,
	ARRAY(SELECT tag FROM article_tags WHERE article_id = a.id ORDER BY position),
	(SELECT count(*) FROM favorites WHERE article_id = a.id),
	EXISTS (SELECT 1 FROM favorites WHERE article_id = a.id AND user_id = @viewer),
	` + profile.Columns

const (
	tagged      = "EXISTS (SELECT 1 FROM article_tags t WHERE t.article_id = a.id AND t.tag = @tag)"
	writtenBy   = "a.author_id = (SELECT id FROM users WHERE username = @author)"
	favoritedBy = `EXISTS (
		SELECT 1 FROM favorites f JOIN users fan ON fan.id = f.user_id
		WHERE f.article_id = a.id AND fan.username = @favorited)`
	followed = "a.author_id IN (SELECT followed_id FROM follows WHERE follower_id = @viewer)"
)

// summary returns where to scan summaryColumns; where there is no article, it stays empty.
func (a *Article) summary() []any {
	return append([]any{
		(*zeronull.Text)(&a.Slug), (*zeronull.Text)(&a.Title), (*zeronull.Text)(&a.Description),
		(*zeronull.Timestamptz)(&a.CreatedAt), (*zeronull.Timestamptz)(&a.UpdatedAt),
		&a.Tags, &a.FavoritesCount, &a.Favorited,
	}, a.Author.Into()...)
}

// Read returns the article at this address; refused if there is none. viewer is nil for a
// stranger.
func (s *Store) Read(ctx context.Context, slug string, viewer *int64) (article Article, err error) {
	err = s.DB.Read(ctx, func(ctx context.Context, conn postgres.Conn) error {
		article, err = read(ctx, conn, slug, viewer)
		return err
	})
	return article, err
}

func read(
	ctx context.Context, conn postgres.Conn, slug string, viewer *int64,
) (article Article, err error) {
	row := conn.QueryRow(ctx, "SELECT a.body, "+summaryColumns+`
		FROM articles a JOIN users u ON u.id = a.author_id
		WHERE a.slug = @slug`,
		pgx.NamedArgs{"slug": slug, "viewer": viewer})
	err = row.Scan(append([]any{&article.Body}, article.summary()...)...)
	if errors.Is(err, pgx.ErrNoRows) {
		err = refusal.Missing("article")
	}
	return article, err
}

// Newest returns a page of the articles that match, and how many match in all.
func (s *Store) Newest(
	ctx context.Context, filters Filters, page Page, viewer *int64,
) ([]Article, int64, error) {
	var conditions []string
	if filters.Tag != nil {
		conditions = append(conditions, tagged)
	}
	if filters.Author != nil {
		conditions = append(conditions, writtenBy)
	}
	if filters.Favorited != nil {
		conditions = append(conditions, favoritedBy)
	}
	return s.list(ctx, conditions, pgx.NamedArgs{
		"tag": filters.Tag, "author": filters.Author, "favorited": filters.Favorited,
		"limit": page.Limit, "offset": page.Offset, "viewer": viewer,
	})
}

// Feed returns a page of the articles of those whom the viewer follows, and their number.
func (s *Store) Feed(ctx context.Context, page Page, viewer int64) ([]Article, int64, error) {
	return s.list(ctx, []string{followed}, pgx.NamedArgs{
		"limit": page.Limit, "offset": page.Offset, "viewer": viewer,
	})
}

func (s *Store) list(
	ctx context.Context, conditions []string, args pgx.NamedArgs,
) (articles []Article, total int64, err error) {
	err = s.DB.Read(ctx, func(ctx context.Context, conn postgres.Conn) error {
		articles = nil
		rows, err := conn.Query(ctx, listQuery(conditions), args)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var article Article
			if err := rows.Scan(append([]any{&total}, article.summary()...)...); err != nil {
				return err
			}
			if article.Slug != "" {
				articles = append(articles, article)
			}
		}
		return rows.Err()
	})
	return articles, total, err
}

// listQuery counts and pages in one statement, so that both see the same moment. The total stands
// beside every row, and alone when the page is empty.
//
// What is filtered is found once, by the filter's index, for total and page: left to guess how
// soon a page fills, PostgreSQL may walk through all articles for a rare tag. Without a filter
// each takes its own way, along an index.
func listQuery(conditions []string) string {
	found, where := "MATERIALIZED", strings.Join(conditions, " AND ")
	if where == "" {
		found, where = "NOT MATERIALIZED", "true"
	}
	return `
		WITH matching AS ` + found + ` (
			SELECT a.id, a.created_at FROM articles a WHERE ` + where + `
		), page AS (
			SELECT id FROM matching
			ORDER BY created_at DESC, id DESC LIMIT @limit OFFSET @offset
		)
		SELECT counted.total, ` + summaryColumns + `
		FROM (SELECT count(*) AS total FROM matching) AS counted
		LEFT JOIN (
			page JOIN articles a ON a.id = page.id JOIN users u ON u.id = a.author_id
		) ON true
		ORDER BY a.created_at DESC, a.id DESC`
}
