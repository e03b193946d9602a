package postgres

import (
	"context"
	"embed"
	"fmt"
	"io/fs"
	"time"

	"github.com/jackc/pgx/v5"
)

const (
	patience = 30 * time.Second
	pause    = 250 * time.Millisecond
	// Any number will do, as long as nobody else on this database uses it.
	migrationLock = 7_203_114_926
)

//go:embed migrations/*.sql
var migrations embed.FS

const bookkeeping = `
CREATE TABLE IF NOT EXISTS schema_migrations (
    name text PRIMARY KEY,
    applied_at timestamptz NOT NULL DEFAULT now()
)`

// Migrate brings the database to the newest schema and returns what it applied.
//
// The files are applied in the order of their names, each once and in a transaction of its own.
// An advisory lock makes a second copy wait until the first is done.
func Migrate(ctx context.Context, url string) ([]string, error) {
	conn, err := connectPatiently(ctx, url)
	if err != nil {
		return nil, err
	}
	// The lock ends with the connection.
	defer conn.Close(context.WithoutCancel(ctx))
	if _, err := conn.Exec(ctx, "SELECT pg_advisory_lock($1)", migrationLock); err != nil {
		return nil, err
	}
	if _, err := conn.Exec(ctx, bookkeeping); err != nil {
		return nil, err
	}
	return applyMissing(ctx, conn)
}

// Wait returns when the database can be reached, or after half a minute with the last reason.
func Wait(ctx context.Context, url string) error {
	conn, err := connectPatiently(ctx, url)
	if err != nil {
		return err
	}
	return conn.Close(ctx)
}

func connectPatiently(ctx context.Context, url string) (*pgx.Conn, error) {
	config, err := pgx.ParseConfig(url)
	if err != nil {
		return nil, err
	}
	config.ConnectTimeout = connectTimeout
	giveUp := time.Now().Add(patience)
	for {
		conn, err := pgx.ConnectConfig(ctx, config)
		if err == nil {
			return conn, nil
		}
		if time.Now().After(giveUp) {
			return nil, fmt.Errorf("no database after %v: %w", patience, err)
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(pause):
		}
	}
}

func applyMissing(ctx context.Context, conn *pgx.Conn) ([]string, error) {
	names, err := fs.Glob(migrations, "migrations/*.sql") // in order
	if err != nil {
		return nil, err
	}
	var applied []string
	for _, name := range names {
		isNew, err := apply(ctx, conn, name)
		if err != nil {
			return applied, fmt.Errorf("%s: %w", name, err)
		}
		if isNew {
			applied = append(applied, name)
		}
	}
	return applied, nil
}

func apply(ctx context.Context, conn *pgx.Conn, name string) (isNew bool, err error) {
	script, err := migrations.ReadFile(name)
	if err != nil {
		return false, err
	}
	err = pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx,
			"INSERT INTO schema_migrations (name) VALUES ($1) ON CONFLICT DO NOTHING", name)
		if err != nil || tag.RowsAffected() == 0 {
			return err
		}
		isNew = true
		_, err = tx.Exec(ctx, string(script))
		return err
	})
	return isNew, err
}
