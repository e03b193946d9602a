// Package reservation knows the reservations: reserve, read, pay and cancel (B1 to B5, E1 to X2).
package reservation

import (
	"time"

	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"booking/internal/postgres"
)

// Status says how far a reservation has come.
type Status string

const (
	Held      Status = "held"
	Paid      Status = "paid"
	Cancelled Status = "cancelled"
	Expired   Status = "expired"
)

// Statuses are all that there are.
var Statuses = []Status{Held, Paid, Cancelled, Expired}

// New is what somebody reserves.
type New struct {
	SailingID int64
	Seats     int64
	Hold      time.Duration
	// Key is nil without an Idempotency-Key (B5).
	Key *string
}

// Reservation is a reservation as its owner sees it.
type Reservation struct {
	ID                   int64
	AccountID            int64
	SailingID            int64
	From, To             string
	DepartsAt            time.Time
	Seats                int64
	Total                int64
	Status               Status
	Charged, Refunded    int64
	CreatedAt, ExpiresAt time.Time
}

// Store keeps reservations.
type Store struct {
	DB *postgres.Pool
}

// The reservation is r, its sailing s. A hold whose time is over is expired, whatever is stored (H2).
const (
	statusNow = `CASE WHEN r.status = 'held' AND r.expires_at <= statement_timestamp()
		THEN 'expired' ELSE r.status END`
	columns = `
		r.id, r.account_id, r.sailing_id, s.from_port, s.to_port, s.departs_at, r.seats, r.total,
		` + statusNow + `, r.charged, r.refunded, r.created_at, r.expires_at`
)

// into returns where to scan columns; where there is no reservation, it stays empty.
func (r *Reservation) into() []any {
	return []any{
		(*zeronull.Int8)(&r.ID), (*zeronull.Int8)(&r.AccountID), (*zeronull.Int8)(&r.SailingID),
		(*zeronull.Text)(&r.From), (*zeronull.Text)(&r.To), (*zeronull.Timestamptz)(&r.DepartsAt),
		(*zeronull.Int8)(&r.Seats), (*zeronull.Int8)(&r.Total), (*zeronull.Text)(&r.Status),
		(*zeronull.Int8)(&r.Charged), (*zeronull.Int8)(&r.Refunded),
		(*zeronull.Timestamptz)(&r.CreatedAt), (*zeronull.Timestamptz)(&r.ExpiresAt),
	}
}
