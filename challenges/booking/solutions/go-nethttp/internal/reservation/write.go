package reservation

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"booking/internal/postgres"
	"booking/internal/refusal"
	"booking/internal/sailing"
)

// Each change is a transaction that holds the row of the sailing before it looks at anything, so
// that what it sees is still true when it acts. Times are compared by statements after that.

const keyUsed = "reservations_key_used"

var otherReservation = refusal.New(refusal.Invalid, "Idempotency-Key", "was used for another reservation")

// Reserve takes seats; refused if too few are left (B2). A key that was sent before gets the same
// reservation again (B5).
func (s *Store) Reserve(ctx context.Context, owner int64, sent New) (made Reservation, err error) {
	err = s.DB.Transaction(ctx, func(ctx context.Context, conn postgres.Conn) error {
		made, err = reserve(ctx, conn, owner, sent)
		return err
	})
	if postgres.Violated(err) == keyUsed { // in this very moment, for another sailing
		err = otherReservation
	}
	return made, err
}

func reserve(ctx context.Context, conn postgres.Conn, owner int64, sent New) (Reservation, error) {
	if err := sailing.Lock(ctx, conn, sent.SailingID); err != nil {
		return Reservation{}, err
	}
	on, err := sailing.Find(ctx, conn, sent.SailingID)
	if err != nil {
		return Reservation{}, err
	}
	if sent.Key != nil {
		if same, found, err := findByKey(ctx, conn, owner, sent); found || err != nil {
			return same, err
		}
	}
	if on.SeatsLeft < sent.Seats {
		return Reservation{}, refusal.New(
			refusal.Conflict, "seats", fmt.Sprintf("are not enough: %d left", on.SeatsLeft))
	}
	return insert(ctx, conn, owner, sent, on.Price)
}

// findByKey returns the reservation that this key made; refused if it was another one.
func findByKey(
	ctx context.Context, conn postgres.Conn, owner int64, sent New,
) (same Reservation, found bool, err error) {
	row := conn.QueryRow(ctx, "SELECT "+columns+`
		FROM reservations r JOIN sailings s ON s.id = r.sailing_id
		WHERE r.account_id = $1 AND r.idempotency_key = $2`, owner, sent.Key)
	err = row.Scan(same.into()...)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return Reservation{}, false, nil
	case err == nil && (same.SailingID != sent.SailingID || same.Seats != sent.Seats):
		return Reservation{}, true, otherReservation
	}
	return same, err == nil, err
}

func insert(
	ctx context.Context, conn postgres.Conn, owner int64, sent New, price int64,
) (Reservation, error) {
	var id int64
	err := conn.QueryRow(ctx, `
		INSERT INTO reservations (account_id, sailing_id, seats, total, idempotency_key, expires_at)
		VALUES ($1, $2, $3, $4, $5, statement_timestamp() + $6::interval)
		RETURNING id`,
		owner, sent.SailingID, sent.Seats, sent.Seats*price, sent.Key, sent.Hold,
	).Scan(&id)
	if err != nil {
		return Reservation{}, err
	}
	return read(ctx, conn, id, owner)
}

// Pay charges a held reservation; one that is paid already stays as it is (E1 to E3).
func (s *Store) Pay(ctx context.Context, id, owner, amount int64) (Reservation, error) {
	return s.change(ctx, id, owner, func(ctx context.Context, conn postgres.Conn, now Reservation) error {
		if amount != now.Total {
			return refusal.New(refusal.Invalid, "amount", fmt.Sprintf("must be %d", now.Total))
		}
		if now.Status == Cancelled || now.Status == Expired {
			return over(now)
		}
		if now.Status == Paid {
			return nil
		}
		_, err := conn.Exec(ctx,
			"UPDATE reservations SET status = 'paid', charged = total WHERE id = $1", id)
		return err
	})
}

// Cancel gives seats and money back; what is cancelled already stays as it is (X1, X2).
func (s *Store) Cancel(ctx context.Context, id, owner int64) (Reservation, error) {
	return s.change(ctx, id, owner, func(ctx context.Context, conn postgres.Conn, now Reservation) error {
		if now.Status == Expired {
			return over(now)
		}
		if now.Status == Cancelled {
			return nil
		}
		_, err := conn.Exec(ctx,
			"UPDATE reservations SET status = 'cancelled', refunded = charged WHERE id = $1", id)
		return err
	})
}

// change runs work on a reservation of one's own whose sailing is held, and returns it as it is
// then.
func (s *Store) change(
	ctx context.Context, id, owner int64,
	work func(ctx context.Context, conn postgres.Conn, now Reservation) error,
) (changed Reservation, err error) {
	err = s.DB.Transaction(ctx, func(ctx context.Context, conn postgres.Conn) error {
		before, err := read(ctx, conn, id, owner)
		if err != nil {
			return err
		}
		if err := sailing.Lock(ctx, conn, before.SailingID); err != nil {
			return err
		}
		now, err := read(ctx, conn, id, owner)
		if err != nil {
			return err
		}
		if err := work(ctx, conn, now); err != nil {
			return err
		}
		changed, err = read(ctx, conn, id, owner)
		return err
	})
	return changed, err
}

func over(now Reservation) error {
	return refusal.New(refusal.Conflict, "reservation", "is "+string(now.Status))
}
