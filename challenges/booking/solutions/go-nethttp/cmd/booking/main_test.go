package main

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"booking/internal/config"
	"booking/internal/testdb"
)

func TestStoppingFinishesWhatHasBegun(t *testing.T) {
	databaseURL := testdb.New(t)
	address := freeAddress(t)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		settings := config.Config{DatabaseURL: databaseURL, Address: address}
		ended <- serve(ctx, settings, slog.New(slog.DiscardHandler))
	}()
	waitUntilServing(t, address, ended)

	blocker := lockSailings(t, databaseURL)
	begun := make(chan int, 1)
	go func() { begun <- get(address) }()
	waitUntilBlocked(t, blocker)
	stop()
	if _, err := blocker.Exec(t.Context(), "ROLLBACK"); err != nil {
		t.Fatal(err)
	}
	if status := <-begun; status != http.StatusOK {
		t.Errorf("what has begun is answered %d", status)
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

func TestUnknownArgumentsAreRefused(t *testing.T) {
	t.Setenv("DATABASE_URL", "postgres://localhost/booking")
	if err := run(t.Context(), []string{"serv"}, slog.New(slog.DiscardHandler)); err == nil {
		t.Error("no error")
	}
}

func freeAddress(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().String()
}

// get returns the status of the list of sailings, or 0 without an answer.
func get(address string) int {
	response, err := http.Get("http://" + address + "/api/sailings")
	if err != nil {
		return 0
	}
	response.Body.Close()
	return response.StatusCode
}

func waitUntilServing(t *testing.T, address string, ended <-chan error) {
	t.Helper()
	for get(address) != http.StatusOK {
		select {
		case err := <-ended:
			t.Fatal(err)
		case <-time.After(10 * time.Millisecond):
		}
	}
}

func lockSailings(t *testing.T, databaseURL string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), databaseURL)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close(context.Background()) })
	if _, err := conn.Exec(t.Context(), "BEGIN; LOCK TABLE sailings"); err != nil {
		t.Fatal(err)
	}
	return conn
}

func waitUntilBlocked(t *testing.T, conn *pgx.Conn) {
	t.Helper()
	for blocked := false; !blocked; {
		row := conn.QueryRow(t.Context(), `
			SELECT EXISTS (
				SELECT FROM pg_locks l JOIN pg_database d ON d.oid = l.database
				WHERE d.datname = current_database() AND NOT l.granted
			)`)
		if err := row.Scan(&blocked); err != nil {
			t.Fatal(err)
		}
	}
}
