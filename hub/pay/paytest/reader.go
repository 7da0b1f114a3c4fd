package paytest

import (
	"net/http"
	"slices"
	"strings"
	"time"
)

const inProgress = "in_progress"

// reader is a card reader and the customer in front of it.
type reader struct {
	ID      string
	Offline bool
	Intent  string // of the action; empty when there is none
	Back    *back  // the action gives money back
	Status  string // of the action
	Code    string // why the action failed
	Act     Act
	Acts    []Act     // queued by Expect
	Auto    bool      // customers tap by themselves
	Gone    bool      // the customer has walked away
	Nobody  bool      // nobody stands here: registered by a test
	Due     time.Time // when the customer acts, then when the bank answers
	Tapped  bool      // the customer has tapped, the bank is at it
}

// AddReader puts a reader on the counter, unless it stands there already. Its id
// must begin with "tmr_".
func (s *Stripe) AddReader(id string) {
	s.mu.Lock()
	defer s.leave()
	if s.Readers[id] == nil {
		s.Readers[id] = &reader{ID: id}
		s.touch()
	}
}

// SetOffline cuts a reader off its network, or connects it again.
func (s *Stripe) SetOffline(id string, offline bool) {
	s.mu.Lock()
	defer s.leave()
	s.Readers[id].Offline = offline
	s.touch()
}

// SetAuto has customers at a reader pay by themselves after two seconds, or wait
// for somebody to play them.
func (s *Stripe) SetAuto(id string, auto bool) {
	s.mu.Lock()
	defer s.leave()
	s.Readers[id].Auto = auto
	s.touch()
}

func (s *Stripe) knows(reader string) bool {
	s.mu.Lock()
	defer s.leave()
	return s.Readers[reader] != nil
}

// Expect queues what the next customers at a reader do. A reader that asks
// already is not changed.
func (s *Stripe) Expect(id string, acts ...Act) {
	s.mu.Lock()
	defer s.leave()
	s.Readers[id].Acts = append(s.Readers[id].Acts, acts...)
	s.touch()
}

// Forget drops what the next customers at a reader were to do.
func (s *Stripe) Forget(id string) {
	s.mu.Lock()
	defer s.leave()
	s.Readers[id].Acts = nil
	s.touch()
}

// Do has the customer at a reader act now, whatever was queued. It reports
// whether the reader was asking for a card.
func (s *Stripe) Do(id string, act Act) bool {
	s.mu.Lock()
	defer s.leave()
	s.tick()
	r, found := s.Readers[id]
	if !found || r.Status != inProgress || r.Tapped {
		return false
	}
	r.Act, r.Due, r.Gone = act, s.cfg.Now().Add(act.After), act.Kind == "leave"
	s.touch()
	s.tick()
	return true
}

// process has a reader ask for a card, to be charged or kept. A reader that asks
// for another payment is taken over unless a card was tapped there.
func (s *Stripe) process(req *request) answer {
	r, found := s.Readers[req.id]
	if !found {
		return missing(req.id)
	}
	id := req.form.Get("payment_intent") + req.form.Get("setup_intent")
	status, amount := "", int64(0)
	if in := s.intent(id); in != nil {
		status, amount = in.Status, in.Amount
	}
	if u := s.setup(id); u != nil {
		status = u.Status
	}
	switch {
	case status == "":
		return missing(id)
	case r.Offline:
		return *refusal(http.StatusBadRequest, "terminal_reader_offline", "reader is currently offline")
	case r.Status == inProgress && r.Tapped:
		return *refusal(http.StatusBadRequest, "terminal_reader_busy", "reader is currently busy")
	case status != needsCard || s.authorising(id):
		return *refusal(http.StatusBadRequest, unexpected, "this PaymentIntent has a status of "+status)
	}
	s.meet(r, amount)
	r.Intent, r.Back, r.Status, r.Code, r.Tapped = id, nil, inProgress, "", false
	r.Due = s.cfg.Now().Add(r.Act.After)
	return ok(r.json())
}

