// Package config reads what differs between two places where the server runs.
package config

import (
	"errors"
	"fmt"
	"net"
	"strconv"
)

// minSecretBytes is what RFC 7518, section 3.2, asks of a key for HS256.
const minSecretBytes = 32

// testCode is the operator code of the test machine, where none is set (A10).
const testCode = "ahoy"

// Config is everything that the environment says.
type Config struct {
	DatabaseURL string
	Address     string
	// JWTSecret is empty when the copies of the server share a key in the database.
	JWTSecret string
	// OperatorCode makes who sends it an operator (A10).
	OperatorCode string
}

// FromEnvironment reads DATABASE_URL, HOST, PORT, JWT_SECRET and OPERATOR_CODE
// through getenv.
func FromEnvironment(getenv func(string) string) (Config, error) {
	databaseURL := getenv("DATABASE_URL")
	if databaseURL == "" {
		return Config{}, errors.New("DATABASE_URL is not set: give the address of a PostgreSQL database")
	}
	secret := getenv("JWT_SECRET")
	if secret != "" && len(secret) < minSecretBytes {
		return Config{}, fmt.Errorf("JWT_SECRET is too short: give at least %d bytes", minSecretBytes)
	}
	port := getenv("PORT")
	if port == "" {
		port = "8000"
	}
	if _, err := strconv.ParseUint(port, 10, 16); err != nil {
		return Config{}, fmt.Errorf("PORT is %q: give a number from 0 to 65535", port)
	}
	operatorCode := getenv("OPERATOR_CODE")
	if operatorCode == "" {
		operatorCode = testCode
	}
	return Config{
		DatabaseURL:  databaseURL,
		Address:      net.JoinHostPort(getenv("HOST"), port),
		JWTSecret:    secret,
		OperatorCode: operatorCode,
	}, nil
}
