package reservation

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"booking/internal/postgres"
	"booking/internal/refusal"
)

// Read returns a reservation of one's own; refused if it is not there or somebody else's (B4).
func (s *Store) Read(ctx context.Context, id, owner int64) (found Reservation, err error) {
	err = s.DB.Read(ctx, func(ctx context.Context, conn postgres.Conn) error {
		found, err = read(ctx, conn, id, owner)
		return err
	})
	return found, err
}

func read(ctx context.Context, conn postgres.Conn, id, owner int64) (found Reservation, err error) {
	row := conn.QueryRow(ctx, "SELECT "+columns+`
		FROM reservations r JOIN sailings s ON s.id = r.sailing_id WHERE r.id = $1`, id)
	err = row.Scan(found.into()...)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return Reservation{}, refusal.Missing("reservation")
	case err == nil && found.AccountID != owner:
		return Reservation{}, refusal.Foreign("reservation")
	}
	return found, err
}

// Newest returns a page of one's own reservations, the newest first, and how many match in all.
// status is nil for all.
func (s *Store) Newest(
	ctx context.Context, owner int64, status *Status, page postgres.Page,
) (reservations []Reservation, total int64, err error) {
	args := pgx.NamedArgs{
		"owner": owner, "status": status, "limit": page.Limit, "offset": page.Offset,
	}
	err = s.DB.Read(ctx, func(ctx context.Context, conn postgres.Conn) error {
		reservations = nil
		rows, err := conn.Query(ctx, listQuery(status != nil), args)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var each Reservation
			if err := rows.Scan(append([]any{&total}, each.into()...)...); err != nil {
				return err
			}
			if each.ID != 0 {
				reservations = append(reservations, each)
			}
		}
		return rows.Err()
	})
	return reservations, total, err
}

// listQuery counts and pages in one statement, so that both see the same moment. The total stands
// beside every row, and alone when the page is empty.
func listQuery(narrowed bool) string {
	where := "r.account_id = @owner"
	if narrowed {
		where += " AND " + statusNow + " = @status"
	}
	return `
		WITH matching AS (
			SELECT r.id FROM reservations r WHERE ` + where + `
		), page AS (
			SELECT id FROM matching ORDER BY id DESC LIMIT @limit OFFSET @offset
		)
		SELECT counted.total, ` + columns + `
		FROM (SELECT count(*) AS total FROM matching) AS counted
		LEFT JOIN (
			page JOIN reservations r ON r.id = page.id JOIN sailings s ON s.id = r.sailing_id
		) ON true
		ORDER BY r.id DESC`
}
