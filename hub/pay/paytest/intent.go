package paytest

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// The states of an intent that can be reached here.
const (
	needsCard  = "requires_payment_method"
	processing = "processing"
	succeeded  = "succeeded"
	canceled   = "canceled"
)

type intent struct {
	id       string
	amount   int64
	currency string
	methods  []string
	meta     map[string]string
	status   string
	created  time.Time
	decline  string // code of the last decline
	charge   string // id, once succeeded
	captured int64
	refunded int64
	at       time.Time // of the capture
}

func (s *Stripe) id(prefix string) string {
	s.ids++
	return fmt.Sprintf("%s_%06d", prefix, s.ids)
}

func (s *Stripe) create(req *request) answer {
	f := req.form
	amount, err := strconv.ParseInt(f.Get("amount"), 10, 64)
	methods := slices.DeleteFunc([]string{f.Get("payment_method_types[0]"), f.Get("payment_method_types[1]")}, func(m string) bool { return m == "" })
	switch {
	case err != nil || amount <= 0:
		return *refusal(http.StatusBadRequest, "parameter_invalid_integer", "invalid amount")
	case amount < 50:
		return *refusal(http.StatusBadRequest, "amount_too_small", "amount must be at least 50")
	case len(f.Get("currency")) != 3:
		return *refusal(http.StatusBadRequest, "parameter_missing", "missing currency")
	case !slices.Contains(methods, "card_present") || f.Get("capture_method") != "automatic":
		return *refusal(http.StatusBadRequest, "parameter_invalid", "only card_present with automatic capture is simulated")
	}
	in := &intent{
		id: s.id("pi"), amount: amount, currency: f.Get("currency"), methods: methods, meta: metadata(req),
		status: needsCard, created: s.cfg.Now(),
	}
	s.intents[in.id] = in
	s.order = append(s.order, in)
	return ok(in.json(false))
}

// cancel follows the state table: an open intent can be canceled, one that is
// being charged or is over cannot.
func (s *Stripe) cancel(req *request) answer {
	in, found := s.intents[req.id]
	switch {
	case !found:
		return missing(req.id)
	case in.status != needsCard || s.authorising(in):
		return *refusal(http.StatusBadRequest, "payment_intent_unexpected_state", "you cannot cancel this PaymentIntent because it has a status of "+in.status)
	}
	in.status = canceled
	s.emit("payment_intent.canceled", in.json(false))
	return ok(in.json(false))
}

// authorising reports whether a card was tapped for in and the bank is at it.
func (s *Stripe) authorising(in *intent) bool {
	for _, r := range s.readers {
		if r.intent == in && r.status == inProgress && r.tapped {
			return true
		}
	}
	return false
}

func (s *Stripe) readIntent(req *request) answer {
	in, found := s.intents[req.id]
	if !found {
		return missing(req.id)
	}
	return ok(in.json(req.form.Get("expand[0]") == "latest_charge"))
}

func (s *Stripe) listIntents(req *request) answer {
	from, to := bound(req, "created[gte]", 0), bound(req, "created[lte]", 1<<62)
	var all []map[string]any
	expand := req.form.Get("expand[0]") == "data.latest_charge"
	for i := len(s.order) - 1; i >= 0; i-- {
		if at := s.order[i].created.Unix(); at >= from && at <= to {
			all = append(all, s.order[i].json(expand))
		}
	}
	return list(req, all)
}

func bound(req *request, name string, otherwise int64) int64 {
	if n, err := strconv.ParseInt(req.form.Get(name), 10, 64); err == nil {
		return n
	}
	return otherwise
}

// list answers one page.
func list(req *request, all []map[string]any) answer {
	if after := req.form.Get("starting_after"); after != "" {
		i := slices.IndexFunc(all, func(v map[string]any) bool { return v["id"] == after })
		if i < 0 {
			return missing(after)
		}
		all = all[i+1:]
	}
	limit := min(int(bound(req, "limit", 10)), 100, len(all))
	page := make([]map[string]any, 0, limit)
	page = append(page, all[:limit]...)
	return ok(map[string]any{"object": "list", "url": req.path, "has_more": len(all) > limit, "data": page})
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

// json is the intent as the API shows it.
func (in *intent) json(expand bool) map[string]any {
	v := map[string]any{
		"id": in.id, "object": "payment_intent", "amount": in.amount, "amount_received": in.captured,
		"currency": in.currency, "capture_method": "automatic", "created": in.created.Unix(), "livemode": false,
		"metadata": in.meta, "payment_method_types": in.methods, "status": in.status,
		"latest_charge": nil, "last_payment_error": nil,
	}
	if in.decline != "" {
		v["last_payment_error"] = map[string]any{
			"type": "card_error", "code": "card_declined", "decline_code": in.decline, "message": "The card was declined.",
		}
	}
	if in.charge != "" {
		v["latest_charge"] = in.charge
	}
	if in.charge != "" && expand {
		v["latest_charge"] = in.chargeJSON()
	}
	return v
}

func (in *intent) chargeJSON() map[string]any {
	return map[string]any{
		"id": in.charge, "object": "charge", "amount": in.amount, "amount_captured": in.captured, "amount_refunded": in.refunded,
		"captured": true, "currency": in.currency, "created": in.at.Unix(), "payment_intent": in.id, "paid": true,
		"refunded": in.refunded == in.captured, "status": "succeeded", "metadata": in.meta,
		"payment_method_details": map[string]any{
			"type": "card_present",
			"card_present": map[string]any{
				"brand": "visa", "last4": "4242",
				"receipt": map[string]any{"dedicated_file_name": "A0000000031010", "authorization_code": "123456"},
			},
		},
	}
}
