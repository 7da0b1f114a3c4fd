package seed

import (
	"math/rand/v2"

	"kickstand/hub/store"
)

// shelves is what the tills of a volume shop sell from.
type shelves struct {
	usual  []*article // small things people come for
	bikes  []*article
	labour []*article
	rest   []*article
	onHand map[string]int64
	short  map[string]*article // to be delivered
}

// usuals is how many of the items, those of the demo shop, sell most.
const usuals = 400

func newShelves(items []article) *shelves {
	s := &shelves{onHand: map[string]int64{}, short: map[string]*article{}}
	for i := range items {
		a := &items[i]
		s.onHand[a.ID] = a.opening
		switch {
		case a.Unstocked:
			s.labour = append(s.labour, a)
		case a.TaxCategory == "bicycle":
			s.bikes = append(s.bikes, a)
		case i < usuals:
			s.usual = append(s.usual, a)
		default:
			s.rest = append(s.rest, a)
		}
	}
	return s
}

// oversight is how rarely something is sold that the books do not have.
const oversight = 400

// pick takes a look at what a customer wants. What is not on the shelf is not
// sold, but for a rare oversight; after a few tries the workshop is busy
// instead.
func (s *shelves) pick(chance *rand.Rand) *article {
	for range 8 {
		from := s.usual
		switch n := chance.IntN(100); {
		case n < 6:
			from = s.bikes
		case n < 18:
			from = s.labour
		case n < 45 && len(s.rest) > 0:
			from = s.rest
		}
		if a := from[chance.IntN(len(from))]; a.Unstocked || s.onHand[a.ID] > 0 || chance.IntN(oversight) == 0 {
			return a
		}
	}
	return s.labour[chance.IntN(len(s.labour))]
}

func (s *shelves) take(a *article, n int64) {
	if a.Unstocked {
		return
	}
	s.onHand[a.ID] -= n
	if s.onHand[a.ID] <= a.Low {
		s.short[a.ID] = a
	}
}

// delivery fills what runs short, in the order of the items.
func (s *shelves) delivery(items []article) []store.StockChange {
	if len(s.short) == 0 {
		return nil
	}
	var all []store.StockChange
	for i := range items {
		a := &items[i]
		if s.short[a.ID] == nil {
			continue
		}
		n := max(1, a.opening+a.Low-s.onHand[a.ID])
		s.onHand[a.ID] += n
		all = append(all, store.StockChange{Item: a.ID, Delta: n, Reason: "receive", Note: "weekly delivery", Operator: "op-tomas"})
	}
	clear(s.short)
	return all
}
