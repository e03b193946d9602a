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
	routes.HandleFunc("GET /api/tags", a.tags)
	return routes
}

func (a *api) tags(w http.ResponseWriter, r *http.Request) {
	rows, _ := a.db.Query(r.Context(), "SELECT name FROM tags ORDER BY name")
	names, err := pgx.CollectRows(rows, pgx.RowTo[string]) // with the error of Query, too
	if err != nil {
		fail(w, err)
		return
	}
	writeJSON(w, map[string][]string{"tags": append([]string{}, names...)})
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
