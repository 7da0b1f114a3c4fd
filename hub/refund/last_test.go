package refund_test

import (
	"math/rand/v2"
	"testing"

	"kickstand/protocol"
)

// TestLastSales lists what any counter may print again, newest first, and counts the
// copies of it.
func TestLastSales(t *testing.T) {
	s := newShop(t)
	chance := rand.New(rand.NewPCG(1, 1))
	var slips []string
	for range 3 {
		slips = append(slips, s.sell(chance).Slip)
	}
	b, err := s.ask(&protocol.SalesAsk{Most: 2})
	if err != nil {
		t.Fatal(err)
	}
	l := b.(*protocol.SalesLast)
	if l.Check() != nil || len(l.Sales) != 2 || l.Sales[0].Slip != slips[2] || l.Sales[1].Slip != slips[1] || l.Sales[0].Device != "counter-1" || l.Sales[0].Total == 0 {
		t.Errorf("the last two: %+v", l.Sales)
	}
	found := s.find(slips[2])
	if found.Copies != 0 {
		t.Errorf("%d copies of what was never copied", found.Copies)
	}
	for _, n := range []int{1, 2} {
		s.tell(s.till.Event(&protocol.ReceiptPrinted{Job: "j", Sale: found.Sale.ID, Copy: n, Proof: protocol.ProofSent}))
	}
	if found = s.find(slips[2]); found.Copies != 2 {
		t.Errorf("%d copies, want 2", found.Copies)
	}
}
