package paytest

import (
	"net/http"
	"time"
)

const inProgress = "in_progress"

// reader is a card reader and the customer in front of it.
type reader struct {
	id      string
	offline bool
	intent  *intent // of the action; nil when there is none
	status  string  // of the action
	code    string  // why the action failed
	act     Act
	acts    []Act     // queued by Expect
	due     time.Time // when the customer acts, then when the bank answers
	tapped  bool      // the customer has tapped, the bank is at it
}

// AddReader puts a reader on the counter. Its id must begin with "tmr_".
func (s *Stripe) AddReader(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.readers[id] = &reader{id: id}
}

// SetOffline cuts a reader off its network, or connects it again.
func (s *Stripe) SetOffline(id string, offline bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.readers[id].offline = offline
}

// Expect queues what the next customers at a reader do. A reader that asks
// already is not changed.
func (s *Stripe) Expect(id string, acts ...Act) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.readers[id].acts = append(s.readers[id].acts, acts...)
}

// Do has the customer at a reader act now, whatever was queued. It reports
// whether the reader was asking for a card.
func (s *Stripe) Do(id string, act Act) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tick()
	r, found := s.readers[id]
	if !found || r.status != inProgress || r.tapped {
		return false
	}
	r.act, r.due = act, s.cfg.Now().Add(act.After)
	s.tick()
	return true
}

// process has a reader ask for a card. A reader that asks for another payment
// is taken over unless a card was tapped there.
func (s *Stripe) process(req *request) answer {
	r, found := s.readers[req.id]
	if !found {
		return missing(req.id)
	}
	in, found := s.intents[req.form.Get("payment_intent")]
	switch {
	case !found:
		return missing(req.form.Get("payment_intent"))
	case r.offline:
		return *refusal(http.StatusBadRequest, "terminal_reader_offline", "reader is currently offline")
	case r.status == inProgress && r.tapped:
		return *refusal(http.StatusBadRequest, "terminal_reader_busy", "reader is currently busy")
	case in.status != needsCard || s.authorising(in):
		return *refusal(http.StatusBadRequest, "payment_intent_unexpected_state", "this PaymentIntent has a status of "+in.status)
	}
	act := s.cfg.Customer
	if len(r.acts) > 0 {
		r.act, r.acts = r.acts[0], r.acts[1:]
	} else {
		r.act = act(r.id, in.amount)
	}
	r.intent, r.status, r.code, r.tapped = in, inProgress, "", false
	r.due = s.cfg.Now().Add(r.act.After)
	return ok(r.json())
}

func (s *Stripe) stop(req *request) answer {
	r, found := s.readers[req.id]
	switch {
	case !found:
		return missing(req.id)
	case r.offline:
		return *refusal(http.StatusBadRequest, "terminal_reader_offline", "reader is currently offline")
	case r.status == inProgress && r.tapped:
		return *refusal(http.StatusBadRequest, "terminal_reader_busy", "reader is currently busy")
	}
	r.intent, r.status = nil, ""
	return ok(r.json())
}

func (s *Stripe) readReader(req *request) answer {
	r, found := s.readers[req.id]
	if !found {
		return missing(req.id)
	}
	return ok(r.json())
}

// tick lets customers and banks do what is due.
func (s *Stripe) tick() {
	for _, id := range sortedKeys(s.readers) {
		r := s.readers[id]
		for r.status == inProgress && r.act.Kind != "leave" && !s.cfg.Now().Before(r.due) {
			s.advance(r)
		}
	}
}

// advance takes one action one step further: the tap, then the bank's answer.
func (s *Stripe) advance(r *reader) {
	in := r.intent
	switch {
	case r.act.Kind == "quit":
		s.endAction(r, "customer_canceled")
	case in.status == canceled || in.status == succeeded:
		s.endAction(r, "payment_intent_unexpected_state")
	case !r.tapped:
		r.tapped, r.due = true, r.due.Add(r.act.Takes)
		if r.act.Takes > 0 && !r.act.Quiet {
			in.status = processing
		}
	case r.act.Kind == "decline":
		in.status, in.decline = needsCard, r.act.Code
		s.emit("payment_intent.payment_failed", in.json(false))
		s.endAction(r, "card_declined")
	default:
		in.status, in.captured, in.charge, in.at = succeeded, in.amount, s.id("ch"), s.cfg.Now()
		s.emit("payment_intent.succeeded", in.json(false))
		s.endAction(r, "")
	}
}

func (s *Stripe) endAction(r *reader, code string) {
	r.status, r.code, r.tapped = "succeeded", code, false
	if code != "" {
		r.status = "failed"
	}
	s.emit("terminal.reader.action_"+r.status, r.json())
}

// json is the reader as the API shows it.
func (r *reader) json() map[string]any {
	v := map[string]any{"id": r.id, "object": "terminal.reader", "livemode": false, "status": "online", "metadata": map[string]string{}, "action": nil}
	if r.offline {
		v["status"] = "offline"
	}
	if r.intent == nil {
		return v
	}
	a := map[string]any{
		"type": "process_payment_intent", "status": r.status, "failure_code": nil, "failure_message": nil,
		"process_payment_intent": map[string]any{"payment_intent": r.intent.id},
	}
	if r.code != "" {
		a["failure_code"], a["failure_message"] = r.code, "The payment could not be completed."
	}
	v["action"] = a
	return v
}
