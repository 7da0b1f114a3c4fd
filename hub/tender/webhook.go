package tender

import (
	"errors"
	"io"
	"net/http"

	"kickstand/hub/pay"
)

// Webhook answers what Stripe posts. It verifies and remembers each event, and
// has the worker look at the tender it is about: nothing else follows from it.
func (d *Desk) Webhook() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		status := d.receive(w, r)
		w.WriteHeader(status)
	})
}

func (d *Desk) receive(w http.ResponseWriter, r *http.Request) int {
	if d.cards == nil {
		return http.StatusNotFound
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, pay.MaxEvent))
	if err != nil {
		return http.StatusBadRequest
	}
	ev, err := d.cards.Receive(r.Context(), body, r.Header.Get("Stripe-Signature"))
	switch {
	case errors.Is(err, pay.ErrReplayed):
		return http.StatusOK
	case errors.Is(err, pay.ErrSignature), errors.Is(err, pay.ErrStale), errors.Is(err, pay.ErrVersion):
		d.log.Warn("webhook refused", "err", err)
		return http.StatusBadRequest
	case err != nil && ev.ID == "":
		d.log.Error("webhook", "err", err)
		return http.StatusInternalServerError // it comes again
	}
	ids, err := d.store.HintTenders(r.Context(), ev.Payment, ev.Intent, ev.Reader)
	if err != nil {
		d.log.Error("webhook", "event", ev.ID, "err", err) // the worker looks by itself a little later
		return http.StatusOK
	}
	d.log.Info("webhook", "event", ev.ID, "type", ev.Type, "tenders", len(ids))
	d.poke(ids...)
	return http.StatusOK
}
