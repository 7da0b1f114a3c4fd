package sale_test

import (
	"testing"

	"kickstand/hub/hubtest"
	"kickstand/hub/sale"
	"kickstand/protocol"

	"github.com/google/go-cmp/cmp"
)

// TestPaymentsAreJudgedByWhatTheHubTook pays a sale by card and changes what the
// hub knows of that card.
func TestPaymentsAreJudgedByWhatTheHubTook(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*sale.State, *protocol.Sale)
		want   []sale.Code
	}{
		{"as it was taken", func(*sale.State, *protocol.Sale) {}, []sale.Code{}},
		{"the hub never heard of it", func(st *sale.State, _ *protocol.Sale) { st.Tenders = nil }, []sale.Code{sale.PaymentUnknown}},
		{"another amount", func(st *sale.State, _ *protocol.Sale) { st.Tenders[0].Moved-- }, []sale.Code{sale.PaymentDiffers}},
		{"by another tender", func(st *sale.State, _ *protocol.Sale) { st.Tenders[0].Tender = protocol.Gift }, []sale.Code{sale.PaymentDiffers}},
		{"it was declined", func(st *sale.State, _ *protocol.Sale) {
			st.Tenders[0].Phase, st.Tenders[0].Moved, st.Tenders[0].Kept = protocol.TenderDeclined, 0, 0
		}, []sale.Code{sale.PaymentDiffers}},
		{"for another sale", func(st *sale.State, _ *protocol.Sale) { st.Tenders[0].Sale = "other" }, []sale.Code{sale.PaymentDiffers}},
		{"of another sale already", func(st *sale.State, _ *protocol.Sale) { st.Tenders[0].Matched = "other" }, []sale.Code{sale.PaymentTwice}},
		{"its id is in another sale", func(st *sale.State, s *protocol.Sale) {
			st.PaidFor = map[string]string{s.Payments[0].ID: "other"}
		}, []sale.Code{sale.PaymentTwice}},
		{"a second card that the sale does not name", func(st *sale.State, s *protocol.Sale) {
			st.Tenders = append(st.Tenders, sale.Tender{ID: "p-2", Sale: s.ID, Tender: protocol.Card, Moved: 5_00, Kept: 5_00, Phase: protocol.TenderTaken})
		}, []sale.Code{sale.PaymentLeft}},
		{"a second card that was given back", func(st *sale.State, s *protocol.Sale) {
			st.Tenders = append(st.Tenders, sale.Tender{ID: "p-2", Sale: s.ID, Tender: protocol.Card, Moved: 5_00, Kept: 0, Phase: protocol.TenderTaken})
		}, []sale.Code{}},
		{"a slip of an outside terminal is not the hub's", func(st *sale.State, s *protocol.Sale) {
			st.Tenders, s.Payments[0].Tender, s.Payments[0].Ref = nil, protocol.External, "slip 7"
		}, []sale.Code{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			st, s := shop(), till().Sale(hubtest.Item(1))
			total := s.Totals.Total
			s.Rounding, s.Payments = 0, []protocol.Payment{{ID: "p-1", Tender: protocol.Card, Amount: total, Tendered: total}}
			st.Tenders = []sale.Tender{{ID: "p-1", Sale: s.ID, Tender: protocol.Card, Moved: total, Kept: total, Phase: protocol.TenderTaken}}
			c.change(&st, s)
			_, f, err := sale.Decide(st, sale.Command{Sale: s})
			if err != nil {
				t.Fatalf("what a customer paid is never refused: %v", err)
			}
			if d := cmp.Diff(c.want, codes(f)); d != "" {
				t.Error(d)
			}
			if f.Paid != total || f.Totals.Total != total {
				t.Errorf("the sale was altered: paid %v of %v", f.Paid, f.Totals.Total)
			}
		})
	}
}
