package paytest

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"
)

// Delivery is one webhook on its way.
type Delivery struct {
	ID        string // of the event; the same for each repetition
	Body      []byte
	Signature string // value of the Stripe-Signature header
}

type delivery struct {
	ID    string
	Body  string
	Due   time.Time
	Tries int // that failed
}

// emit puts an event on its way one to three times, each up to a minute late.
func (s *Stripe) emit(kind string, object map[string]any) {
	s.touch()
	now := s.cfg.Now()
	ev := map[string]any{
		"id": s.id("evt"), "object": "event", "api_version": Version, "created": now.Unix(), "type": kind,
		"livemode": false, "pending_webhooks": 1, "request": map[string]any{"id": nil, "idempotency_key": nil},
		"data": map[string]any{"object": object},
	}
	body, err := json.Marshal(ev)
	if err != nil {
		panic("paytest: " + err.Error()) // maps of plain values always marshal
	}
	for range 1 + s.chance.IntN(3) {
		due := now.Add(time.Duration(s.chance.Int64N(int64(s.cfg.Late))))
		s.Events = append(s.Events, delivery{ID: ev["id"].(string), Body: string(body), Due: due})
	}
}

// Deliveries takes the webhooks that are due out of the queue, in random order,
// each signed with the time of now. Nobody else delivers them.
func (s *Stripe) Deliveries() []Delivery {
	var out []Delivery
	for _, e := range s.dueEvents() {
		out = append(out, Delivery{ID: e.ID, Body: []byte(e.Body), Signature: Sign([]byte(e.Body), s.cfg.Webhook, s.cfg.Now())})
	}
	return out
}

// dueEvents takes what is due out of the queue, in random order.
func (s *Stripe) dueEvents() []delivery {
	s.mu.Lock()
	defer s.leave()
	s.tick()
	now := s.cfg.Now()
	var due, still []delivery
	for _, e := range s.Events {
		if e.Due.After(now) {
			still = append(still, e)
		} else {
			due = append(due, e)
		}
	}
	if len(due) > 0 {
		s.touch()
	}
	s.Events = still
	s.chance.Shuffle(len(due), func(i, j int) { due[i], due[j] = due[j], due[i] })
	return due
}

// Sign returns the Stripe-Signature header of a body: scheme v1, HMAC-SHA256
// over the time, a dot and the body.
func Sign(body []byte, secret string, at time.Time) string {
	m := hmac.New(sha256.New, []byte(secret))
	fmt.Fprintf(m, "%d.", at.Unix()) // a hash never fails to write
	m.Write(body)
	return fmt.Sprintf("t=%d,v1=%s", at.Unix(), hex.EncodeToString(m.Sum(nil)))
}
