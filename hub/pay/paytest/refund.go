package paytest

import (
	"net/http"
	"strconv"
)

// refund gives money back, never more than is left of the charge.
func (s *Stripe) refund(req *request) answer {
	in := s.intent(req.form.Get("payment_intent"))
	amount, refused := refundable(in, req)
	switch {
	case refused != nil:
		return *refused
	case in.Charge.Interac:
		return *refusal(http.StatusBadRequest, "", "interac_present charges can only be refunded with the card at a reader")
	}
	return ok(s.refundJSON(s.giveBack(in, amount, metadata(req))))
}

// refundable reads the amount of a refund, and says why there cannot be one.
func refundable(in *intent, req *request) (int64, *answer) {
	amount, err := strconv.ParseInt(req.form.Get("amount"), 10, 64)
	switch {
	case in == nil:
		a := missing(req.form.Get("payment_intent"))
		return 0, &a
	case err != nil || amount <= 0:
		return 0, refusal(http.StatusBadRequest, "parameter_invalid_integer", "invalid amount")
	case in.Status != succeeded:
		return 0, refusal(http.StatusBadRequest, unexpected, "this PaymentIntent has no successful charge to refund")
	case in.Charge.Disputed:
		return 0, refusal(http.StatusBadRequest, "charge_disputed", "charge has been charged back")
	case in.Charge.Refunded == in.Charge.Captured:
		return 0, refusal(http.StatusBadRequest, "charge_already_refunded", "charge has already been refunded")
	case amount > in.Charge.Captured-in.Charge.Refunded:
		return 0, refusal(http.StatusBadRequest, "amount_too_large", "refund amount is greater than the unrefunded amount on the charge")
	}
	return amount, nil
}

func (s *Stripe) giveBack(in *intent, amount int64, meta map[string]string) *refund {
	r := &refund{ID: s.id("re"), Intent: in.ID, Amount: amount, Meta: meta, Status: "succeeded", Created: s.cfg.Now()}
	in.Charge.Refunded += amount
	s.Refunds = append(s.Refunds, r)
	s.book("refund", r.ID, in, -amount, 0)
	s.emit("charge.refunded", s.chargeJSON(in, ""))
	return r
}

// back is a refund for which a reader wants the card.
type back struct {
	Amount int64
	Meta   map[string]string
}

// refundAtReader has a reader ask for the card that the money goes back to.
func (s *Stripe) refundAtReader(req *request) answer {
	r, found := s.Readers[req.id]
	if !found {
		return missing(req.id)
	}
	in := s.intent(req.form.Get("payment_intent"))
	amount, refused := refundable(in, req)
	switch {
	case refused != nil:
		return *refused
	case r.Offline:
		return *refusal(http.StatusBadRequest, "terminal_reader_offline", "reader is currently offline")
	case r.Status == inProgress && r.Tapped:
		return *refusal(http.StatusBadRequest, "terminal_reader_busy", "reader is currently busy")
	}
	s.meet(r, amount)
	r.Intent, r.Status, r.Code, r.Tapped = in.ID, inProgress, "", false
	r.Back, r.Due = &back{Amount: amount, Meta: metadata(req)}, s.cfg.Now().Add(r.Act.After)
	return ok(r.json())
}

// advanceBack takes a refund at a reader one step further.
func (s *Stripe) advanceBack(r *reader) {
	in := s.intent(r.Intent)
	switch {
	case r.Act.Kind == "quit":
		s.endAction(r, "customer_canceled")
	case !r.Tapped:
		r.Tapped, r.Due = true, r.Due.Add(r.Act.Takes)
	case r.Act.Kind == "decline" || r.Back.Amount > in.Charge.Captured-in.Charge.Refunded:
		s.endAction(r, "card_declined")
	default:
		s.giveBack(in, r.Back.Amount, r.Back.Meta)
		s.endAction(r, "")
	}
}

func (s *Stripe) readRefund(req *request) answer {
	r := s.refundOf(req.id)
	if r == nil {
		return missing(req.id)
	}
	return ok(s.refundJSON(r))
}

// FailRefund has a bank send a refund back, as may happen days later: the money
// is the shop's again. It reports whether there was such a refund to fail.
func (s *Stripe) FailRefund(id string) bool {
	s.mu.Lock()
	defer s.leave()
	r := s.refundOf(id)
	if r == nil || r.Status != "succeeded" {
		return false
	}
	in := s.intent(r.Intent)
	r.Status = "failed"
	in.Charge.Refunded -= r.Amount
	s.book("refund_failure", r.ID, in, r.Amount, 0)
	s.emit("charge.refund.updated", s.refundJSON(r))
	return true
}

// Dispute has the customer's bank take a payment back. It reports whether there
// was a charge to dispute.
func (s *Stripe) Dispute(intent string) bool {
	s.mu.Lock()
	defer s.leave()
	in := s.intent(intent)
	if in == nil || in.Status != succeeded || in.Charge.Disputed {
		return false
	}
	in.Charge.Disputed = true
	s.emit("charge.dispute.created", map[string]any{
		"id": s.id("dp"), "object": "dispute", "amount": in.Charge.Captured, "currency": in.Currency,
		"charge": in.Charge.ID, "payment_intent": in.ID, "status": "needs_response", "reason": "fraudulent",
	})
	return true
}

// refundJSON is a refund as the API shows it.
func (s *Stripe) refundJSON(r *refund) map[string]any {
	in := s.intent(r.Intent)
	return map[string]any{
		"id": r.ID, "object": "refund", "amount": r.Amount, "currency": in.Currency, "created": r.Created.Unix(),
		"payment_intent": in.ID, "charge": in.Charge.ID, "metadata": r.Meta, "status": r.Status,
	}
}
