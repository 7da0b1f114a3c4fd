package tender_test

import (
	"errors"
	"testing"

	"kickstand/hub/pay/paytest"
	"kickstand/hub/store"
	"kickstand/hub/tender"
	"kickstand/protocol"
)

// lookUp brings a tender to where a person must look it up.
func (s *shop) lookUp(id string) {
	s.t.Helper()
	err := s.store.Write(s.t.Context(), func(t *store.Tx) error {
		x, err := t.Tender(id)
		if err != nil {
			return err
		}
		x.Phase, x.Why = protocol.TenderPerson, "too old"
		if _, err := t.PutTender(x); err != nil {
			return err
		}
		return t.FreeReader(id)
	})
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s *shop) verdict(id string, v tender.Verdict, ref string) error {
	s.t.Helper()
	return s.store.Write(s.t.Context(), func(t *store.Tx) error {
		_, err := tender.Settle(t, id, v, ref)
		return err
	})
}

// TestAPersonEndsWhatNobodyKnows settles payments whose end was lost in each way,
// and sells on afterwards.
func TestAPersonEndsWhatNobodyKnows(t *testing.T) {
	for _, c := range []struct {
		name    string
		act     paytest.Act
		seconds int // at the card service before it is lost sight of
		verdict tender.Verdict
		ref     string
		want    protocol.TenderPhase
	}{
		{"asked again, the card was charged", paytest.Tap(), 10, tender.Again, "", protocol.TenderTaken},
		{"asked again, nobody showed a card", paytest.Leave(), 5, tender.Again, "", protocol.TenderCanceled},
		{"asked again, the service never heard of it", paytest.Tap(), 0, tender.Again, "", protocol.TenderCanceled},
		{"looked up: charged", paytest.Tap(), 0, tender.Moved, "pi_look", protocol.TenderTaken},
		{"looked up: nothing", paytest.Leave(), 5, tender.Nothing, "", protocol.TenderCanceled},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := openShop(t)
			s.stripe.Expect(reader, c.act)
			b := s.begin("s-1", protocol.Card, total(t))
			s.must(b)
			if c.seconds > 0 {
				s.desk.Turn(t.Context())
			}
			for range c.seconds {
				s.clock.Add(1e9)
			}
			s.lookUp(b.ID)
			if st := s.must(&protocol.TenderAsk{ID: b.ID}); st.Phase != protocol.TenderPerson || st.Taken != 0 {
				t.Fatalf("before: %+v", st)
			}
			if err := s.verdict(b.ID, c.verdict, c.ref); err != nil {
				t.Fatal(err)
			}
			st := s.settled(b.ID)
			if st.Phase != c.want || st.Taken != 0 != (c.want == protocol.TenderTaken) {
				t.Fatalf("afterwards: %+v, want %s", st, c.want)
			}
			if told := s.told("counter-1"); len(told) == 0 || *told[len(told)-1] != *st {
				t.Errorf("the device was told %+v, want %+v last", told, st)
			}
			if err := s.verdict(b.ID, tender.Nothing, ""); !errors.Is(err, tender.ErrNotPerson) {
				t.Errorf("settled twice: %v", err)
			}
			if c.want != protocol.TenderTaken {
				again := s.begin("s-1", protocol.Card, total(t))
				s.must(again)
				st = s.settled(again.ID)
			}
			if diff := s.sell(s.tills["counter-1"], paid(s.tills["counter-1"], st)); diff != "" {
				t.Errorf("the sale has differences: %s", diff)
			}
		})
	}
}

// TestARefundThatNobodyKnowsCanBeMadeAgain says that nothing was given back: then
// the money may be given back anew, and not twice.
func TestARefundThatNobodyKnowsCanBeMadeAgain(t *testing.T) {
	s := openShop(t)
	s.stripe.Expect(reader, paytest.Tap())
	b := s.begin("s-1", protocol.Card, 50_00)
	s.must(b)
	s.settled(b.ID)
	back := s.begin("s-2", protocol.Card, -50_00)
	back.Of = b.ID
	s.must(back)
	s.lookUp(back.ID)
	if err := s.verdict(back.ID, tender.Nothing, ""); err != nil {
		t.Fatal(err)
	}
	if st := s.must(&protocol.TenderAsk{ID: back.ID}); st.Phase != protocol.TenderDeclined || st.Taken != 0 {
		t.Errorf("%+v", st)
	}
	again := s.begin("s-2", protocol.Card, -50_00)
	again.Of = b.ID
	s.must(again)
	s.lookUp(again.ID)
	if err := s.verdict(again.ID, tender.Moved, "pi_wrong"); !errors.Is(err, tender.ErrNoRef) {
		t.Errorf("a payment's number for a refund: %v", err)
	}
	if err := s.verdict(again.ID, tender.Moved, "re_look"); err != nil {
		t.Fatal(err)
	}
	if st := s.must(&protocol.TenderAsk{ID: again.ID}); st.Phase != protocol.TenderTaken || st.Taken != -50_00 {
		t.Errorf("%+v", st)
	}
	third := s.begin("s-3", protocol.Card, -50_00)
	third.Of = b.ID
	if st, no := s.ask(third); no == nil && st.Phase != protocol.TenderDeclined {
		t.Errorf("the same money is given back twice: %+v", st)
	}
}
