package refund_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"

	"kickstand/hub"
	"kickstand/hub/hubtest"
	"kickstand/hub/refund"
	"kickstand/hub/store"
	"kickstand/protocol"
	"kickstand/protocol/money"
)

// shop is a hub with one till, and the desk under test.
type shop struct {
	t     testing.TB
	store *store.Store
	hub   *hub.Hub
	desk  *refund.Desk
	till  *hubtest.Till
	n     int
}

func newShop(t testing.TB) *shop {
	t.Helper()
	s := hubtest.Open(t, t.TempDir(), 6, "counter-1")
	sh := &shop{t: t, store: s, hub: hub.New(hub.Config{Store: s}), desk: refund.New(s), till: hubtest.NewTill("counter-1", "C1")}
	sh.tell(sh.till.Reset())
	return sh
}

func (s *shop) tell(raw []byte) {
	s.t.Helper()
	if _, err := s.hub.Handle(s.t.Context(), s.till.Topic(protocol.Evt), raw); err != nil {
		s.t.Fatal(err)
	}
}

func (s *shop) ask(b protocol.Body) (protocol.Body, error) {
	body, mine, err := s.desk.Answer(s.t.Context(), store.Device{ID: "counter-1"}, b)
	if !mine {
		s.t.Fatalf("%s is not the desk's", b.Kind())
	}
	return body, err
}

// sell makes a sale of several pieces, paid by the tenders of choice.
func (s *shop) sell(chance *rand.Rand) *protocol.Sale {
	s.t.Helper()
	items := make([]store.Item, 1+chance.IntN(4))
	for i := range items {
		items[i] = hubtest.Item(1 + chance.IntN(6))
	}
	sold := s.till.Sale(items...)
	for i := range sold.Lines {
		sold.Lines[i].Money.Qty = int64(1 + chance.IntN(4))
	}
	sold.Discount = money.Discount{PPM: int64(chance.IntN(200_000))}
	s.settle(sold, chance)
	s.tell(s.till.Event(sold))
	return sold
}

// settle computes a sale and pays it by chance in up to three ways.
func (s *shop) settle(x *protocol.Sale, chance *rand.Rand) {
	s.t.Helper()
	doc := money.Document{Rules: x.Rules, Discount: x.Discount}
	for _, l := range x.Lines {
		doc.Lines = append(doc.Lines, l.Money)
	}
	totals, err := money.Compute(doc)
	if err != nil {
		s.t.Fatal(err)
	}
	x.Totals, x.Payments, x.Rounding = totals, nil, 0
	paid := money.Cents(0)
	for n := 0; ; n++ {
		rest, err := money.Split(totals.Total, paid, x.Rules)
		if err != nil {
			s.t.Fatal(err)
		}
		p := protocol.Payment{ID: fmt.Sprintf("%s-q%d", x.ID, n+1), Tender: protocol.Cash, Amount: rest.Cash, Rounding: rest.CashRounding}
		if rest.Other > 100 && n < 2 && chance.IntN(2) == 0 {
			p.Tender, p.Rounding = protocol.External, 0
			p.Amount = 1 + money.Cents(chance.IntN(int(rest.Other)))
		}
		p.Tendered = p.Amount
		x.Payments = append(x.Payments, p)
		if paid += p.Amount; p.Tender == protocol.Cash || paid == totals.Total {
			x.Rounding = paid - totals.Total
			return
		}
	}
}

// giveBack takes pieces back as a till does and returns the refund it reported.
func (s *shop) giveBack(found *protocol.SaleFound, wish []protocol.ReturnWish) (*protocol.Sale, error) {
	s.t.Helper()
	s.n++
	x := s.till.Sale()
	x.ID = fmt.Sprintf("refund-%d", s.n)
	b, err := s.ask(&protocol.RefundHold{ID: x.ID, Sale: found.Sale.ID, Operator: "op-1", Lines: wish})
	if err != nil {
		return nil, err
	}
	x.Lines, x.Rules = nil, found.Sale.Rules
	doc := money.Document{Rules: x.Rules}
	for i, h := range b.(*protocol.RefundHeld).Lines {
		l := found.Sale.Lines[h.Of.Line-1]
		l.LoadsAs, l.Loads = l.LoadKind(), ""
		l.N, l.Of, l.Money = i+1, &h.Of, money.Line{Qty: -h.Qty, Unit: l.Money.Unit, Taxes: l.Money.Taxes, Stored: &h.Stored}
		x.Lines, doc.Lines = append(x.Lines, l), append(doc.Lines, l.Money)
	}
	if x.Totals, err = money.Compute(doc); err != nil {
		s.t.Fatal(err)
	}
	s.payBack(x, found)
	return x, nil
}

