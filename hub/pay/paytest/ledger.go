package paytest

// Sum is what happened to one payment, or to all payments of one sale.
type Sum struct {
	Charges  int   // how often a card was charged
	Captured int64 // in the currency's smallest unit
	Refunded int64
	Refunds  int
	Held     int64 // authorised and neither captured nor released
}

// Payments returns what was charged and refunded by payment id, as the metadata
// of the intents give it. Payments that were never charged are left out.
func (s *Stripe) Payments() map[string]Sum { return s.sums("payment") }

// Sales returns the same by sale id.
func (s *Stripe) Sales() map[string]Sum { return s.sums("sale") }

func (s *Stripe) sums(by string) map[string]Sum {
	s.mu.Lock()
	defer s.leave()
	s.tick()
	all := map[string]Sum{}
	for _, in := range s.Intents {
		sum := all[in.Meta[by]]
		switch {
		case in.Status == needsCapture:
			sum.Held += in.Charge.Amount
		case in.Charge == nil || in.Charge.Captured == 0:
			continue
		default:
			sum.Charges++
			sum.Captured += in.Charge.Captured
		}
		all[in.Meta[by]] = sum
	}
	for _, r := range s.Refunds {
		if r.Status == "failed" {
			continue
		}
		in := s.intent(r.Intent)
		sum := all[in.Meta[by]]
		sum.Refunds++
		sum.Refunded += r.Amount
		all[in.Meta[by]] = sum
	}
	return all
}

// Status returns Stripe's status of an intent, and whether there is such an
// intent.
func (s *Stripe) Status(intent string) (string, bool) {
	s.mu.Lock()
	defer s.leave()
	s.tick()
	in := s.intent(intent)
	if in == nil {
		return "", false
	}
	return in.Status, true
}
