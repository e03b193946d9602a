package api

import (
	"math"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"time"

	"booking/internal/account"
	"booking/internal/refusal"
	"booking/internal/reservation"
)

const (
	mostReserved   = 9
	longestHold    = 900
	idempotencyKey = "Idempotency-Key"
)

var keyPattern = regexp.MustCompile(`^[!-~]{1,100}$`)

type reservationAnswer struct {
	Reservation reservationJSON `json:"reservation"`
}

type reservationsAnswer struct {
	Reservations      []reservationJSON `json:"reservations"`
	ReservationsCount int64             `json:"reservationsCount"`
}

type reservationJSON struct {
	ID        int64               `json:"id"`
	Sailing   reservedSailingJSON `json:"sailing"`
	Seats     int64               `json:"seats"`
	Total     int64               `json:"total"`
	Status    reservation.Status  `json:"status"`
	Charged   int64               `json:"charged"`
	Refunded  int64               `json:"refunded"`
	CreatedAt timestamp           `json:"createdAt"`
	ExpiresAt timestamp           `json:"expiresAt"`
}

type reservedSailingJSON struct {
	ID        int64     `json:"id"`
	From      string    `json:"from"`
	To        string    `json:"to"`
	DepartsAt timestamp `json:"departsAt"`
}

func (a *api) reserve(w http.ResponseWriter, r *http.Request, me account.Account) error {
	sailingID, err := pathID(r, "sailing")
	if err != nil {
		return err
	}
	key, err := readKey(r.Header)
	if err != nil {
		return err
	}
	form, err := readForm(r, "reservation")
	if err != nil {
		return err
	}
	seats := form.number("seats", 1, mostReserved)
	seconds := form.optionalNumber("holdSeconds", 1, longestHold, longestHold)
	if err := form.err(); err != nil {
		return err
	}
	made, err := a.reservations.Reserve(r.Context(), me.ID, reservation.New{
		SailingID: sailingID, Seats: seats, Hold: time.Duration(seconds) * time.Second, Key: key,
	})
	return answerReservation(w, http.StatusCreated, made, err)
}

func (a *api) listReservations(w http.ResponseWriter, r *http.Request, me account.Account) error {
	query, page, err := readPage(r)
	if err != nil {
		return err
	}
	status, err := readStatus(query)
	if err != nil {
		return err
	}
	found, total, err := a.reservations.Newest(r.Context(), me.ID, status, page)
	if err != nil {
		return err
	}
	answer := reservationsAnswer{
		Reservations: make([]reservationJSON, 0, len(found)), ReservationsCount: total,
	}
	for _, each := range found {
		answer.Reservations = append(answer.Reservations, reservationOf(each))
	}
	return writeJSON(w, http.StatusOK, answer)
}

func (a *api) readReservation(w http.ResponseWriter, r *http.Request, me account.Account) error {
	id, err := pathID(r, "reservation")
	if err != nil {
		return err
	}
	found, err := a.reservations.Read(r.Context(), id, me.ID)
	return answerReservation(w, http.StatusOK, found, err)
}

func (a *api) pay(w http.ResponseWriter, r *http.Request, me account.Account) error {
	id, err := pathID(r, "reservation")
	if err != nil {
		return err
	}
	form, err := readForm(r, "payment")
	if err != nil {
		return err
	}
	amount := form.number("amount", 1, math.MaxInt32)
	if err := form.err(); err != nil {
		return err
	}
	paid, err := a.reservations.Pay(r.Context(), id, me.ID, amount)
	return answerReservation(w, http.StatusOK, paid, err)
}

func (a *api) cancel(w http.ResponseWriter, r *http.Request, me account.Account) error {
	id, err := pathID(r, "reservation")
	if err != nil {
		return err
	}
	cancelled, err := a.reservations.Cancel(r.Context(), id, me.ID)
	return answerReservation(w, http.StatusOK, cancelled, err)
}

// readKey returns the Idempotency-Key, or nil if none was sent (B5).
func readKey(header http.Header) (*string, error) {
	keys := header.Values(idempotencyKey)
	switch {
	case len(keys) == 0:
		return nil, nil
	case len(keys) > 1:
		return nil, refusal.New(refusal.Invalid, idempotencyKey, "must be sent once")
	case !keyPattern.MatchString(keys[0]):
		return nil, refusal.New(
			refusal.Invalid, idempotencyKey, "must have 1 to 100 printable ASCII characters without spaces")
	}
	return &keys[0], nil
}

// readStatus returns the status that a list is narrowed to, or nil for all.
func readStatus(query url.Values) (*reservation.Status, error) {
	if !query.Has("status") {
		return nil, nil
	}
	status := reservation.Status(query.Get("status"))
	if !slices.Contains(reservation.Statuses, status) {
		return nil, refusal.New(refusal.Invalid, "status", "must be held, paid, cancelled or expired")
	}
	return &status, nil
}

func answerReservation(
	w http.ResponseWriter, status int, found reservation.Reservation, err error,
) error {
	if err != nil {
		return err
	}
	return writeJSON(w, status, reservationAnswer{Reservation: reservationOf(found)})
}

func reservationOf(r reservation.Reservation) reservationJSON {
	return reservationJSON{
		ID: r.ID,
		Sailing: reservedSailingJSON{
			ID: r.SailingID, From: r.From, To: r.To, DepartsAt: timestamp(r.DepartsAt),
		},
		Seats:     r.Seats,
		Total:     r.Total,
		Status:    r.Status,
		Charged:   r.Charged,
		Refunded:  r.Refunded,
		CreatedAt: timestamp(r.CreatedAt),
		ExpiresAt: timestamp(r.ExpiresAt),
	}
}