func (s *shop) payBack(x *protocol.Sale, found *protocol.SaleFound) {
	s.t.Helper()
	paid := make([]money.Paid, len(found.Paid))
	for i, p := range found.Paid {
		paid[i] = money.Paid{Amount: p.Amount, Back: p.Back, Cash: p.Tender == protocol.Cash}
	}
	parts, err := money.GiveBack(x.Rules, found.Before, -x.Totals.Total, paid)
	if err != nil {
		s.t.Fatal(err)
	}
	x.Payments, x.Rounding = nil, -x.Totals.Total
	for i, part := range parts {
		x.Rounding -= part
		if part > 0 {
			x.Payments = append(x.Payments, protocol.Payment{
				ID: fmt.Sprintf("%s-p%d", x.ID, i+1), Tender: found.Paid[i].Tender, Amount: -part, Tendered: -part, Of: found.Paid[i].ID,
			})
		}
	}
	if len(x.Payments) == 0 {
		x.Payments = []protocol.Payment{{ID: x.ID + "-p1", Tender: protocol.Cash, Of: found.Paid[0].ID}}
	}
	s.tell(s.till.Event(x))
}

func (s *shop) find(code string) *protocol.SaleFound {
	s.t.Helper()
	b, err := s.ask(&protocol.SaleFind{Code: code})
	if err != nil {
		s.t.Fatal(err)
	}
	f := b.(*protocol.SaleFound)
	if err := f.Check(); err != nil {
		s.t.Fatal(err)
	}
	return f
}

func TestChainsOfRefundsReturnExactlyWhatWasPaid(t *testing.T) {
	for seed := range uint64(12) {
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			chance := rand.New(rand.NewPCG(seed, 1))
			s := newShop(t)
			sold := s.sell(chance)
			for {
				found := s.find(sold.Slip)
				wish := someOf(found, chance)
				if wish == nil {
					break
				}
				if _, err := s.giveBack(found, wish); err != nil {
					t.Fatal(err)
				}
			}
			for _, p := range s.find(sold.Slip).Paid {
				if p.Back != p.Amount {
					t.Errorf("of %v by %s came back %v", p.Amount, p.Tender, p.Back)
				}
			}
			s.wantBooks(sold)
		})
	}
}

// someOf wishes for some of what is left, nil when nothing is.
func someOf(f *protocol.SaleFound, chance *rand.Rand) []protocol.ReturnWish {
	var wish []protocol.ReturnWish
	for i, l := range f.Sale.Lines {
		if left := l.Money.Qty - f.Returned[i]; left > 0 && (len(wish) == 0 || chance.IntN(2) == 0) {
			wish = append(wish, protocol.ReturnWish{Line: i + 1, Qty: 1 + chance.Int64N(left)})
		}
	}
	return wish
}

// wantBooks checks that stock is as before, and that nobody saw a difference.
func (s *shop) wantBooks(sold *protocol.Sale) {
	s.t.Helper()
	rows, err := s.store.Sales(s.t.Context(), 0, 1<<60, 0, 1000)
	if err != nil {
		s.t.Fatal(err)
	}
	sum := money.Cents(0)
	for _, r := range rows {
		sum += r.Paid
		if r.Differences > 0 || r.Off != 0 {
			f, err := s.store.SaleFile(s.t.Context(), r.ID)
			s.t.Errorf("%s has differences: %+v %v", r.Slip, f.Differences, err)
		}
	}
	if sum != 0 {
		s.t.Errorf("%v is left of %v", sum, sold.Totals.Total)
	}
	for n := range 6 {
		row, _, err := s.store.Stock(s.t.Context(), hubtest.Item(n+1).ID, 1)
		if err != nil || row.OnHand != 100 {
			s.t.Errorf("item %d: %d on hand, want 100 again (%v)", n+1, row.OnHand, err)
		}
	}
}

func TestOnePieceIsHeldByOneTill(t *testing.T) {
	s := newShop(t)
	sold := s.sell(rand.New(rand.NewPCG(3, 3)))
	qty := sold.Lines[0].Money.Qty
	const rivals = 60
	var wg sync.WaitGroup
	held, refused := make(chan *protocol.RefundHeld, rivals), make(chan error, rivals)
	for n := range rivals {
		wg.Go(func() {
			b, err := s.ask(&protocol.RefundHold{
				ID: fmt.Sprintf("rival-%d", n), Sale: sold.ID, Operator: "op-1", Lines: []protocol.ReturnWish{{Line: 1, Qty: 1}},
			})
			if err != nil {
				refused <- err
				return
			}
			held <- b.(*protocol.RefundHeld)
		})
	}
	wg.Wait()
	close(held)
	close(refused)
	seen := map[int64]bool{}
	for h := range held {
		if before := h.Lines[0].Of.Before; seen[before] {
			t.Errorf("piece %d is held twice", before)
		} else {
			seen[before] = true
		}
	}
	if int64(len(seen)) != qty {
		t.Errorf("%d held, %d were sold", len(seen), qty)
	}
	for err := range refused {
		var no *protocol.RefusedError
		if !errors.As(err, &no) || no.Reason != refund.Gone {
			t.Errorf("refused with %v", err)
		}
	}
}

