// Command booking is the server: `booking` serves on PORT, `booking migrate` brings the database up
// to date.
package main

import (
	"context"
	"log"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"booking/internal/api"
	"booking/internal/database"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, args []string) error {
	db, err := database.Open(ctx, os.Getenv("DATABASE_URL"))
	if err != nil {
		return err
	}
	defer db.Close()
	if len(args) > 0 && args[0] == "migrate" {
		return database.Migrate(ctx, db)
	}
	return serve(ctx, ":"+port(), api.New(db))
}

func port() string {
	if port := os.Getenv("PORT"); port != "" {
		return port
	}
	return "8000"
}

// serve answers until ctx is done; then it finishes the requests that have begun.
func serve(ctx context.Context, address string, handler http.Handler) error {
	server := &http.Server{Addr: address, Handler: handler, ReadHeaderTimeout: 10 * time.Second}
	failed := make(chan error, 1)
	go func() { failed <- server.ListenAndServe() }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
		last, cancel := context.WithTimeout(context.Background(), 8*time.Second)
		defer cancel()
		return server.Shutdown(last)
	}
}
