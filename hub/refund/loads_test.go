package refund_test

import (
	"errors"
	"math/rand/v2"
	"testing"

	"kickstand/hub/hubtest"
	"kickstand/hub/refund"
	"kickstand/hub/store"
	"kickstand/hub/tender"
	"kickstand/protocol"
	"kickstand/protocol/money"
)

// sellCard sells a gift card of 50.00 and returns the sale.
func (s *shop) sellCard(code string) *protocol.SaleFound {
	s.t.Helper()
	x := s.till.Sale(hubtest.Item(1))
	x.Lines[0].Loads, x.Lines[0].Name, x.Lines[0].Item = code, "Gift card", "gift-card"
	x.Lines[0].Money = money.Line{Qty: 1, Unit: 50_00, Fixed: true}
	s.settle(x, rand.New(rand.NewPCG(1, 1)))
	s.tell(s.till.Event(x))
	b, err := s.ask(&protocol.SaleFind{Code: x.Slip})
	if err != nil {
		s.t.Fatal(err)
	}
	return b.(*protocol.SaleFound)
}

// spend takes money from the gift card for a sale that is not finished.
func (s *shop) spend(id, code string, amount money.Cents) money.Cents {
	s.t.Helper()
	desk := tender.New(tender.Config{Store: s.store})
	b, _, err := desk.Answer(s.t.Context(), store.Device{ID: "counter-1"}, &protocol.TenderBegin{
		ID: id, Sale: "s-" + id, Operator: "op-1", Tender: protocol.Gift, Amount: amount, Currency: "CAD", Code: code,
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return b.(*protocol.TenderState).Taken
}

func TestAGiftCardComesBackUnlessItWasSpent(t *testing.T) {
	s := newShop(t)
	wish := []protocol.ReturnWish{{Line: 1, Qty: 1}}
	found := s.sellCard("CARD-1")
	if got := s.spend("p1", "CARD-1", 10_00); got != 10_00 {
		t.Fatalf("%v was taken", got)
	}
	_, err := s.ask(&protocol.RefundHold{ID: "r1", Sale: found.Sale.ID, Operator: "op-1", Lines: wish})
	var no *protocol.RefusedError
	if !errors.As(err, &no) || no.Reason != refund.Spent || no.Detail != "Gift card cannot be given back: 50.00 was put on it, and 40.00 is left. The customer can spend that." {
		t.Fatalf("a card that was spent: %v", err)
	}
	found = s.sellCard("CARD-2")
	if _, err := s.ask(&protocol.RefundHold{ID: "refund-1", Sale: found.Sale.ID, Operator: "op-1", Lines: wish}); err != nil {
		t.Fatal(err)
	}
	if got := s.spend("p2", "CARD-2", 10_00); got != 0 {
		t.Errorf("%v was taken of a card that is being given back", got)
	}
	back, err := s.giveBack(found, wish)
	if err != nil {
		t.Fatal(err)
	}
	f, err := s.store.SaleFile(t.Context(), back.Slip)
	if err != nil || len(f.Differences) > 0 {
		t.Fatalf("the refund: %+v, %v", f.Differences, err)
	}
	all, err := s.store.AccountTotals(t.Context())
	if err != nil || len(all) != 2 || all[0].Balance+all[1].Balance != 40_00 || all[0].Moves+all[1].Moves != 40_00 {
		t.Errorf("the cards hold %+v, %v", all, err)
	}
	if _, err := s.ask(&protocol.RefundHold{ID: "r3", Sale: found.Sale.ID, Operator: "op-1", Lines: wish}); err == nil {
		t.Error("a card came back twice")
	}
}