func TestTheSamePieceTwiceIsNoticed(t *testing.T) {
	s := newShop(t)
	sold := s.sell(rand.New(rand.NewPCG(4, 4)))
	found := s.find(sold.ID)
	first, err := s.giveBack(found, []protocol.ReturnWish{{Line: 1, Qty: sold.Lines[0].Money.Qty}})
	if err != nil {
		t.Fatal(err)
	}
	again := *first
	again.ID, again.Slip = "refund-again", "C1-900000"
	again.Payments = append([]protocol.Payment{}, first.Payments...)
	for i := range again.Payments {
		again.Payments[i].ID += "x"
	}
	s.tell(s.till.Event(&again))
	f, err := s.store.SaleFile(t.Context(), again.ID)
	if err != nil {
		t.Fatal(err)
	}
	codes := map[string]bool{}
	for _, d := range f.Differences {
		codes[string(d.Code)] = true
	}
	if !codes["RETURN_TWICE"] {
		t.Errorf("differences are %+v", f.Differences)
	}
	if _, err := s.giveBack(found, []protocol.ReturnWish{{Line: 1, Qty: 1}}); err == nil {
		t.Error("a piece that came back is held again")
	}
}

func TestWhatCannotComeBackIsRefusedInWords(t *testing.T) {
	s := newShop(t)
	sold := s.sell(rand.New(rand.NewPCG(5, 5)))
	for name, b := range map[string]protocol.Body{
		"an unknown receipt":  &protocol.SaleFind{Code: "C1-999999"},
		"a line beyond":       &protocol.RefundHold{ID: "r-1", Sale: sold.ID, Operator: "op-1", Lines: []protocol.ReturnWish{{Line: 99, Qty: 1}}},
		"more than was sold":  &protocol.RefundHold{ID: "r-2", Sale: sold.ID, Operator: "op-1", Lines: []protocol.ReturnWish{{Line: 1, Qty: 9}}},
		"a sale nobody knows": &protocol.RefundHold{ID: "r-3", Sale: "ghost", Operator: "op-1", Lines: []protocol.ReturnWish{{Line: 1, Qty: 1}}},
	} {
		_, err := s.ask(b)
		var no *protocol.RefusedError
		if !errors.As(err, &no) || no.Detail == "" {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestAnExchangeGoesBackToTheMoneyThatPaidIt(t *testing.T) {
	s := newShop(t)
	sold := s.till.Sale(hubtest.Item(5))
	sold.Payments[0].Tender, sold.Payments[0].Amount, sold.Payments[0].Change = protocol.External, sold.Totals.Total, 0
	sold.Payments[0].Tendered, sold.Payments[0].Rounding, sold.Rounding = sold.Totals.Total, 0, 0
	s.tell(s.till.Event(sold))
	found := s.find(sold.Slip)
	swap := s.exchange(found, hubtest.Item(5))
	after := s.find(swap.Slip)
	if len(after.Paid) != 1 || after.Paid[0].ID != sold.Payments[0].ID || after.Paid[0].Amount != sold.Totals.Total {
		t.Fatalf("the exchange is paid with %+v", after.Paid)
	}
	if _, err := s.giveBack(after, []protocol.ReturnWish{{Line: 2, Qty: 1}}); err != nil {
		t.Fatal(err)
	}
	for _, p := range s.find(sold.Slip).Paid {
		if p.Amount != 0 {
			t.Errorf("%v of the first payment could go back once more", p.Amount)
		}
	}
	s.wantBooks(sold)
}

// exchange gives the first line back for an item of the same price.
func (s *shop) exchange(found *protocol.SaleFound, it store.Item) *protocol.Sale {
	s.t.Helper()
	b, err := s.ask(&protocol.RefundHold{ID: "swap", Sale: found.Sale.ID, Operator: "op-1", Lines: []protocol.ReturnWish{{Line: 1, Qty: 1}}})
	if err != nil {
		s.t.Fatal(err)
	}
	x := s.till.Sale(it)
	x.ID = "swap"
	h, l := b.(*protocol.RefundHeld).Lines[0], found.Sale.Lines[0]
	l.Of, l.Money.Qty, l.Money.Stored = &h.Of, -1, &h.Stored
	x.Lines = append([]protocol.SaleLine{l}, x.Lines...)
	x.Lines[1].N = 2
	totals, err := money.Compute(money.Document{Rules: x.Rules, Lines: []money.Line{x.Lines[0].Money, x.Lines[1].Money}})
	if err != nil || totals.Total != 0 {
		s.t.Fatalf("an even exchange comes to %v (%v)", totals.Total, err)
	}
	x.Totals, x.Rounding = totals, 0
	x.Payments = []protocol.Payment{{ID: "swap-p1", Tender: protocol.Cash}}
	s.tell(s.till.Event(x))
	return x
}
