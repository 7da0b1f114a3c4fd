package paytest

import (
	"net/http"
	"strconv"
	"time"
)

// How long a hold lasts, from memory of Stripe's documents: real holds say so
// themselves, in capture_before.
const (
	holdPresent = 48 * time.Hour
	holdOnline  = 7 * 24 * time.Hour
)

// captureHold charges what is held, or less; the rest is released.
func (s *Stripe) captureHold(req *request) answer {
	in := s.intent(req.id)
	amount, err := strconv.ParseInt(req.form.Get("amount_to_capture"), 10, 64)
	switch {
	case in == nil:
		return missing(req.id)
	case in.Status != needsCapture:
		return *refusal(http.StatusBadRequest, unexpected, "this PaymentIntent could not be captured because it has a status of "+in.Status)
	case err != nil || amount <= 0:
		return *refusal(http.StatusBadRequest, "parameter_invalid_integer", "invalid amount")
	case amount > in.Charge.Amount:
		return *refusal(http.StatusBadRequest, "amount_too_large", "the requested capture amount is greater than the amount you can capture")
	}
	s.capture(in, amount)
	return ok(s.intentJSON(in, ""))
}

// increment raises a hold. A reader's queue says whether the bank declines it.
func (s *Stripe) increment(req *request) answer {
	in := s.intent(req.id)
	amount, err := strconv.ParseInt(req.form.Get("amount"), 10, 64)
	switch {
	case in == nil:
		return missing(req.id)
	case in.Status != needsCapture || !in.Charge.Present:
		return *refusal(http.StatusBadRequest, unexpected, "this PaymentIntent cannot be incremented")
	case err != nil || amount <= in.Charge.Amount:
		return *refusal(http.StatusBadRequest, "parameter_invalid_integer", "the amount must be greater than what is authorized")
	case amount > s.cfg.Limit:
		return cardError("insufficient_funds", s.intentJSON(in, ""))
	}
	in.Amount, in.Charge.Amount = amount, amount
	s.emit("payment_intent.amount_capturable_updated", s.intentJSON(in, ""))
	return ok(s.intentJSON(in, ""))
}

// expire lets holds lapse whose time has come.
func (s *Stripe) expire() {
	now := s.cfg.Now()
	for _, in := range s.Intents {
		if in.Status == needsCapture && !now.Before(in.Charge.Until) {
			s.lapse(in)
		}
	}
}

func (s *Stripe) lapse(in *intent) {
	in.Status, in.Ended = canceled, "automatic"
	s.touch(in.ID)
	s.emit("payment_intent.canceled", s.intentJSON(in, ""))
}

// Lapse lets a hold lapse before its time. It reports whether it stood.
func (s *Stripe) Lapse(intent string) bool {
	s.mu.Lock()
	defer s.leave()
	in := s.intent(intent)
	if in == nil || in.Status != needsCapture {
		return false
	}
	s.lapse(in)
	return true
}

// cardError answers that the bank does not take the card. It is stored under the
// key, as everything that was carried out.
func cardError(code string, intent map[string]any) answer {
	e := declined(code)
	e["payment_intent"] = intent
	a := ok(map[string]any{"error": e})
	a.status = http.StatusPaymentRequired
	return a
}
