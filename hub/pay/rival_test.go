package pay_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"kickstand/hub/pay"
	"kickstand/hub/pay/paytest"
	"kickstand/protocol/money"
)

// TestTwoProcessesOnOnePayment has an old and a new process work on the same
// payments at the same time, one of them stopping what the other collects, with
// faults. They may not agree on the way, but they must at the end.
func TestTwoProcessesOnOnePayment(t *testing.T) {
	s := newShop(t, 9)
	s.stripe.Chaos(0.15)
	old := s.client
	s.restart()
	want := map[string]paytest.Sum{}
	for i := range 60 {
		ch := charge(fmt.Sprintf("p%d", i), money.Cents(1000+i))
		var wg sync.WaitGroup
		for n, c := range []*pay.Client{old, s.client} {
			wg.Go(func() { rival(t.Context(), s, c, ch, uint64(2*i+n)) })
		}
		wg.Wait()
		if st := s.cancel(ch.Payment); st.Outcome == pay.Captured {
			want[ch.Payment] = paytest.Sum{Charges: 1, Captured: int64(ch.Amount)}
		}
	}
	if err := s.judge(want); err != nil {
		t.Error(err)
	}
	if len(want) == 0 || len(want) == 60 {
		t.Errorf("%d of 60 captured: the rivals never met", len(want))
	}
}

// rival looks, tries again and stops by chance.
func rival(ctx context.Context, s *shop, c *pay.Client, ch pay.Charge, seed uint64) {
	r := rand.New(rand.NewPCG(seed, 0))
	for range 8 {
		if _, err := c.Collect(ctx, ch); err != nil {
			s.t.Error(err)
			return
		}
		s.stripe.Expect(ch.Reader, paytest.Decline("expired_card"), paytest.Slow(time.Second))
		s.clock.Add(time.Duration(r.IntN(3)) * time.Second)
		w := []pay.Want{pay.Look, pay.Look, pay.Again, pay.Again, pay.Stop}[r.IntN(5)]
		if _, err := c.Advance(ctx, ch.Payment, w); err != nil {
			s.t.Error(err)
			return
		}
	}
}

// TestTwoTillsAtOneReader lets two sales take the reader from each other, with
// faults, and has one that did not get it pay in cash.
func TestTwoTillsAtOneReader(t *testing.T) {
	s := newShop(t, 11)
	s.stripe.Chaos(0.15)
	want := map[string]paytest.Sum{}
	for i := range 150 {
		tills := []pay.Charge{charge(fmt.Sprintf("a%d", i), 1000), charge(fmt.Sprintf("b%d", i), 2000)}
		s.stripe.Expect(reader, paytest.Slow(time.Duration(i%4)*time.Second), paytest.Slow(time.Second))
		for range 6 {
			for _, ch := range tills {
				if s.collect(ch).Outcome == pay.Declined && i%2 == 0 {
					s.advance(ch.Payment, pay.Again)
				}
				s.clock.Add(time.Second)
			}
		}
		for _, ch := range tills {
			if st := s.cancel(ch.Payment); st.Outcome == pay.Captured {
				want[ch.Payment] = paytest.Sum{Charges: 1, Captured: int64(st.Amount)}
			}
		}
	}
	if err := s.judge(want); err != nil {
		t.Error(err)
	}
	t.Logf("%d of 300 captured", len(want))
}
