// Package testdb makes databases for tests.
package testdb

import (
	"context"
	"crypto/rand"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"booking/internal/postgres"
)

// New returns the address of a fresh, migrated database on the server that DATABASE_URL names. It
// is dropped when the test ends; without DATABASE_URL the test is skipped.
func New(t *testing.T) string {
	t.Helper()
	given := os.Getenv("DATABASE_URL")
	if given == "" {
		t.Skip("DATABASE_URL is not set: give the address of a PostgreSQL server for tests")
	}
	address, err := url.Parse(given)
	if err != nil {
		t.Fatal(err)
	}
	name := "booking_test_" + strings.ToLower(rand.Text())
	Exec(t, given, "CREATE DATABASE "+name)
	t.Cleanup(func() { Exec(t, given, "DROP DATABASE "+name+" WITH (FORCE)") })
	address.Path = "/" + name
	if _, err := postgres.Migrate(context.Background(), address.String()); err != nil {
		t.Fatal(err)
	}
	return address.String()
}

// Exec runs one statement on a connection of its own.
func Exec(t *testing.T, databaseURL, statement string) {
	t.Helper()
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, databaseURL)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx)
	if _, err := conn.Exec(ctx, statement); err != nil {
		t.Fatal(err)
	}
}
