package paytest

import "net/http"

// These calls exist in Stripe's test mode only.

func (s *Stripe) makeLocation(*request) answer {
	return ok(map[string]any{"id": s.id("tml"), "object": "terminal.location"})
}

// registerReader makes a simulated reader, at which nobody stands.
func (s *Stripe) registerReader(req *request) answer {
	if req.form.Get("registration_code") != "simulated-wpe" {
		return *refusal(http.StatusBadRequest, "", "no such reader registration code")
	}
	r := &reader{ID: s.id("tmr"), Nobody: true}
	s.Readers[r.ID] = r
	return ok(r.json())
}

// presentCard has somebody tap a test card at a simulated reader.
func (s *Stripe) presentCard(req *request) answer {
	r, found := s.Readers[req.id]
	switch {
	case !found:
		return missing(req.id)
	case r.Status != inProgress || r.Tapped:
		return *refusal(http.StatusBadRequest, "", "the reader does not ask for a card")
	}
	r.Act, r.Due = Tap(), s.cfg.Now()
	if req.form.Get("card_present[number]") == "4000000000000002" {
		r.Act = Decline("generic_decline")
	}
	s.tick()
	return ok(r.json())
}
