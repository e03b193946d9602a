package api_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"booking/internal/api"
	"booking/internal/database"
)

// An example: ask the handler as a client would, without a port.
func TestThereAreNoSailingsYet(t *testing.T) {
	ctx := context.Background()
	db, err := database.Open(ctx, os.Getenv("DATABASE_URL"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := database.Migrate(ctx, db); err != nil {
		t.Fatal(err)
	}
	answer := httptest.NewRecorder()
	api.New(db).ServeHTTP(answer, httptest.NewRequest(http.MethodGet, "/api/sailings", nil))
	if body := strings.TrimSpace(answer.Body.String()); answer.Code != http.StatusOK || body != `{"sailings":[],"sailingsCount":0}` {
		t.Errorf("got %d %s", answer.Code, body)
	}
}
