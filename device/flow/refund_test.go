package flow_test

import (
	"fmt"
	"testing"

	"kickstand/device/flow"
	"kickstand/protocol"
	"kickstand/protocol/money"
)

// clerk is a hub that knows one sale and holds its pieces.
type clerk struct {
	sold     *protocol.Sale
	returned []int64
	before   money.Cents
	back     map[string]money.Cents
}

// sellThree sells three tubes and a light, half in cash and half by other
// terminal, and returns the clerk who knows of it.
func sellThree(t *testing.T, d *desk) *clerk {
	t.Helper()
	d.tap("operator", "operator:ann")
	d.scan("4006381333931")
	d.scan("4006381333931")
	d.scan("4006381333931")
	d.scan("96385074")
	d.tap("pay", "part", "key:3", "key:0", "key:00", "ok", "way:external", "key:7", "key:7", "code-ok")
	d.tap("cash:4560")
	sales := sentOf[*protocol.Sale](d)
	if len(sales) != 1 {
		t.Fatalf("no sale: screen %s, %+v", d.state.View().Screen, d.state.View().Ways)
	}
	d.post(flow.Printed{Job: d.job(), Proof: protocol.ProofConfirmed}, flow.Kicked{ID: d.kick()})
	d.tap("next", "back")
	return &clerk{sold: sales[0], returned: make([]int64, len(sales[0].Lines)), back: map[string]money.Cents{}}
}

// answer answers what the till asked last.
func (c *clerk) answer(t *testing.T, d *desk) {
	t.Helper()
	for _, e := range d.effects {
		a, ok := e.(flow.Ask)
		if !ok {
			continue
		}
		switch b := a.Body.(type) {
		case *protocol.SaleFind:
			d.post(flow.Answered{ID: a.ID, Body: c.found()})
		case *protocol.RefundHold:
			d.post(flow.Answered{ID: a.ID, Body: c.held(t, b)})
		default:
			t.Fatalf("asked %T", b)
		}
		return
	}
	t.Fatalf("nothing was asked: %+v, toast %+v", d.effects, d.state.Visit.Toast)
}

func (c *clerk) found() *protocol.SaleFound {
	f := &protocol.SaleFound{Sale: *c.sold, Number: "S-000001", Returned: c.returned, Before: c.before}
	for _, want := range []protocol.Tender{protocol.Card, protocol.Deposit, protocol.External, protocol.Cash} {
		for _, p := range c.sold.Payments {
			if p.Tender == want {
				f.Paid = append(f.Paid, protocol.PaidLeft{ID: p.ID, Tender: p.Tender, Amount: p.Amount, Back: c.back[p.ID], Words: p.Words})
			}
		}
	}
	return f
}

func (c *clerk) held(t *testing.T, b *protocol.RefundHold) *protocol.RefundHeld {
	t.Helper()
	h := &protocol.RefundHeld{ID: b.ID}
	for _, w := range b.Lines {
		l := c.sold.Lines[w.Line-1]
		part, err := money.Part(c.sold.Totals.Lines[w.Line-1], l.Money.Qty, c.returned[w.Line-1], w.Qty)
		if err != nil {
			t.Fatal(err)
		}
		h.Lines = append(h.Lines, protocol.HeldLine{
			Of: protocol.Origin{Sale: c.sold.ID, Line: w.Line, Before: c.returned[w.Line-1], Slip: c.sold.Slip}, Qty: w.Qty, Stored: part,
		})
	}
	return h
}

// book notes a finished refund.
func (c *clerk) book(s *protocol.Sale) {
	c.before -= s.Totals.Total
	for _, l := range s.Lines {
		c.returned[l.Of.Line-1] -= l.Money.Qty
	}
	for _, p := range s.Payments {
		c.back[p.Of] -= p.Amount
	}
}

func TestARefundGoesBackToWhatItWasPaidWith(t *testing.T) {
	d := openDesk(protocol.Counter)
	c := sellThree(t, d)
	for n, takes := range [][]string{{"take:1:plus"}, {"take:1:plus", "take:2:plus"}, {"take-all"}} {
		d.scan(c.sold.Slip)
		d.tap("dialog:refund")
		c.answer(t, d)
		d.tap(takes...)
		d.tap("take-back")
		c.answer(t, d)
		if v := d.state.View(); v.Screen != flow.ScreenSale || v.Cart.Total >= 0 {
			t.Fatalf("refund %d: screen %s, %+v", n, v.Screen, v.Cart)
		}
		d.tap("pay")
		c.answer(t, d)
		if v := d.state.View(); v.Screen != flow.ScreenGive {
			t.Fatalf("refund %d: screen %s, toast %+v", n, v.Screen, v.Toast)
		}
		d.tap("give")
		sales := sentOf[*protocol.Sale](d)
		if len(sales) != 1 || sales[0].Check() != nil {
			t.Fatalf("refund %d: %+v, screen %s", n, sales, d.state.View().Screen)
		}
		c.book(sales[0])
		d.post(flow.Printed{Job: d.job(), Proof: protocol.ProofConfirmed}, flow.Kicked{ID: d.kick()})
		d.tap("next", "back")
	}
	for _, p := range c.sold.Payments {
		if c.back[p.ID] != p.Amount {
			t.Errorf("of %v by %s came back %v", p.Amount, p.Tender, c.back[p.ID])
		}
	}
}