// meet decides what the customer at a reader is going to do.
func (s *Stripe) meet(r *reader, amount int64) {
	switch {
	case len(r.Acts) > 0:
		r.Act, r.Acts = r.Acts[0], r.Acts[1:]
	case r.Nobody:
		r.Act = Leave()
	case r.Auto:
		r.Act = Slow(2 * time.Second)
	default:
		r.Act = s.cfg.Customer(r.ID, amount)
	}
	r.Gone = false
}

func (s *Stripe) stop(req *request) answer {
	r, found := s.Readers[req.id]
	switch {
	case !found:
		return missing(req.id)
	case r.Offline:
		return *refusal(http.StatusBadRequest, "terminal_reader_offline", "reader is currently offline")
	case r.Status == inProgress && r.Tapped:
		return *refusal(http.StatusBadRequest, "terminal_reader_busy", "reader is currently busy")
	}
	r.Intent, r.Back, r.Status = "", nil, ""
	return ok(r.json())
}

func (s *Stripe) readReader(req *request) answer {
	r, found := s.Readers[req.id]
	if !found {
		return missing(req.id)
	}
	return ok(r.json())
}

// tick lets customers and banks do what is due, and holds and pages expire.
func (s *Stripe) tick() {
	s.expire()
	s.expirePages()
	for _, id := range sortedKeys(s.Readers) {
		r := s.Readers[id]
		for r.Status == inProgress && r.Act.Kind != "leave" && !s.cfg.Now().Before(r.Due) {
			s.advance(r)
			s.touch()
		}
	}
}

// advance takes one action one step further: the tap, then the bank's answer.
func (s *Stripe) advance(r *reader) {
	if r.Back != nil {
		s.advanceBack(r)
		return
	}
	in, status := s.intent(r.Intent), ""
	if in != nil {
		status = in.Status
	} else {
		status = s.setup(r.Intent).Status
	}
	switch {
	case r.Act.Kind == "quit":
		s.endAction(r, "customer_canceled")
	case status != needsCard && status != processing:
		s.endAction(r, unexpected)
	case !r.Tapped:
		r.Tapped, r.Due = true, r.Due.Add(r.Act.Takes)
		if r.Act.Takes > 0 && !r.Act.Quiet && in != nil {
			in.Status = processing
		}
	case in == nil:
		s.keepTapped(r)
	case r.Act.Kind == "decline":
		in.Status, in.Declined = needsCard, r.Act.Code
		s.emit("payment_intent.payment_failed", s.intentJSON(in, ""))
		s.endAction(r, "card_declined")
	default:
		s.authorise(in, &charge{Present: true, Pin: r.Act.Pin, Interac: r.Act.Interac && slices.Contains(in.Methods, "interac_present")})
		s.endAction(r, "")
	}
}

// keepTapped ends a SetupIntent for which a card was tapped.
func (s *Stripe) keepTapped(r *reader) {
	u, code := s.setup(r.Intent), ""
	u.Once = r.Act.Once
	if r.Act.Kind == "decline" {
		code = "card_declined"
	}
	s.finish(u, r.Act.Code)
	s.endAction(r, code)
}

func (s *Stripe) endAction(r *reader, code string) {
	r.Status, r.Code, r.Tapped = "succeeded", code, false
	if code != "" {
		r.Status = "failed"
	}
	s.emit("terminal.reader.action_"+r.Status, r.json())
}

// json is the reader as the API shows it.
func (r *reader) json() map[string]any {
	v := map[string]any{"id": r.ID, "object": "terminal.reader", "livemode": false, "status": "online", "metadata": map[string]string{}, "action": nil}
	if r.Offline {
		v["status"] = "offline"
	}
	if r.Intent == "" {
		return v
	}
	kind, object := "process_payment_intent", "payment_intent"
	if strings.HasPrefix(r.Intent, "seti_") {
		kind, object = "process_setup_intent", "setup_intent"
	}
	what := map[string]any{object: r.Intent}
	if r.Back != nil {
		kind = "refund_payment"
		what["amount"], what["metadata"] = r.Back.Amount, r.Back.Meta
	}
	a := map[string]any{"type": kind, "status": r.Status, "failure_code": nil, "failure_message": nil, kind: what}
	if r.Code != "" {
		a["failure_code"], a["failure_message"] = r.Code, "The payment could not be completed."
	}
	v["action"] = a
	return v
}
