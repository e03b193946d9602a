// Uses go-sql-driver in every way that sends other commands, and prints what it got as JSON.
package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"net/url"
	"os"
	"strings"

	"github.com/go-sql-driver/mysql"
)

type talk struct{ found []any }

func (t *talk) note(values ...any) { t.found = append(t.found, values...) }

func number(err error) uint16 {
	var refused *mysql.MySQLError
	if errors.As(err, &refused) {
		return refused.Number
	}
	return 0
}

func must[T any](value T, err error) T {
	if err != nil {
		log.Fatal(err)
	}
	return value
}

// dsn returns the driver's form of a URL.
func dsn(text string, options string) string {
	found := must(url.Parse(text))
	password, _ := found.User.Password()
	return fmt.Sprintf("%s:%s@tcp(%s)%s?parseTime=true&multiStatements=true%s",
		found.User.Username(), password, found.Host, found.Path, options)
}

// use works on a table of its own, in a transaction and beside it.
func (t *talk) use(ctx context.Context, db *sql.DB) {
	must(db.ExecContext(ctx, "DROP TABLE IF EXISTS note"))
	must(db.ExecContext(ctx, "CREATE TABLE note (id int PRIMARY KEY AUTO_INCREMENT, text varchar(100) UNIQUE, at datetime(6))"))
	tx := must(db.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelReadCommitted}))
	for n := 0; n < 3; n++ {
		made := must(tx.ExecContext(ctx, "INSERT INTO note (text, at) VALUES (?, '2026-01-02 03:04:05.678901')", fmt.Sprint("note ", n)))
		t.note(must(made.LastInsertId()), must(made.RowsAffected()))
	}
	t.rows(must(tx.QueryContext(ctx, "SELECT id, text, at FROM note WHERE id > ? FOR UPDATE", 1)))
	_, err := tx.ExecContext(ctx, "INSERT INTO note (text) VALUES (?)", "note 1")
	t.note(number(err))
	_, err = tx.ExecContext(ctx, "SELECT nothing")
	t.note(number(err))
	if err := tx.Commit(); err != nil {
		log.Fatal(err)
	}
	prepared := must(db.PrepareContext(ctx, "SELECT id, text, at FROM note WHERE text LIKE ? ORDER BY id"))
	for _, pattern := range []string{"note%", "nothing%", "%2"} {
		t.rows(must(prepared.QueryContext(ctx, pattern)))
	}
	if err := prepared.Close(); err != nil {
		log.Fatal(err)
	}
	several := must(db.QueryContext(ctx, "SELECT 1; SELECT count(*) FROM note"))
	for more := true; more; more = several.NextResultSet() {
		for several.Next() {
			var value int
			t.note(several.Scan(&value) == nil, value)
		}
	}
	must(db.ExecContext(ctx, "UPDATE note SET text = ? WHERE id = 1", strings.Repeat("é", 100)))
	t.note(db.PingContext(ctx) == nil)
}

func (t *talk) rows(found *sql.Rows) {
	for found.Next() {
		var id int
		var text string
		var at sql.NullTime
		if err := found.Scan(&id, &text, &at); err != nil {
			log.Fatal(err)
		}
		t.note(id, text, at)
	}
}

func main() {
	var t talk
	for _, options := range []string{"", "&interpolateParams=true"} {
		db := must(sql.Open("mysql", dsn(os.Args[1], options)))
		t.use(context.Background(), db)
		if err := db.Close(); err != nil {
			log.Fatal(err)
		}
	}
	fmt.Println(string(must(json.Marshal(t.found))))
}
