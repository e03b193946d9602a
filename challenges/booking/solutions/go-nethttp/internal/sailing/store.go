// Package sailing knows the sailings: open, read and list (D1 to D3, L1 to L3).
package sailing

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"booking/internal/postgres"
	"booking/internal/refusal"
)

// New is what an operator opens a sailing with.
type New struct {
	From, To  string
	DepartsAt time.Time
	Seats     int64
	Price     int64
}

// Sailing is one departure and the seats that can be reserved at this moment.
type Sailing struct {
	ID int64
	New
	SeatsLeft int64
}

// Filters narrow a list; nil means all.
type Filters struct {
	From, To *string
}

// Store keeps sailings.
type Store struct {
	DB *postgres.Pool
}

// seatsLeft is counted when it is shown, so that it cannot drift. A hold is over by the clock (H2).
const seatsLeft = `s.seats
	- COALESCE((
		SELECT sum(r.seats) FROM reservations r WHERE r.sailing_id = s.id AND r.status = 'paid'
	), 0)
	- COALESCE((
		SELECT sum(r.seats) FROM reservations r
		WHERE r.sailing_id = s.id AND r.status = 'held' AND r.expires_at > statement_timestamp()
	), 0)`

// The sailing is s.
const columns = "s.id, s.from_port, s.to_port, s.departs_at, s.seats, s.price, " + seatsLeft

// into returns where to scan columns; where there is no sailing, it stays empty.
func (s *Sailing) into() []any {
	return []any{
		(*zeronull.Int8)(&s.ID), (*zeronull.Text)(&s.From), (*zeronull.Text)(&s.To),
		(*zeronull.Timestamptz)(&s.DepartsAt), (*zeronull.Int8)(&s.Seats), (*zeronull.Int8)(&s.Price),
		(*zeronull.Int8)(&s.SeatsLeft),
	}
}

// Open stores a new sailing.
func (s *Store) Open(ctx context.Context, sent New) (opened Sailing, err error) {
	err = s.DB.Write(ctx, func(ctx context.Context, conn postgres.Conn) error {
		row := conn.QueryRow(ctx, `
			INSERT INTO sailings AS s (from_port, to_port, departs_at, seats, price)
			VALUES ($1, $2, $3, $4, $5)
			RETURNING `+columns,
			sent.From, sent.To, sent.DepartsAt, sent.Seats, sent.Price)
		return row.Scan(opened.into()...)
	})
	return opened, err
}

// Read returns one sailing; refused if there is none.
func (s *Store) Read(ctx context.Context, id int64) (found Sailing, err error) {
	err = s.DB.Read(ctx, func(ctx context.Context, conn postgres.Conn) error {
		found, err = Find(ctx, conn, id)
		return err
	})
	return found, err
}

// Find is Read as part of a transaction.
func Find(ctx context.Context, conn postgres.Conn, id int64) (found Sailing, err error) {
	row := conn.QueryRow(ctx, "SELECT "+columns+" FROM sailings s WHERE s.id = $1", id)
	err = row.Scan(found.into()...)
	if errors.Is(err, pgx.ErrNoRows) {
		err = refusal.Missing("sailing")
	}
	return found, err
}

// Lock holds a sailing until the transaction ends: whoever changes its seats waits for the one
// before. What is read by the next statement is true as long as the lock is held.
func Lock(ctx context.Context, conn postgres.Conn, id int64) error {
	_, err := conn.Exec(ctx, "SELECT FROM sailings WHERE id = $1 FOR NO KEY UPDATE", id)
	return err
}

// Next returns a page of the sailings that match, the next departure first, and how many match in
// all.
func (s *Store) Next(
	ctx context.Context, filters Filters, page postgres.Page,
) (sailings []Sailing, total int64, err error) {
	args := pgx.NamedArgs{
		"from": filters.From, "to": filters.To, "limit": page.Limit, "offset": page.Offset,
	}
	err = s.DB.Read(ctx, func(ctx context.Context, conn postgres.Conn) error {
		sailings = nil
		rows, err := conn.Query(ctx, listQuery(filters), args)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var each Sailing
			if err := rows.Scan(append([]any{&total}, each.into()...)...); err != nil {
				return err
			}
			if each.ID != 0 {
				sailings = append(sailings, each)
			}
		}
		return rows.Err()
	})
	return sailings, total, err
}

// listQuery counts and pages in one statement, so that both see the same moment. The total stands
// beside every row, and alone when the page is empty.
//
// What is filtered is found once, by the filter's index, for total and page: left to guess how
// soon a page fills, PostgreSQL may walk through all sailings for a rare port. Without a filter
// each takes its own way, along an index.
func listQuery(filters Filters) string {
	var conditions []string
	if filters.From != nil {
		conditions = append(conditions, "from_port = @from")
	}
	if filters.To != nil {
		conditions = append(conditions, "to_port = @to")
	}
	found, where := "MATERIALIZED", strings.Join(conditions, " AND ")
	if where == "" {
		found, where = "NOT MATERIALIZED", "true"
	}
	return `
		WITH matching AS ` + found + ` (
			SELECT id, departs_at FROM sailings WHERE ` + where + `
		), page AS (
			SELECT id FROM matching ORDER BY departs_at, id LIMIT @limit OFFSET @offset
		)
		SELECT counted.total, ` + columns + `
		FROM (SELECT count(*) AS total FROM matching) AS counted
		LEFT JOIN (page JOIN sailings s ON s.id = page.id) ON true
		ORDER BY s.departs_at, s.id`
}
