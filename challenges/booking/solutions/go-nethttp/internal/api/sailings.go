package api

import (
	"net/http"

	"booking/internal/account"
	"booking/internal/sailing"
)

const (
	mostSeats = 5_000
	mostPrice = 1_000_000
)

var portRules = []rule{atMost(64), filled}

type sailingAnswer struct {
	Sailing sailingJSON `json:"sailing"`
}

type sailingsAnswer struct {
	Sailings      []sailingJSON `json:"sailings"`
	SailingsCount int64         `json:"sailingsCount"`
}

type sailingJSON struct {
	ID        int64     `json:"id"`
	From      string    `json:"from"`
	To        string    `json:"to"`
	DepartsAt timestamp `json:"departsAt"`
	Seats     int64     `json:"seats"`
	SeatsLeft int64     `json:"seatsLeft"`
	Price     int64     `json:"price"`
}

func (a *api) listSailings(w http.ResponseWriter, r *http.Request) error {
	query, page, err := readPage(r)
	if err != nil {
		return err
	}
	filters := sailing.Filters{From: optional(query, "from"), To: optional(query, "to")}
	found, total, err := a.sailings.Next(r.Context(), filters, page)
	if err != nil {
		return err
	}
	answer := sailingsAnswer{Sailings: make([]sailingJSON, 0, len(found)), SailingsCount: total}
	for _, each := range found {
		answer.Sailings = append(answer.Sailings, sailingOf(each))
	}
	return writeJSON(w, http.StatusOK, answer)
}

func (a *api) openSailing(w http.ResponseWriter, r *http.Request, _ account.Account) error {
	form, err := readForm(r, "sailing")
	if err != nil {
		return err
	}
	sent := sailing.New{
		From:      form.text("from", portRules...),
		To:        form.text("to", portRules...),
		DepartsAt: form.future("departsAt"),
		Seats:     form.number("seats", 1, mostSeats),
		Price:     form.number("price", 1, mostPrice),
	}
	if sent.From == sent.To && len(form.errors) == 0 {
		form.refuse("to", "must be another port")
	}
	if err := form.err(); err != nil {
		return err
	}
	opened, err := a.sailings.Open(r.Context(), sent)
	return answerSailing(w, http.StatusCreated, opened, err)
}

func (a *api) readSailing(w http.ResponseWriter, r *http.Request) error {
	id, err := pathID(r, "sailing")
	if err != nil {
		return err
	}
	found, err := a.sailings.Read(r.Context(), id)
	return answerSailing(w, http.StatusOK, found, err)
}

func answerSailing(w http.ResponseWriter, status int, found sailing.Sailing, err error) error {
	if err != nil {
		return err
	}
	return writeJSON(w, status, sailingAnswer{Sailing: sailingOf(found)})
}

func sailingOf(s sailing.Sailing) sailingJSON {
	return sailingJSON{
		ID:        s.ID,
		From:      s.From,
		To:        s.To,
		DepartsAt: timestamp(s.DepartsAt),
		Seats:     s.Seats,
		SeatsLeft: s.SeatsLeft,
		Price:     s.Price,
	}
}
