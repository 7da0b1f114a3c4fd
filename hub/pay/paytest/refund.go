package paytest

import (
	"net/http"
	"strconv"
	"time"
)

type refund struct {
	id      string
	intent  *intent
	amount  int64
	meta    map[string]string
	created time.Time
}

// refund gives money back, never more than is left of the charge.
func (s *Stripe) refund(req *request) answer {
	in, found := s.intents[req.form.Get("payment_intent")]
	amount, err := strconv.ParseInt(req.form.Get("amount"), 10, 64)
	switch {
	case !found:
		return missing(req.form.Get("payment_intent"))
	case err != nil || amount <= 0:
		return *refusal(http.StatusBadRequest, "parameter_invalid_integer", "invalid amount")
	case in.status != succeeded:
		return *refusal(http.StatusBadRequest, "payment_intent_unexpected_state", "this PaymentIntent has no successful charge to refund")
	case in.refunded == in.captured:
		return *refusal(http.StatusBadRequest, "charge_already_refunded", "charge has already been refunded")
	case amount > in.captured-in.refunded:
		return *refusal(http.StatusBadRequest, "amount_too_large", "refund amount is greater than the unrefunded amount on the charge")
	}
	r := &refund{id: s.id("re"), intent: in, amount: amount, meta: metadata(req), created: s.cfg.Now()}
	in.refunded += amount
	s.refunds = append(s.refunds, r)
	s.emit("charge.refunded", in.chargeJSON())
	return ok(r.json())
}

func (s *Stripe) listRefunds(req *request) answer {
	var all []map[string]any
	for i := len(s.refunds) - 1; i >= 0; i-- {
		if s.refunds[i].intent.id == req.form.Get("payment_intent") {
			all = append(all, s.refunds[i].json())
		}
	}
	return list(req, all)
}

// json is the refund as the API shows it.
func (r *refund) json() map[string]any {
	return map[string]any{
		"id": r.id, "object": "refund", "amount": r.amount, "currency": r.intent.currency, "created": r.created.Unix(),
		"payment_intent": r.intent.id, "charge": r.intent.charge, "metadata": r.meta, "status": "succeeded",
	}
}
