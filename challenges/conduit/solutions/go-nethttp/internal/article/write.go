package article

import (
	"context"
	"errors"
	"iter"
	"slices"

	"github.com/jackc/pgx/v5"

	"conduit/internal/account"
	"conduit/internal/postgres"
	"conduit/internal/profile"
	"conduit/internal/refusal"
)

const slugTaken = "articles_slug_taken"

// Publish stores a new article with its tags.
func (s *Store) Publish(ctx context.Context, author account.User, sent New) (article Article, err error) {
	err = s.withFreeSlug(ctx, slugs(sent.Title),
		func(ctx context.Context, conn postgres.Conn, slug string) error {
			article, err = publish(ctx, conn, author, sent, slug)
			return err
		})
	return article, err
}

// Edit changes what was sent; a new title brings a new slug. Refused if the article is not there
// or somebody else's.
func (s *Store) Edit(
	ctx context.Context, slug string, author int64, change Change,
) (article Article, err error) {
	newSlugs := slices.Values([]string{slug})
	if change.Title != nil {
		newSlugs = slugs(*change.Title)
	}
	err = s.withFreeSlug(ctx, newSlugs,
		func(ctx context.Context, conn postgres.Conn, newSlug string) error {
			article, err = edit(ctx, conn, slug, newSlug, author, change)
			return err
		})
	return article, err
}

// withFreeSlug takes a slug by storing it: if the database says that somebody has it already,
// the whole transaction is undone and tried again with the next one.
func (s *Store) withFreeSlug(
	ctx context.Context,
	candidates iter.Seq[string],
	work func(ctx context.Context, conn postgres.Conn, slug string) error,
) error {
	for slug := range candidates {
		err := s.DB.Transaction(ctx, func(ctx context.Context, conn postgres.Conn) error {
			return work(ctx, conn, slug)
		})
		if postgres.Violated(err) != slugTaken {
			return err
		}
	}
	return errors.New("no free slug in as many random attempts")
}

// Delete deletes an article of one's own, with all that hangs on it.
func (s *Store) Delete(ctx context.Context, slug string, author int64) error {
	return s.DB.Write(ctx, func(ctx context.Context, conn postgres.Conn) error {
		deleted, err := conn.Exec(ctx,
			"DELETE FROM articles WHERE slug = $1 AND author_id = $2", slug, author)
		if err != nil || deleted.RowsAffected() > 0 {
			return err
		}
		return whyNotDeleted(ctx, conn, slug, author)
	})
}

func whyNotDeleted(ctx context.Context, conn postgres.Conn, slug string, author int64) error {
	var owner int64
	err := conn.QueryRow(ctx, "SELECT author_id FROM articles WHERE slug = $1", slug).Scan(&owner)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return refusal.Missing("article")
	case err != nil:
		return err
	case owner != author:
		return refusal.Foreign("article")
	default: // It took this address after we looked, so it was not there.
		return refusal.Missing("article")
	}
}

func publish(
	ctx context.Context, conn postgres.Conn, author account.User, sent New, slug string,
) (Article, error) {
	article := Article{
		Slug: slug, Title: sent.Title, Description: sent.Description, Body: sent.Body, Tags: sent.Tags,
		Author: profile.Profile{Username: author.Username, Bio: author.Bio, Image: author.Image},
	}
	var id int64
	err := conn.QueryRow(ctx, `
		INSERT INTO articles (author_id, slug, title, description, body)
		VALUES ($1, $2, $3, $4, $5)
		RETURNING id, created_at, updated_at`,
		author.ID, slug, sent.Title, sent.Description, sent.Body,
	).Scan(&id, &article.CreatedAt, &article.UpdatedAt)
	if err != nil {
		return Article{}, err
	}
	return article, addTags(ctx, conn, id, sent.Tags)
}

func edit(
	ctx context.Context, conn postgres.Conn, slug, newSlug string, author int64, change Change,
) (Article, error) {
	id, title, err := lockOwn(ctx, conn, slug, author)
	if err != nil {
		return Article{}, err
	}
	if change.Title != nil && *change.Title == title {
		newSlug = slug
	}
	if !change.isEmpty() {
		if err := update(ctx, conn, id, newSlug, change); err != nil {
			return Article{}, err
		}
	}
	if change.SetTags {
		if err := replaceTags(ctx, conn, id, change.Tags); err != nil {
			return Article{}, err
		}
	}
	return read(ctx, conn, newSlug, &author)
}

// lockOwn holds an article of one's own until the transaction ends.
func lockOwn(
	ctx context.Context, conn postgres.Conn, slug string, author int64,
) (id int64, title string, err error) {
	var owner int64
	err = conn.QueryRow(ctx,
		"SELECT id, author_id, title FROM articles WHERE slug = $1 FOR UPDATE", slug,
	).Scan(&id, &owner, &title)
	if errors.Is(err, pgx.ErrNoRows) {
		return 0, "", refusal.Missing("article")
	}
	if err == nil && owner != author {
		return 0, "", refusal.Foreign("article")
	}
	return id, title, err
}

// update always moves updated_at by what an answer can show, that is a millisecond (R6).
func update(ctx context.Context, conn postgres.Conn, id int64, slug string, change Change) error {
	_, err := conn.Exec(ctx, `
		UPDATE articles SET
			slug = $2,
			title = COALESCE($3, title),
			description = COALESCE($4, description),
			body = COALESCE($5, body),
			updated_at = GREATEST(now(), updated_at + interval '1 millisecond')
		WHERE id = $1`,
		id, slug, change.Title, change.Description, change.Body)
	return err
}

func replaceTags(ctx context.Context, conn postgres.Conn, id int64, tags []string) error {
	if _, err := conn.Exec(ctx, "DELETE FROM article_tags WHERE article_id = $1", id); err != nil {
		return err
	}
	return addTags(ctx, conn, id, tags)
}

func addTags(ctx context.Context, conn postgres.Conn, id int64, tags []string) error {
	if len(tags) == 0 {
		return nil
	}
	_, err := conn.Exec(ctx, `
		INSERT INTO article_tags (article_id, tag, position)
		SELECT $1, tag, position FROM unnest($2::text[]) WITH ORDINALITY AS sent (tag, position)`,
		id, tags)
	return err
}
