// Command booking is the server. `booking` serves; `booking migrate` brings the database to the
// newest schema.
package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"booking/internal/api"
	"booking/internal/auth"
	"booking/internal/config"
	"booking/internal/postgres"
)

// The brief gives 10 seconds from SIGTERM to the end (V3); what is left is for closing the pool.
const finishWithin = 8 * time.Second

func main() {
	log := slog.New(slog.NewJSONHandler(os.Stderr, nil))
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:], log); err != nil {
		log.Error("booking ended", "error", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, log *slog.Logger) error {
	settings, err := config.FromEnvironment(os.Getenv)
	if err != nil {
		return err
	}
	switch {
	case len(args) == 0:
		return serve(ctx, settings, log)
	case len(args) == 1 && args[0] == "migrate":
		applied, err := postgres.Migrate(ctx, settings.DatabaseURL)
		log.Info("migrated", "applied", applied)
		return err
	default:
		return fmt.Errorf("unknown arguments %q: say nothing to serve, or migrate", args)
	}
}

func serve(ctx context.Context, settings config.Config, log *slog.Logger) error {
	if err := postgres.Wait(ctx, settings.DatabaseURL); err != nil {
		return err
	}
	db, err := postgres.Open(ctx, settings.DatabaseURL)
	if err != nil {
		return err
	}
	defer db.Close()
	secret := settings.JWTSecret
	if secret == "" {
		if secret, err = auth.SharedSecret(ctx, db); err != nil {
			return err
		}
	}
	handler := api.NewHandler(db, auth.NewTokens(secret), settings.OperatorCode, log)
	server := api.NewServer(settings.Address, handler, log)
	failed := make(chan error, 1)
	go func() { failed <- server.ListenAndServe() }()
	log.Info("serving", "address", settings.Address)
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
		return shutDown(server, log)
	}
}

// shutDown finishes the requests that have begun. What has not come to its end by then never will.
func shutDown(server *http.Server, log *slog.Logger) error {
	log.Info("stopping")
	ctx, cancel := context.WithTimeout(context.Background(), finishWithin)
	defer cancel()
	err := server.Shutdown(ctx)
	if errors.Is(err, context.DeadlineExceeded) {
		log.Warn("some requests did not come to their end")
		return server.Close()
	}
	return err
}
