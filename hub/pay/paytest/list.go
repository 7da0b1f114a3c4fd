package paytest

import (
	"slices"
	"strconv"
	"time"
)

func (s *Stripe) listIntents(req *request) answer {
	return list(req, s.Intents, func(in *intent) (string, bool) {
		return in.ID, within(req, in.Created)
	}, func(in *intent) map[string]any { return s.intentJSON(in, req.form.Get("expand[0]")) })
}

func (s *Stripe) listRefunds(req *request) answer {
	of := req.form.Get("payment_intent")
	return list(req, s.Refunds, func(r *refund) (string, bool) {
		return r.ID, within(req, r.Created) && (of == "" || of == r.Intent)
	}, s.refundJSON)
}

func (s *Stripe) listTxns(req *request) answer {
	return list(req, s.Txns, func(t *txn) (string, bool) {
		return t.ID, within(req, t.Created)
	}, func(t *txn) map[string]any { return s.txnJSON(t, req.form.Get("expand[0]")) })
}

// txnJSON is a balance transaction as the API shows it.
func (s *Stripe) txnJSON(t *txn, expand string) map[string]any {
	v := map[string]any{
		"id": t.ID, "object": "balance_transaction", "type": t.Kind, "amount": t.Amount, "fee": t.Fee, "net": t.Amount - t.Fee,
		"currency": t.Currency, "created": t.Created.Unix(), "source": t.Source,
	}
	if expand != "data.source" {
		return v
	}
	if r := s.refundOf(t.Source); r != nil {
		v["source"] = s.refundJSON(r)
	} else {
		v["source"] = s.chargeJSON(s.intent(t.Intent), "")
	}
	return v
}

// within reports whether a time lies in the period that a list asks for.
func within(req *request, at time.Time) bool {
	sec := at.Unix()
	return sec >= bound(req, "created[gte]", 0) && sec <= bound(req, "created[lte]", 1<<62)
}

func bound(req *request, name string, otherwise int64) int64 {
	if n, err := strconv.ParseInt(req.form.Get(name), 10, 64); err == nil {
		return n
	}
	return otherwise
}

// list answers one page of what belongs to the list, newest first.
func list[T any](req *request, all []*T, belongs func(*T) (string, bool), show func(*T) map[string]any) answer {
	after, limit := req.form.Get("starting_after"), min(int(bound(req, "limit", 10)), 100)
	page, more := make([]map[string]any, 0, limit), false
	for _, v := range slices.Backward(all) {
		id, in := belongs(v)
		switch {
		case !in || after != "" && id >= after:
		case len(page) == limit:
			more = true
		default:
			page = append(page, show(v))
		}
		if more {
			break
		}
	}
	return ok(map[string]any{"object": "list", "url": req.path, "has_more": more, "data": page})
}
