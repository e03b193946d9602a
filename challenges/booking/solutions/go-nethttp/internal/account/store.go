// Package account knows the accounts: register, sign in, see and change (A1 to A10).
package account

import (
	"context"
	"errors"
	"strings"

	"github.com/jackc/pgx/v5"

	"booking/internal/postgres"
	"booking/internal/refusal"
)

// Role says what an account may do.
type Role string

const (
	Traveller Role = "traveller"
	Operator  Role = "operator"
)

// Account is an account as the rest of the server knows it.
type Account struct {
	ID    int64
	Name  string
	Email string
	Role  Role
}

// New is what an account is opened with.
type New struct {
	Name         string
	Email        string
	PasswordHash string
	Role         Role
}

// Change says what to set; nil leaves a field as it is.
type Change struct {
	Name         *string
	PasswordHash *string
}

// Store keeps accounts. That addresses are unique is the database's word (A2, M1).
type Store struct {
	DB *postgres.Pool
}

const columns = "id, name, email, role"

const emailTaken = "accounts_email_taken"

// emailKey is what two spellings of one address have in common (A5).
func emailKey(email string) string {
	return strings.ToLower(strings.TrimSpace(email))
}

// Add opens an account; refused if the address is taken.
func (s *Store) Add(ctx context.Context, sent New) (added Account, err error) {
	err = s.DB.Write(ctx, func(ctx context.Context, conn postgres.Conn) error {
		row := conn.QueryRow(ctx, `
			INSERT INTO accounts (name, email, email_key, password_hash, role)
			VALUES ($1, $2, $3, $4, $5)
			RETURNING `+columns,
			sent.Name, sent.Email, emailKey(sent.Email), sent.PasswordHash, sent.Role)
		return scan(row, &added)
	})
	if postgres.Violated(err) == emailTaken {
		err = refusal.New(refusal.Conflict, "email", "has already been taken")
	}
	return added, err
}

// Find returns the account with this id; ok is false if there is none.
func (s *Store) Find(ctx context.Context, id int64) (found Account, ok bool, err error) {
	err = s.DB.Read(ctx, func(ctx context.Context, conn postgres.Conn) error {
		return scan(conn.QueryRow(ctx, "SELECT "+columns+" FROM accounts WHERE id = $1", id), &found)
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return Account{}, false, nil
	}
	return found, err == nil, err
}

// FindForLogin returns the account with this address and the hash of its password, which is
// empty if there is none.
func (s *Store) FindForLogin(ctx context.Context, email string) (found Account, hash string, err error) {
	err = s.DB.Read(ctx, func(ctx context.Context, conn postgres.Conn) error {
		row := conn.QueryRow(ctx,
			"SELECT "+columns+", password_hash FROM accounts WHERE email_key = $1", emailKey(email))
		return scan(row, &found, &hash)
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return Account{}, "", nil
	}
	return found, hash, err
}

// Update changes an account; ok is false if it is gone.
func (s *Store) Update(ctx context.Context, id int64, change Change) (changed Account, ok bool, err error) {
	err = s.DB.Write(ctx, func(ctx context.Context, conn postgres.Conn) error {
		row := conn.QueryRow(ctx, `
			UPDATE accounts SET
				name = COALESCE($2, name),
				password_hash = COALESCE($3, password_hash)
			WHERE id = $1
			RETURNING `+columns,
			id, change.Name, change.PasswordHash)
		return scan(row, &changed)
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return Account{}, false, nil
	}
	return changed, err == nil, err
}

func scan(row pgx.Row, account *Account, more ...any) error {
	into := []any{&account.ID, &account.Name, &account.Email, &account.Role}
	return row.Scan(append(into, more...)...)
}
