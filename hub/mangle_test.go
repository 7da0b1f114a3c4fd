package hub_test

import (
	"context"
	"math/rand/v2"
	"testing"

	"kickstand/hub/hubtest"
)

// TestMangledEventsNeverBlockAQueue changes some bytes of every other event.
// The till knows only what a real one knows, the acknowledgements, and every
// good sale must come through.
func TestMangledEventsNeverBlockAQueue(t *testing.T) {
	s := newShop(t)
	s.say(s.till, s.till.Reset())
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	dice := rand.New(rand.NewPCG(seed, 2))
	good := int64(0)
	for range 300 {
		raw := s.till.At(s.till.Seq+1, s.till.Sale(hubtest.Item(1)))
		for range 1 + dice.IntN(5) {
			raw[dice.IntN(len(raw))] = byte(dice.IntN(256))
		}
		if ack := s.say(s.till, raw); ack != nil && ack.Epoch == s.till.Epoch {
			s.till.Seq = ack.Upto
		}
		s.till.Seq++
		sale := s.till.At(s.till.Seq, s.till.Sale(hubtest.Item(2)))
		if ack := s.say(s.till, sale); ack == nil || ack.Upto != s.till.Seq || len(ack.Rejected) > 0 {
			t.Fatalf("got %+v to a good sale with number %d", ack, s.till.Seq)
		}
		good++
	}
	row, _, err := s.store.Stock(context.Background(), hubtest.Item(2).ID, 1)
	if err != nil || row.OnHand != 100-good {
		t.Errorf("%d on hand after %d good sales, %v", row.OnHand, good, err)
	}
	if _, err := s.store.VerifyAudit(context.Background()); err != nil {
		t.Error(err)
	}
}