func TestAnExchangePaysTheDifference(t *testing.T) {
	d := openDesk(protocol.Counter)
	c := sellThree(t, d)
	d.scan(c.sold.Slip)
	d.tap("dialog:refund")
	c.answer(t, d)
	d.tap("take:2:plus", "take-back")
	c.answer(t, d)
	d.scan("0036000291452") // a bell of 14.00 for the light of 39.50
	d.scan("5901234123457")
	d.tap("dialog:item:glove-m") // and gloves of 25.00
	before := d.state.View().Cart.Total
	d.tap("pay")
	c.answer(t, d)
	if before >= 0 {
		d.tap("settle", "cash:0")
	} else {
		d.tap("give")
	}
	sales := sentOf[*protocol.Sale](d)
	if len(sales) != 1 || sales[0].Check() != nil || sales[0].Totals.Total != before || len(sales[0].Lines) != 3 {
		t.Fatalf("total %v, screen %s: %+v", before, d.state.View().Screen, sales)
	}
}

func TestWhoMayNotRefundIsTold(t *testing.T) {
	d := openDesk(protocol.Counter)
	c := sellThree(t, d)
	for name, change := range map[string]func(){
		"offline": func() { d.post(flow.LinkChanged{Why: "no network"}) },
		"junior":  func() { d.post(flow.LinkChanged{Online: true}); d.tap("operator", "operator:cleo", "back") },
	} {
		change()
		d.scan(c.sold.Slip)
		b, ok := d.state.View().Target("dialog:refund")
		if !ok || b.Enabled || b.Why == "" {
			t.Errorf("%s: %+v", name, b)
		}
		d.tap("dialog:dismiss")
	}
}

func TestLosingTheHubInARefundLosesNothing(t *testing.T) {
	d := openDesk(protocol.Counter)
	c := sellThree(t, d)
	d.scan(c.sold.Slip)
	d.tap("dialog:refund")
	for _, e := range d.effects {
		if a, ok := e.(flow.Ask); ok {
			d.post(flow.AskFailed{ID: a.ID, Why: "the hub does not answer"})
		}
	}
	if v := d.state.View(); v.Toast == nil || v.Dialog != nil {
		t.Fatalf("nothing is said: %+v", v)
	}
	d.scan(c.sold.Slip)
	d.tap("dialog:refund")
	c.answer(t, d)
	d.tap("take-all", "take-back")
	c.answer(t, d)
	d.tap("pay")
	for _, e := range d.effects {
		if a, ok := e.(flow.Ask); ok {
			d.post(flow.AskFailed{ID: a.ID, Refused: true, Why: "another till is taking it back now"})
		}
	}
	if v := d.state.View(); v.Screen != flow.ScreenSale || v.Toast == nil || len(v.Cart.Lines) != 2 {
		t.Errorf("screen %s, toast %+v", v.Screen, v.Toast)
	}
	d.tap("void", "dialog:void")
	released := false
	for _, e := range d.effects {
		a, ok := e.(flow.Ask)
		if !ok {
			continue
		}
		h, ok := a.Body.(*protocol.RefundHold)
		released = released || ok && len(h.Lines) == 0
	}
	if !released {
		t.Error("the held pieces are not let go")
	}
}

func TestAStoreCreditIsPrintedWithItsCode(t *testing.T) {
	d := openDesk(protocol.Counter)
	c := sellThree(t, d)
	d.scan(c.sold.Slip)
	d.tap("dialog:refund")
	c.answer(t, d)
	d.tap("take-all", "take-back")
	c.answer(t, d)
	d.tap("pay")
	c.answer(t, d)
	d.tap("give-credit", "give")
	var begin *protocol.TenderBegin
	ask := ""
	for _, e := range d.effects {
		if a, ok := e.(flow.Ask); ok {
			begin, ask = a.Body.(*protocol.TenderBegin), a.ID
		}
	}
	if begin == nil || begin.Tender != protocol.Credit || begin.Amount != -c.sold.Totals.Total || begin.Of != "" {
		t.Fatalf("asked %+v", begin)
	}
	d.post(flow.Answered{ID: ask, Body: &protocol.TenderState{
		ID: begin.ID, Sale: begin.Sale, Tender: begin.Tender, Phase: protocol.TenderTaken, N: 1, Amount: begin.Amount, Taken: begin.Amount,
		Left: -begin.Amount, Ref: "****7F3K", Code: "KS12-3456-7F3K",
	}})
	sales := sentOf[*protocol.Sale](d)
	if len(sales) != 1 || sales[0].Payments[0].Tender != protocol.Credit {
		t.Fatalf("%+v, screen %s", sales, d.state.View().Screen)
	}
	papers := 0
	for _, j := range d.state.Durable.Jobs {
		if j.Paper != nil && fmt.Sprint(*j.Paper) != "" {
			papers++
		}
	}
	if papers != 1 {
		t.Errorf("%d papers with the code", papers)
	}
}
