package special_test

import (
	"encoding/json"
	"errors"
	"testing"

	"kickstand/hub"
	"kickstand/hub/hubtest"
	"kickstand/hub/special"
	"kickstand/hub/store"
	"kickstand/hub/tender"
	"kickstand/protocol"
	"kickstand/protocol/money"
)

// shop is a hub with one till and the desks that an order needs.
type shop struct {
	t     *testing.T
	store *store.Store
	hub   *hub.Hub
	desk  *special.Desk
	money *tender.Desk
	till  *hubtest.Till
}

func openShop(t *testing.T) *shop {
	t.Helper()
	s := hubtest.Open(t, t.TempDir(), 3, "counter-1")
	sh := &shop{t: t, store: s, hub: hub.New(hub.Config{Store: s}), desk: special.New(s), money: tender.New(tender.Config{Store: s}), till: hubtest.NewTill("counter-1", "C1")}
	sh.say(sh.till.Reset())
	return sh
}

func (s *shop) say(raw []byte) {
	s.t.Helper()
	if _, err := s.hub.Handle(s.t.Context(), s.till.Topic(protocol.Evt), raw); err != nil {
		s.t.Fatal(err)
	}
	if n, err := s.store.QuarantineSize(s.t.Context()); n > 0 || err != nil {
		all, _ := s.store.Quarantined(s.t.Context(), 1)
		s.t.Fatalf("in quarantine: %+v", all)
	}
}

// place orders item 1, with a deposit of 4.00 in cash.
func (s *shop) place(id string, kind protocol.SpecialKind) *protocol.SpecialPlaced {
	s.t.Helper()
	sale := s.till.Sale(hubtest.Item(1))
	l := money.Line{Qty: 1, Unit: 4_00, Fixed: true}
	sale.Lines[0] = protocol.SaleLine{N: 1, Item: protocol.DepositItem, Name: "Deposit", Loads: id, LoadsAs: protocol.Deposit, Money: l}
	sale.Totals, _ = money.Compute(money.Document{Rules: sale.Rules, Lines: []money.Line{l}})
	sale.Payments, sale.Rounding = []protocol.Payment{{ID: sale.ID + "-p", Tender: protocol.Cash, Amount: 4_00, Tendered: 4_00}}, 0
	p := &protocol.SpecialPlaced{SpecialInfo: protocol.SpecialInfo{
		ID: id, Order: kind, Who: "Jo Field, 250 555 0142", Sale: sale.ID, Slip: sale.Slip, Operator: "op-1", Total: 11_21, Deposit: 4_00, Currency: "CAD",
		Lines: []protocol.SpecialLine{{Item: hubtest.Item(1).ID, Name: "Bell 1", Qty: 1, Stocked: true}},
	}, Cart: json.RawMessage(`{"lines":[]}`)}
	s.say(s.till.Event(sale))
	s.say(s.till.Event(p))
	return p
}

// pickUp sells item 1 under the order's id, with its deposit.
func (s *shop) pickUp(id string) string {
	s.t.Helper()
	sale := s.till.Sale(hubtest.Item(1))
	sale.ID = id
	b, _, err := s.money.Answer(s.t.Context(), store.Device{ID: "counter-1"}, &protocol.TenderBegin{
		ID: "p-" + id, Sale: id, Operator: "op-1", Tender: protocol.Deposit, Amount: 4_00, Currency: "CAD", Code: id,
	})
	if err != nil {
		s.t.Fatal(err)
	}
	st := b.(*protocol.TenderState)
	rest, rounding := money.CashDue(sale.Totals.Total-st.Taken, sale.Rules)
	sale.Rounding = rounding
	sale.Payments = []protocol.Payment{{ID: sale.ID + "-c", Tender: protocol.Cash, Amount: rest, Tendered: rest, Rounding: rounding}}
	if st.Taken > 0 {
		sale.Payments = append(sale.Payments, protocol.Payment{ID: st.ID, Tender: protocol.Deposit, Amount: st.Taken, Tendered: st.Taken})
	}
	s.say(s.till.Event(sale))
	return st.Why
}

func (s *shop) state(id string) (protocol.SpecialState, money.Cents) {
	s.t.Helper()
	o, err := s.store.Special(s.t.Context(), id)
	if err != nil {
		s.t.Fatal(err)
	}
	return o.State, o.Deposit
}

func (s *shop) left() int64 {
	s.t.Helper()
	all, err := s.store.Levels(s.t.Context(), []string{hubtest.Item(1).ID})
	if err != nil || len(all) != 1 {
		s.t.Fatal(all, err)
	}
	return all[0].Left
}

func (s *shop) open(id string) (*protocol.SpecialOpened, *protocol.RefusedError) {
	s.t.Helper()
	b, _, err := s.desk.Answer(s.t.Context(), store.Device{ID: "counter-1", Role: protocol.Counter}, &protocol.SpecialOpen{ID: id})
	var no *protocol.RefusedError
	if errors.As(err, &no) {
		return nil, no
	}
	if err != nil {
		s.t.Fatal(err)
	}
	return b.(*protocol.SpecialOpened), nil
}

