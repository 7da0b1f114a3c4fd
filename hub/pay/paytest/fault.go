package paytest

import (
	"net/http"
	"time"
)

// Fault is what goes wrong with one call.
type Fault string

// The faults. Each is a way in which the caller does not learn what happened,
// or learns that it must come again.
const (
	None        Fault = ""
	Lost        Fault = "lost"         // never arrives; the connection breaks
	Dropped     Fault = "dropped"      // carried out, the answer is lost
	Garbled     Fault = "garbled"      // carried out, half of the answer arrives
	Hang        Fault = "hang"         // never arrives, and no answer until the caller gives up
	HangLate    Fault = "hang late"    // no answer; carried out after one of the next calls has begun
	Conflict    Fault = "conflict"     // 409, another request holds the key
	Limited     Fault = "limited"      // 429
	ErrorBefore Fault = "error before" // 500 before anything was done; stored under the key
	ErrorAfter  Fault = "error after"  // 500 after it was done; stored under the key
	Outage      Fault = "outage"       // 503 from in front of the service, not stored
)

// Faults lists every fault except None.
func Faults() []Fault {
	return []Fault{Lost, Dropped, Garbled, Hang, HangLate, Conflict, Limited, ErrorBefore, ErrorAfter, Outage}
}

// Fail queues faults for the next calls at a site, one each. None lets one call
// pass.
func (s *Stripe) Fail(site string, faults ...Fault) {
	s.mu.Lock()
	defer s.leave()
	s.faults[site] = append(s.faults[site], faults...)
}

// Chaos gives every later call that nothing is queued for a fault with
// probability rate, 0 to 1, chosen by the seed.
func (s *Stripe) Chaos(rate float64) {
	s.mu.Lock()
	defer s.leave()
	s.rate = rate
}

// Heal ends all faults, and lets everything that is still under way arrive.
func (s *Stripe) Heal() {
	s.mu.Lock()
	defer s.leave()
	s.rate = 0
	clear(s.faults)
	for _, r := range s.late {
		s.perform(r, None)
	}
	s.late = nil
	s.touch()
	s.tick()
}

func (s *Stripe) fault(req *request) Fault {
	if q := s.faults[req.site]; len(q) > 0 {
		s.faults[req.site] = q[1:]
		return q[0]
	}
	if s.rate > 0 && s.chance.Float64() < s.rate {
		all := Faults()
		return all[s.chance.IntN(len(all))]
	}
	return None
}

// suffer carries a call out as far as its fault lets it.
func (s *Stripe) suffer(req *request, f Fault) answer {
	switch f {
	case Lost:
		return answer{drop: true}
	case Hang:
		return answer{hang: true}
	case HangLate:
		s.late = append(s.late, req)
		return answer{hang: true}
	case Conflict:
		return *refusal(http.StatusConflict, "idempotency_key_in_use", "another request with this key is in progress")
	case Limited:
		return *refusal(http.StatusTooManyRequests, "rate_limit", "too many requests")
	case Outage:
		return answer{status: http.StatusServiceUnavailable, body: []byte("<html>service unavailable</html>")}
	}
	a := s.perform(req, f)
	switch f {
	case Dropped:
		a.drop = true
	case Garbled:
		a.body = a.body[:len(a.body)/2]
	}
	return a
}

// arrivals carries out what was under way, each with an even chance: it may
// overtake nothing, or arrive long after the caller asked again.
func (s *Stripe) arrivals() {
	var still []*request
	for _, r := range s.late {
		if s.chance.IntN(2) == 0 {
			s.perform(r, None)
			continue
		}
		still = append(still, r)
	}
	s.late = still
}

// Act is what a customer does at a reader that asks for a card.
type Act struct {
	After   time.Duration // before he does it
	Kind    string        // tap, decline, leave or quit
	Code    string        // of a decline
	Takes   time.Duration // how long the bank needs after the tap
	Quiet   bool          // the intent does not say "processing" meanwhile
	Pin     bool          // the card is inserted and the PIN entered
	Interac bool          // it is a debit card of Interac, where the payment takes it
	Once    bool          // the card can be charged here, and not be kept
}

// Tap has the customer pay at once.
func Tap() Act { return Act{Kind: "tap"} }

// Insert has the customer insert the card and enter the right PIN.
func Insert() Act { return Act{Kind: "tap", Pin: true} }

// Debit has the customer insert a debit card of Interac.
func Debit() Act { return Act{Kind: "tap", Pin: true, Interac: true} }

// Unkept has the customer tap a card that can be charged, and not be kept.
func Unkept() Act { return Act{Kind: "tap", Once: true} }

// Slow has the customer pay after d, and the bank take two seconds.
func Slow(d time.Duration) Act { return Act{Kind: "tap", After: d, Takes: 2 * time.Second} }

// Decline has the customer tap and the bank refuse with a decline code, such as
// "insufficient_funds".
func Decline(code string) Act { return Act{Kind: "decline", Code: code} }

// Leave has the customer walk away: the reader asks until it is stopped.
func Leave() Act { return Act{Kind: "leave"} }

// Quit has the customer press the red button.
func Quit() Act { return Act{Kind: "quit"} }
