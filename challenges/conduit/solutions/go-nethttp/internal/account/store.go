// Package account knows the accounts: register, sign in, see and change (A1 to A11).
package account

import (
	"context"
	"errors"
	"strings"

	"github.com/jackc/pgx/v5"

	"conduit/internal/postgres"
	"conduit/internal/refusal"
)

// User is an account as the rest of the server knows it.
type User struct {
	ID           int64
	Username     string
	Email        string
	Bio          *string
	Image        *string
	TokenVersion int
}

// Change says what to set; nil leaves a field as it is.
type Change struct {
	Username     *string
	Email        *string
	PasswordHash *string
	// SetBio and SetImage say whether Bio and Image, which may be null, are to be set.
	SetBio, SetImage bool
	Bio, Image       *string
}

// Store keeps accounts. That names are unique is the database's word (A2, M1).
type Store struct {
	DB *postgres.Pool
}

const columns = "id, username, email, bio, image, token_version"

var fieldOfConstraint = map[string]string{
	"users_username_taken": "username",
	"users_email_taken":    "email",
}

// emailKey is what two spellings of one address have in common (A5).
func emailKey(email string) string {
	return strings.ToLower(strings.TrimSpace(email))
}

// Add opens an account; refused if the name or the address is taken.
func (s *Store) Add(ctx context.Context, username, email, passwordHash string) (User, error) {
	var user User
	err := s.DB.Write(ctx, func(ctx context.Context, conn postgres.Conn) error {
		row := conn.QueryRow(ctx, `
			INSERT INTO users (username, email, email_key, password_hash)
			VALUES ($1, $2, $3, $4)
			RETURNING `+columns,
			username, email, emailKey(email), passwordHash)
		return scan(row, &user)
	})
	return user, refuseTaken(err)
}

// Find returns the account with this id; found is false if there is none.
func (s *Store) Find(ctx context.Context, id int64) (user User, found bool, err error) {
	err = s.DB.Read(ctx, func(ctx context.Context, conn postgres.Conn) error {
		return scan(conn.QueryRow(ctx, "SELECT "+columns+" FROM users WHERE id = $1", id), &user)
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return User{}, false, nil
	}
	return user, err == nil, err
}

// FindForLogin returns the account with this address and the hash of its password, which is
// empty if there is none.
func (s *Store) FindForLogin(ctx context.Context, email string) (user User, hash string, err error) {
	err = s.DB.Read(ctx, func(ctx context.Context, conn postgres.Conn) error {
		row := conn.QueryRow(ctx,
			"SELECT "+columns+", password_hash FROM users WHERE email_key = $1", emailKey(email))
		return scan(row, &user, &hash)
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return User{}, "", nil
	}
	return user, hash, err
}

// Update changes an account; found is false if it is gone. A new password ends the tokens from
// before (S10).
func (s *Store) Update(ctx context.Context, id int64, change Change) (user User, found bool, err error) {
	var key *string
	if change.Email != nil {
		lower := emailKey(*change.Email)
		key = &lower
	}
	err = s.DB.Write(ctx, func(ctx context.Context, conn postgres.Conn) error {
		row := conn.QueryRow(ctx, `
			UPDATE users SET
				username = COALESCE(@username, username),
				email = COALESCE(@email, email),
				email_key = COALESCE(@email_key, email_key),
				password_hash = COALESCE(@password_hash, password_hash),
				token_version = token_version + CASE WHEN @password_hash::text IS NULL THEN 0 ELSE 1 END,
				bio = CASE WHEN @set_bio THEN @bio ELSE bio END,
				image = CASE WHEN @set_image THEN @image ELSE image END
			WHERE id = @id
			RETURNING `+columns,
			pgx.NamedArgs{
				"id": id, "username": change.Username, "email": change.Email, "email_key": key,
				"password_hash": change.PasswordHash,
				"set_bio":       change.SetBio, "bio": change.Bio,
				"set_image": change.SetImage, "image": change.Image,
			})
		return scan(row, &user)
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return User{}, false, nil
	}
	return user, err == nil, refuseTaken(err)
}

func scan(row pgx.Row, user *User, more ...any) error {
	into := []any{&user.ID, &user.Username, &user.Email, &user.Bio, &user.Image, &user.TokenVersion}
	return row.Scan(append(into, more...)...)
}

func refuseTaken(err error) error {
	if field, ok := fieldOfConstraint[postgres.Violated(err)]; ok {
		return refusal.Taken(field)
	}
	return err
}
