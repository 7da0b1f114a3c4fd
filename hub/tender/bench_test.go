package tender_test

import (
	"testing"
	"time"

	"kickstand/hub/hubtest"
	"kickstand/hub/pay/paytest"
	"kickstand/protocol"
)

// BenchmarkCardSale takes b.N sales by card from the first question to the sale in
// the books, every step durable, one after the other. The customer and the bank
// take no time, and Stripe is in this process: what is left is the shop's own.
func BenchmarkCardSale(b *testing.B) {
	s := openShop(b)
	s.clock.Add(time.Minute)
	till := s.tills["counter-1"]
	b.ResetTimer()
	for range b.N {
		s.stripe.Expect(reader, paytest.Tap())
		sale := till.Sale(hubtest.Item(1))
		ask := s.begin(sale.ID, protocol.Card, sale.Totals.Total)
		s.must(ask)
		s.desk.Turn(b.Context())
		s.clock.Add(time.Second)
		s.desk.Turn(b.Context())
		st := s.must(&protocol.TenderAsk{ID: ask.ID})
		if st.Phase != protocol.TenderTaken {
			b.Fatalf("%+v", st)
		}
		sale.Rounding = 0
		sale.Payments = []protocol.Payment{{
			ID: st.ID, Tender: protocol.Card, Amount: st.Taken, Tendered: st.Taken, Ref: st.Ref, Words: st.Words,
		}}
		s.event(till, till.Event(sale))
	}
	b.StopTimer()
	if n := s.quarantined(); n != 0 {
		b.Fatalf("%d sales were put aside", n)
	}
	if n := len(s.stripe.Payments()); n != b.N {
		b.Errorf("%d cards were charged for %d sales", n, b.N)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "sales/s")
}
