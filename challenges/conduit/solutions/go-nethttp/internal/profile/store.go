// Package profile knows people as others see them, and who follows whom (P1 to P3).
package profile

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"conduit/internal/postgres"
	"conduit/internal/refusal"
)

// Profile is a person as the one who asks sees them.
type Profile struct {
	Username  string  `json:"username"`
	Bio       *string `json:"bio"`
	Image     *string `json:"image"`
	Following bool    `json:"following"`
}

// Columns are the profile's in a query in which the person is u, and @viewer the id of the one
// who asks, or NULL.
const Columns = `
	u.username, u.bio, u.image,
	EXISTS (SELECT 1 FROM follows WHERE follower_id = @viewer AND followed_id = u.id)`

// Into returns where to scan Columns; where there is no person, the profile stays empty.
func (p *Profile) Into() []any {
	return []any{(*zeronull.Text)(&p.Username), &p.Bio, &p.Image, &p.Following}
}

// Store keeps who follows whom.
type Store struct {
	DB *postgres.Pool
}

// See returns the profile; refused if nobody has this name. viewer is nil for a stranger.
func (s *Store) See(ctx context.Context, username string, viewer *int64) (profile Profile, err error) {
	err = s.DB.Read(ctx, func(ctx context.Context, conn postgres.Conn) error {
		_, profile, err = find(ctx, conn, username, viewer)
		return err
	})
	return profile, err
}

// Follow follows, once or again; nobody follows themselves.
func (s *Store) Follow(ctx context.Context, username string, viewer int64) (Profile, error) {
	return s.change(ctx, username, viewer, true, `
		INSERT INTO follows (follower_id, followed_id) VALUES ($1, $2)
		ON CONFLICT DO NOTHING`)
}

// Unfollow ends it, once or again.
func (s *Store) Unfollow(ctx context.Context, username string, viewer int64) (Profile, error) {
	return s.change(ctx, username, viewer, false,
		"DELETE FROM follows WHERE follower_id = $1 AND followed_id = $2")
}

func (s *Store) change(
	ctx context.Context, username string, viewer int64, following bool, statement string,
) (profile Profile, err error) {
	err = s.DB.Write(ctx, func(ctx context.Context, conn postgres.Conn) error {
		var id int64
		if id, profile, err = find(ctx, conn, username, &viewer); err != nil {
			return err
		}
		if id == viewer && following {
			return refusal.New(refusal.Invalid, "username", "is your own: nobody follows themselves")
		}
		_, err = conn.Exec(ctx, statement, viewer, id)
		profile.Following = following
		return err
	})
	return profile, err
}

func find(
	ctx context.Context, conn postgres.Conn, username string, viewer *int64,
) (id int64, profile Profile, err error) {
	row := conn.QueryRow(ctx,
		"SELECT u.id, "+Columns+" FROM users u WHERE u.username = @username",
		pgx.NamedArgs{"username": username, "viewer": viewer})
	err = row.Scan(append([]any{&id}, profile.Into()...)...)
	if errors.Is(err, pgx.ErrNoRows) {
		err = refusal.Missing("profile")
	}
	return id, profile, err
}
