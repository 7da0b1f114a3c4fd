package paytest

import (
	"net/http"
	"strconv"
)

// refund gives money back, never more than is left of the charge.
func (s *Stripe) refund(req *request) answer {
	in := s.intent(req.form.Get("payment_intent"))
	amount, err := strconv.ParseInt(req.form.Get("amount"), 10, 64)
	switch {
	case in == nil:
		return missing(req.form.Get("payment_intent"))
	case err != nil || amount <= 0:
		return *refusal(http.StatusBadRequest, "parameter_invalid_integer", "invalid amount")
	case in.Status != succeeded:
		return *refusal(http.StatusBadRequest, unexpected, "this PaymentIntent has no successful charge to refund")
	case in.Charge.Disputed:
		return *refusal(http.StatusBadRequest, "charge_disputed", "charge has been charged back")
	case in.Charge.Refunded == in.Charge.Captured:
		return *refusal(http.StatusBadRequest, "charge_already_refunded", "charge has already been refunded")
	case amount > in.Charge.Captured-in.Charge.Refunded:
		return *refusal(http.StatusBadRequest, "amount_too_large", "refund amount is greater than the unrefunded amount on the charge")
	}
	r := &refund{ID: s.id("re"), Intent: in.ID, Amount: amount, Meta: metadata(req), Status: "succeeded", Created: s.cfg.Now()}
	in.Charge.Refunded += amount
	s.Refunds = append(s.Refunds, r)
	s.book("refund", r.ID, in, -amount, 0)
	s.emit("charge.refunded", s.chargeJSON(in, ""))
	return ok(s.refundJSON(r))
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