func TestALayawayIsKeptUntilItIsPickedUp(t *testing.T) {
	s := openShop(t)
	p := s.place("lay1", protocol.Layaway)
	s.say(s.till.Event(p)) // the journal was recovered
	if state, deposit := s.state("lay1"); state != protocol.SpecialArrived || deposit != 4_00 || s.left() != 99 {
		t.Fatalf("%s with %v, %d left", state, deposit, s.left())
	}
	if _, err := s.store.Special(t.Context(), "other"); !errors.Is(err, store.ErrNotFound) {
		t.Fatal(err)
	}
	err := s.store.Write(t.Context(), func(tx *store.Tx) error { // a till begins to pay for it, and leaves the payment again
		if _, err := tx.Reserve("lay1", "counter-1", tx.AtMS()+1, []protocol.StockWish{{Item: hubtest.Item(1).ID, Qty: 1}}); err != nil {
			return err
		}
		_, err := tx.Reserve("lay1", "counter-1", 0, nil)
		return err
	})
	if err != nil || s.left() != 99 {
		t.Errorf("after a payment that was left %d are left, %v", s.left(), err)
	}
	if o, no := s.open("lay1"); no != nil || o.Deposit != 4_00 || o.Who != p.Who || string(o.Cart) != string(p.Cart) {
		t.Fatalf("%+v, %v", o, no)
	}
	if why := s.pickUp("lay1"); why != "" {
		t.Fatal(why)
	}
	if state, deposit := s.state("lay1"); state != protocol.SpecialPickedUp || deposit != 0 || s.left() != 99 {
		t.Errorf("%s with %v, %d left", state, deposit, s.left())
	}
	if _, no := s.open("lay1"); no == nil || no.Reason != special.Over {
		t.Errorf("%v", no)
	}
	owed, err := s.store.Owed(t.Context(), 0, 1<<60)
	if err != nil || owed[2] != (store.Owed{Kind: protocol.Deposit, Loaded: 4_00, Redeemed: 4_00}) {
		t.Errorf("%+v, %v", owed, err)
	}
}

func TestASpecialOrderKeepsNothingAndItsDepositPaysForItAlone(t *testing.T) {
	s := openShop(t)
	s.place("ord1", protocol.SpecialOrder)
	if state, _ := s.state("ord1"); state != protocol.SpecialOrdered || s.left() != 100 {
		t.Errorf("%s, %d left", state, s.left())
	}
	b, _, err := s.money.Answer(t.Context(), store.Device{ID: "counter-1"}, &protocol.TenderBegin{
		ID: "p-x", Sale: "another", Operator: "op-1", Tender: protocol.Deposit, Amount: 1_00, Currency: "CAD", Code: "ord1",
	})
	if st := b.(*protocol.TenderState); err != nil || st.Phase != protocol.TenderDeclined || st.Taken != 0 {
		t.Errorf("another sale is paid with the deposit: %+v, %v", st, err)
	}
	all, err := s.store.OpenSpecials(t.Context(), "FIELD", 5)
	if err != nil || len(all) != 1 || all[0].ID != "ord1" {
		t.Errorf("found %+v, %v", all, err)
	}
	if all, _ := s.store.OpenSpecials(t.Context(), "c1-000001", 5); len(all) != 1 {
		t.Errorf("by its receipt: %+v", all)
	}
	if all, _ := s.store.OpenSpecials(t.Context(), "nobody", 5); len(all) != 0 {
		t.Errorf("%+v", all)
	}
}

// TestTheDepositGoesBack gives it back as a till does: the order has ended with it.
func TestTheDepositGoesBack(t *testing.T) {
	s := openShop(t)
	p := s.place("lay2", protocol.Layaway)
	sold, err := s.store.SaleFile(t.Context(), p.Slip)
	if err != nil {
		t.Fatal(err)
	}
	part, err := money.Part(sold.Document.Totals.Lines[0], 1, 0, 1)
	if err != nil {
		t.Fatal(err)
	}
	back := s.till.Sale(hubtest.Item(1))
	l := sold.Document.Lines[0]
	l.Loads, l.Of, l.Money.Qty, l.Money.Stored = "", &protocol.Origin{Sale: p.Sale, Line: 1}, -1, &part
	back.Lines[0] = l
	back.Totals, _ = money.Compute(money.Document{Rules: back.Rules, Lines: []money.Line{l.Money}})
	back.Payments, back.Rounding = []protocol.Payment{{ID: "back", Tender: protocol.Cash, Amount: -4_00, Tendered: -4_00, Of: p.Sale + "-p"}}, 0
	s.say(s.till.Event(back))
	if state, deposit := s.state("lay2"); state != protocol.SpecialCancelled || deposit != 0 || s.left() != 100 {
		t.Errorf("%s with %v, %d left", state, deposit, s.left())
	}
}

// TestAKioskOpensNoOrder keeps names away from customers.
func TestAKioskOpensNoOrder(t *testing.T) {
	s := openShop(t)
	s.place("ord2", protocol.SpecialOrder)
	for _, b := range []protocol.Body{&protocol.SpecialAsk{}, &protocol.SpecialOpen{ID: "ord2"}} {
		var no *protocol.RefusedError
		if _, mine, err := s.desk.Answer(t.Context(), store.Device{ID: "kiosk-1", Role: protocol.Kiosk}, b); !mine || !errors.As(err, &no) {
			t.Errorf("%s: %v", b.Kind(), err)
		}
	}
	if _, no := s.open("nothing"); no == nil {
		t.Error("an order that is none was opened")
	}
}
