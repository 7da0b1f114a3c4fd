package sale

import (
	"fmt"

	"kickstand/protocol"
)

// comparePayments judges the payments by what the hub itself took and gave. The
// sale stands whatever it finds: its money has changed hands at the device.
func (f *Facts) comparePayments(st State, s *protocol.Sale) {
	ours := map[string]Tender{}
	for _, t := range st.Tenders {
		ours[t.ID] = t
	}
	for _, p := range s.Payments {
		t, known := ours[p.ID]
		delete(ours, p.ID)
		if other := st.PaidFor[p.ID]; other != "" {
			f.differ(PaymentTwice, 0, p.ID, other, fmt.Sprintf("the payment of %v by %s is a payment of another sale already", p.Amount, p.Tender))
			continue
		}
		if p.Tender.ByHub() {
			f.comparePayment(s, p, t, known)
		}
	}
	for _, t := range st.Tenders { // in their order
		if _, left := ours[t.ID]; left && t.Sale == s.ID && t.Kept != 0 {
			f.differ(PaymentLeft, 0, "", t.ID,
				fmt.Sprintf("the hub moved %v by %s for this sale, and the sale does not name it: find out whether it must go back", t.Kept, t.Tender))
		}
	}
}

func (f *Facts) comparePayment(s *protocol.Sale, p protocol.Payment, t Tender, known bool) {
	claimed := fmt.Sprintf("%v by %s", p.Amount, p.Tender)
	switch {
	case !known:
		f.differ(PaymentUnknown, 0, claimed, "", fmt.Sprintf("the device says that %s was paid, and the hub knows of no such payment", claimed))
	case t.Matched != "" && t.Matched != s.ID:
		f.differ(PaymentTwice, 0, claimed, t.Matched, fmt.Sprintf("the payment of %s is a payment of another sale already", claimed))
	case t.Sale != s.ID:
		f.differ(PaymentDiffers, 0, s.ID, t.Sale, fmt.Sprintf("the hub took %s for another sale", claimed))
	case t.Tender != p.Tender || t.Moved != p.Amount:
		took := fmt.Sprintf("%v by %s", t.Moved, t.Tender)
		if t.Phase != protocol.TenderTaken {
			took += ", it is " + string(t.Phase)
		}
		f.differ(PaymentDiffers, 0, claimed, took, fmt.Sprintf("the device says %s, the hub says %s", claimed, took))
	}
}
