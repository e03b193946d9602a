// Package api says which paths there are, and what they answer.
package api

import (
	"encoding/json"
	"log"
	"net/http"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

type api struct {
	db *pgxpool.Pool
}

// New returns what answers all requests.
func New(db *pgxpool.Pool) http.Handler {
	a := &api{db: db}
	routes := http.NewServeMux()
	routes.HandleFunc("GET /api/sailings", a.sailings)
	// Your next paths go here. openapi.yaml says which, brief.md says why.
	return routes
}

type sailing struct {
	ID   int64  `json:"id"`
	From string `json:"from"`
	To   string `json:"to"`
}

func (a *api) sailings(w http.ResponseWriter, r *http.Request) {
	rows, _ := a.db.Query(r.Context(), "SELECT id, from_port, to_port FROM sailings ORDER BY departs_at, id")
	sailings, err := pgx.CollectRows(rows, pgx.RowToStructByPos[sailing]) // with the error of Query, too
	if err != nil {
		fail(w, err)
		return
	}
	writeJSON(w, map[string]any{"sailings": append([]sailing{}, sailings...), "sailingsCount": len(sailings)})
}

func writeJSON(w http.ResponseWriter, answer any) {
	w.Header().Set("Content-Type", "application/json")
	if err := json.NewEncoder(w).Encode(answer); err != nil {
		log.Print(err)
	}
}

func fail(w http.ResponseWriter, err error) {
	log.Print(err)
	http.Error(w, "internal server error", http.StatusInternalServerError)
}
