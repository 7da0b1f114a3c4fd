package paytest

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// The states of an intent that can be reached here.
const (
	needsCard    = "requires_payment_method"
	needsCapture = "requires_capture"
	processing   = "processing"
	succeeded    = "succeeded"
	canceled     = "canceled"
)

const unexpected = "payment_intent_unexpected_state"

func (s *Stripe) id(prefix string) string {
	s.IDs++
	return fmt.Sprintf("%s_%09d", prefix, s.IDs)
}

func (s *Stripe) create(req *request) answer {
	f := req.form
	amount, err := strconv.ParseInt(f.Get("amount"), 10, 64)
	methods := listed(f.Get("payment_method_types[0]"), f.Get("payment_method_types[1]"))
	switch {
	case err != nil || amount <= 0:
		return *refusal(http.StatusBadRequest, "parameter_invalid_integer", "invalid amount")
	case amount < 50:
		return *refusal(http.StatusBadRequest, "amount_too_small", "amount must be at least 50")
	case len(f.Get("currency")) != 3:
		return *refusal(http.StatusBadRequest, "parameter_missing", "missing currency")
	case !slices.Contains([]string{"automatic", "manual"}, f.Get("capture_method")):
		return *refusal(http.StatusBadRequest, "parameter_invalid", "capture_method must be automatic or manual here")
	case !slices.Contains(methods, "card_present"):
		return *refusal(http.StatusBadRequest, "parameter_invalid", "only card_present is simulated")
	}
	in := &intent{
		ID: s.id("pi"), Amount: amount, Currency: f.Get("currency"), Methods: methods, Meta: metadata(req),
		Capture: f.Get("capture_method"), Status: needsCard, Created: s.cfg.Now(),
	}
	s.Intents = append(s.Intents, in)
	return ok(s.intentJSON(in, ""))
}

func listed(names ...string) []string {
	return slices.DeleteFunc(names, func(m string) bool { return m == "" })
}

// cancel follows the state table: an open intent can be canceled, one that is
// being charged or is over cannot.
func (s *Stripe) cancel(req *request) answer {
	in := s.intent(req.id)
	switch {
	case in == nil:
		return missing(req.id)
	case in.Status != needsCard || s.authorising(in):
		return *refusal(http.StatusBadRequest, unexpected, "you cannot cancel this PaymentIntent because it has a status of "+in.Status)
	}
	in.Status = canceled
	s.emit("payment_intent.canceled", s.intentJSON(in, ""))
	return ok(s.intentJSON(in, ""))
}

// authorising reports whether a card was tapped for in and the bank is at it.
func (s *Stripe) authorising(in *intent) bool {
	for _, r := range s.Readers {
		if r.Intent == in.ID && r.Status == inProgress && r.Tapped {
			return true
		}
	}
	return false
}

// authorise charges the card of an intent that is captured at once.
func (s *Stripe) authorise(in *intent, present bool) {
	in.Charge = &charge{ID: s.id("ch"), Amount: in.Amount, At: s.cfg.Now(), Present: present}
	s.capture(in, in.Amount)
	s.emit("payment_intent.succeeded", s.intentJSON(in, ""))
}

// capture books what was authorised.
func (s *Stripe) capture(in *intent, amount int64) {
	c := in.Charge
	c.Captured, in.Status = amount, succeeded
	fee := amount*29/1000 + 30
	if c.Present {
		fee = amount*27/1000 + 5
	}
	c.Txn = s.book("charge", c.ID, in, amount, fee)
}

// book writes a balance transaction and returns its id.
func (s *Stripe) book(kind, source string, in *intent, amount, fee int64) string {
	t := &txn{ID: s.id("txn"), Kind: kind, Source: source, Intent: in.ID, Amount: amount, Fee: fee, Currency: in.Currency, Created: s.cfg.Now()}
	s.Txns = append(s.Txns, t)
	return t.ID
}

func (s *Stripe) readIntent(req *request) answer {
	in := s.intent(req.id)
	if in == nil {
		return missing(req.id)
	}
	return ok(s.intentJSON(in, req.form.Get("expand[0]")))
}

func metadata(req *request) map[string]string {
	m := map[string]string{}
	for name, v := range req.form {
		if key, ok := strings.CutPrefix(name, "metadata["); ok {
			m[strings.TrimSuffix(key, "]")] = v[0]
		}
	}
	return m
}

func missing(id string) answer {
	return *refusal(http.StatusNotFound, "resource_missing", "no such object: "+id)
}

// intentJSON is an intent as the API shows it. expand names what is shown whole.
func (s *Stripe) intentJSON(in *intent, expand string) map[string]any {
	v := map[string]any{
		"id": in.ID, "object": "payment_intent", "amount": in.Amount, "amount_received": 0, "amount_capturable": 0,
		"currency": in.Currency, "capture_method": in.Capture, "created": in.Created.Unix(), "livemode": false,
		"metadata": in.Meta, "payment_method_types": in.Methods, "status": in.Status,
		"latest_charge": nil, "last_payment_error": nil,
	}
	if in.Declined != "" {
		v["last_payment_error"] = map[string]any{
			"type": "card_error", "code": "card_declined", "decline_code": in.Declined, "message": "The card was declined.",
		}
	}
	c := in.Charge
	if c == nil {
		return v
	}
	v["latest_charge"], v["amount_received"] = c.ID, c.Captured
	if in.Status == needsCapture {
		v["amount_capturable"] = c.Amount
	}
	expand = strings.TrimPrefix(expand, "data.")
	if strings.HasPrefix(expand, "latest_charge") {
		v["latest_charge"] = s.chargeJSON(in, strings.TrimPrefix(expand, "latest_charge."))
	}
	return v
}

func (s *Stripe) chargeJSON(in *intent, expand string) map[string]any {
	c := in.Charge
	v := map[string]any{
		"id": c.ID, "object": "charge", "amount": c.Amount, "amount_captured": c.Captured, "amount_refunded": c.Refunded,
		"captured": c.Captured > 0, "currency": in.Currency, "created": c.At.Unix(), "payment_intent": in.ID, "paid": true,
		"refunded": c.Captured > 0 && c.Refunded == c.Captured, "status": "succeeded", "metadata": in.Meta, "disputed": c.Disputed,
		"balance_transaction": nil, "payment_method_details": c.details(),
	}
	if c.Txn != "" {
		v["balance_transaction"] = c.Txn
	}
	if c.Txn != "" && expand == "balance_transaction" {
		v["balance_transaction"] = s.txnJSON(s.txn(c.Txn), "")
	}
	return v
}

// details is the card of a charge.
func (c *charge) details() map[string]any {
	card := map[string]any{"brand": "visa", "last4": "4242"}
	if !c.Until.IsZero() {
		card["capture_before"] = c.Until.Unix()
	}
	kind := "card"
	if c.Present {
		kind = "card_present"
		card["receipt"] = map[string]any{"dedicated_file_name": "A0000000031010", "authorization_code": "123456"}
	}
	return map[string]any{"type": kind, kind: card}
}
