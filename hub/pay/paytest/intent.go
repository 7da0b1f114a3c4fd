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
	id := fmt.Sprintf("%s_%09d", prefix, s.IDs)
	s.touch(id)
	return id
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
	case f.Get("confirm") == "true" && !slices.Equal(methods, []string{"card"}), f.Get("confirm") == "" && !slices.Contains(methods, "card_present"):
		return *refusal(http.StatusBadRequest, "parameter_invalid", "only card_present, and card with confirm, are simulated")
	}
	if f.Get("confirm") == "true" && f.Get("off_session") != "true" {
		return *refusal(http.StatusBadRequest, "parameter_missing", "a customer who is present needs a return_url")
	}
	if f.Get("confirm") == "true" {
		if c := s.card(f.Get("payment_method")); c == nil || c.Customer != f.Get("customer") {
			return missing(f.Get("payment_method"))
		}
	}
	in := &intent{
		ID: s.id("pi"), Amount: amount, Currency: f.Get("currency"), Methods: methods, Meta: metadata(req),
		Capture: f.Get("capture_method"), Status: needsCard, Created: s.cfg.Now(),
	}
	s.Intents = append(s.Intents, in)
	if f.Get("confirm") == "true" {
		in.Customer, in.Card = f.Get("customer"), f.Get("payment_method")
		return s.chargeSaved(in)
	}
	return ok(s.intentJSON(in, ""))
}

func listed(names ...string) []string {
	return slices.DeleteFunc(names, func(m string) bool { return m == "" })
}

// cancel follows the state table: an open or held intent can be canceled, one
// that is being charged or is over cannot.
func (s *Stripe) cancel(req *request) answer {
	in := s.intent(req.id)
	switch {
	case in == nil:
		return missing(req.id)
	case in.Status != needsCard && in.Status != needsCapture || s.authorising(in.ID):
		return *refusal(http.StatusBadRequest, unexpected, "you cannot cancel this PaymentIntent because it has a status of "+in.Status)
	}
	in.Status, in.Ended = canceled, req.form.Get("cancellation_reason")
	s.emit("payment_intent.canceled", s.intentJSON(in, ""))
	return ok(s.intentJSON(in, ""))
}

// authorising reports whether a card was tapped for an intent and the bank is at
// it.
func (s *Stripe) authorising(intent string) bool {
	for _, r := range s.Readers {
		if r.Intent == intent && r.Status == inProgress && r.Tapped {
			return true
		}
	}
	return false
}

// authorise charges the card of an intent, or holds the amount.
func (s *Stripe) authorise(in *intent, c *charge) {
	now := s.cfg.Now()
	c.ID, c.Amount, c.At = s.id("ch"), in.Amount, now
	in.Charge, in.Declined = c, ""
	if in.Capture == "manual" {
		in.Status, in.Charge.Until = needsCapture, now.Add(holdOnline)
		if c.Present {
			in.Charge.Until = now.Add(holdPresent)
		}
		s.emit("payment_intent.amount_capturable_updated", s.intentJSON(in, ""))
		return
	}
	s.capture(in, in.Amount)
}

// capture books what was authorised, or part of it.
func (s *Stripe) capture(in *intent, amount int64) {
	c := in.Charge
	c.Captured, in.Status = amount, succeeded
	fee := amount*29/1000 + 30
	if c.Present {
		fee = amount*27/1000 + 5
	}
	c.Txn = s.book("charge", c.ID, in, amount, fee)
	s.emit("payment_intent.succeeded", s.intentJSON(in, ""))
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

func metadata(req *request) map[string]string { return metadataOf(req, "metadata[") }

func metadataOf(req *request, prefix string) map[string]string {
	m := map[string]string{}
	for name, v := range req.form {
		if key, ok := strings.CutPrefix(name, prefix); ok {
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
		"latest_charge": nil, "last_payment_error": nil, "cancellation_reason": nil, "customer": nil, "payment_method": nil,
		"setup_future_usage": nil,
	}
	for name, value := range map[string]string{"cancellation_reason": in.Ended, "customer": in.Customer, "payment_method": in.Card} {
		if value != "" {
			v[name] = value
		}
	}
	if in.Keep {
		v["setup_future_usage"] = "off_session"
	}
	if in.Declined != "" {
		v["last_payment_error"] = declined(in.Declined)
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

// declined is the error of a card that the bank does not take.
func declined(code string) map[string]any {
	e := map[string]any{"type": "card_error", "code": "card_declined", "decline_code": code, "message": "The card was declined."}
	if code == "authentication_required" {
		e["code"] = code
	}
	return e
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
		card["read_method"], card["incremental_authorization_supported"] = "contactless_emv", true
		if c.Pin {
			card["read_method"] = "contact_emv"
		}
	}
	if c.Interac {
		kind, card["brand"] = "interac_present", "interac"
	}
	return map[string]any{"type": kind, kind: card}
}
