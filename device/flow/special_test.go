package flow_test

import (
	"encoding/json"
	"strings"
	"testing"

	"kickstand/device/flow"
	"kickstand/protocol"
	"kickstand/protocol/money"
)

// layaway is an order of a bell as the hub has it, with 5.00 paid.
func layaway() *protocol.SpecialOpened {
	goods, err := json.Marshal(flow.Basket{ID: "old", Rules: shopSettings().Rules, Lines: []flow.Line{{
		Item: "bell", Name: "Bell, brass", TaxCategory: "accessory", Catalogue: 7, Money: money.Line{Qty: 1, Unit: 14_00, Taxes: []money.Rate{gst, pst}},
	}}})
	if err != nil {
		panic(err)
	}
	return &protocol.SpecialOpened{SpecialInfo: protocol.SpecialInfo{
		ID: "lay1", Order: protocol.Layaway, State: protocol.SpecialArrived, Who: "Jo Field 0142", Sale: "s1", Slip: "C1-000009", Operator: "ann",
		Total: 15_68, Deposit: 5_00, Currency: "CAD", Lines: []protocol.SpecialLine{{Item: "bell", Name: "Bell, brass", Qty: 1, Stocked: true}},
	}, Cart: goods}
}

func askedOne[B protocol.Body](t *testing.T, d *desk) (string, B) {
	t.Helper()
	for _, e := range d.effects {
		if a, ok := e.(flow.Ask); ok {
			if b, ok := a.Body.(B); ok {
				return a.ID, b
			}
		}
	}
	var none B
	t.Fatalf("nothing of the kind was asked: %+v, toast %+v", d.effects, d.state.View().Toast)
	return "", none
}

// toDeposit orders a bell and a light as far as the deposit.
func toDeposit(t *testing.T, d *desk) {
	t.Helper()
	d.tap("operator", "operator:ann")
	d.scan("0036000291452")
	d.scan("96385074")
	d.tap("more", "dialog:order", "dialog:order-kind:layaway", "key:j", "key:o", "key:space", "key:f", "key:4", "who-ok")
	if v := d.state.View(); v.Screen != flow.ScreenDeposit || len(v.Keypad.Presets) != 3 || v.Keypad.Presets[0].ID != "deposit:1199" {
		t.Fatalf("screen %s, %+v, toast %+v", v.Screen, v.Keypad, v.Toast)
	}
}

func TestALayawayWithADeposit(t *testing.T) {
	d := openDesk(protocol.Counter)
	toDeposit(t, d)
	d.tap("deposit:1199")
	if v := d.state.View(); v.Screen != flow.ScreenPay || v.Ways.Due != 11_99 {
		t.Fatalf("screen %s, %+v", v.Screen, v.Ways)
	}
	d.tap("cash:1200")
	sales, orders := sentOf[*protocol.Sale](d), sentOf[*protocol.SpecialPlaced](d)
	if len(sales) != 1 || len(orders) != 1 || sales[0].Check() != nil || orders[0].Check() != nil {
		t.Fatalf("%+v, %+v", sales, orders)
	}
	s, o := sales[0], orders[0]
	if s.Lines[0].LoadKind() != protocol.Deposit || s.Lines[0].Loads != o.ID || s.Totals.TaxSum != 0 || s.Lines[0].Name != "Deposit on layaway, 47.94 remains" {
		t.Errorf("the sale: %+v", s.Lines)
	}
	if o.Who != "Jo F4" || o.Total != 59_93 || o.Deposit != 11_99 || o.Sale != s.ID || o.Slip != s.Slip || len(o.Lines) != 2 || !o.Lines[0].Stocked {
		t.Errorf("the order: %+v", o)
	}
	var goods flow.Basket
	if err := json.Unmarshal(o.Cart, &goods); err != nil || len(goods.Lines) != 2 || goods.Order != nil {
		t.Errorf("the goods: %+v, %v", goods, err)
	}
	paper := printedText(d)
	d.post(flow.Printed{Job: d.job(), Proof: protocol.ProofConfirmed})
	paper += printedText(d)
	for _, want := range []string{"Deposit on layaway, 47.94 remains 11.99", "LAYAWAY", "For Jo F4", "Remains to be paid 47.94", "code " + s.Slip} {
		if !strings.Contains(paper, want) {
			t.Errorf("%q is not on paper:\n%s", want, paper)
		}
	}
}

// TestAnOrderThatIsNotPaidLeavesTheSale throws the deposit away in both ways.
func TestAnOrderThatIsNotPaidLeavesTheSale(t *testing.T) {
	for _, taps := range [][]string{{"void", "dialog:void"}, {"back", "line:1", "line:1:remove"}} {
		d := openDesk(protocol.Counter)
		toDeposit(t, d)
		before := d.state.Durable.Cart
		d.tap("key:1", "ok")
		if v := d.state.View(); v.Screen != flow.ScreenPay || v.Ways.Due != 1 {
			t.Fatalf("screen %s", v.Screen)
		}
		d.tap(taps...)
		if c := d.state.Durable.Cart; c.ID != before.ID || len(c.Lines) != 2 || c.Order != nil || d.state.View().Screen != flow.ScreenSale {
			t.Errorf("after %v the cart is %+v", taps, c)
		}
	}
}

func TestAnOrderIsPickedUpWithItsDeposit(t *testing.T) {
	d := openDesk(protocol.Counter)
	d.tap("operator", "operator:ann", "start", "more", "dialog:orders")
	id, _ := askedOne[*protocol.SpecialAsk](t, d)
	d.post(flow.Answered{ID: id, Body: &protocol.SpecialList{Orders: []protocol.SpecialInfo{layaway().SpecialInfo}}})
	v := d.state.View()
	if v.Screen != flow.ScreenSpecials || len(v.List.Rows) != 1 || v.List.Rows[0].Title != "Jo Field 0142" || v.List.Rows[0].Value != "10.68" {
		t.Fatalf("screen %s, %+v", v.Screen, v.List)
	}
	d.tap("special:lay1")
	id, open := askedOne[*protocol.SpecialOpen](t, d)
	if open.ID != "lay1" {
		t.Fatal(open)
	}
	d.post(flow.Answered{ID: id, Body: layaway()})
	d.tap("pay")
	_, begin := askedOne[*protocol.TenderBegin](t, d)
	if begin.Tender != protocol.Deposit || begin.Code != "lay1" || begin.Sale != "lay1" || begin.Amount != 5_00 {
		t.Fatalf("%+v", begin)
	}
	d.post(flow.Told{Body: &protocol.TenderState{ID: begin.ID, Sale: "lay1", Tender: protocol.Deposit, Phase: protocol.TenderTaken, N: 1, Amount: 5_00, Taken: 5_00, Words: "Deposit •••• LAY1"}})
	if v := d.state.View(); v.Screen != flow.ScreenPay || v.Ways.Due != 10_68 {
		t.Fatalf("screen %s, %+v", v.Screen, v.Ways)
	}
	d.tap("cash:1070")
	sales := sentOf[*protocol.Sale](d)
	if len(sales) != 1 || sales[0].ID != "lay1" || sales[0].Check() != nil || len(sales[0].Payments) != 2 || len(sentOf[*protocol.SpecialPlaced](d)) != 0 {
		t.Fatalf("%+v", sales)
	}
}

// TestAnOrderSaysWhyNot goes through what is refused.
func TestAnOrderSaysWhyNot(t *testing.T) {
	d := openDesk(protocol.Counter)
	toDeposit(t, d)
	d.tap("key:9", "key:9", "key:00", "ok")
	if v := d.state.View(); v.Screen != flow.ScreenDeposit || !strings.Contains(v.Keypad.Error, "at most 59.93") {
		t.Errorf("%s %+v", v.Screen, v.Keypad)
	}
	d.tap("deposit:5993", "back")
	d.scan("96385074")
	if c := d.state.Durable.Cart; len(c.Lines) != 1 || d.state.View().Toast == nil {
		t.Errorf("goods beside a deposit: %+v", c.Lines)
	}
	d.tap("more")
	if b, _ := d.state.View().Target("dialog:order"); b.Enabled || b.Why == "" {
		t.Errorf("%+v", b)
	}
	d.tap("dialog:dismiss", "void", "dialog:void")
	d.post(flow.LinkChanged{})
	d.tap("more")
	for _, id := range []string{"dialog:order", "dialog:orders"} {
		if b, _ := d.state.View().Target(id); b.Enabled || !strings.Contains(b.Why, "connection to the office") {
			t.Errorf("%+v", b)
		}
	}
	small := openDesk(protocol.Counter)
	o := layaway()
	o.Deposit, o.Total = 20_00, 20_00
	small.tap("operator", "operator:ann", "start", "more", "dialog:orders")
	small.post(flow.Answered{ID: small.state.World.Special, Body: o})
	small.tap("pay")
	if v := small.state.View(); v.Screen != flow.ScreenSale || v.Toast == nil || !strings.Contains(v.Toast.Text, "more than this sale") {
		t.Errorf("%s %+v", v.Screen, v.Toast)
	}
}

// TestWhatADepositPaidGoesBackAsAStoreCredit takes back what was picked up: the order
// has ended, so the deposit cannot be used again.
func TestWhatADepositPaidGoesBackAsAStoreCredit(t *testing.T) {
	d := openDesk(protocol.Counter)
	c := sellThree(t, d)
	sold := *c.sold
	sold.Payments = append([]protocol.Payment{}, c.sold.Payments...)
	sold.Payments[0].Tender = protocol.Deposit
	c.sold = &sold
	d.scan(sold.Slip)
	d.tap("dialog:refund")
	c.answer(t, d)
	d.tap("take-all", "take-back")
	c.answer(t, d)
	d.tap("pay")
	c.answer(t, d)
	if v := d.state.View(); v.Screen != flow.ScreenGive || v.List.Rows[0].Title != "Store credit" {
		t.Fatalf("screen %s, %+v", v.Screen, v.List)
	}
	d.tap("give")
	_, begin := askedOne[*protocol.TenderBegin](t, d)
	if begin.Tender != protocol.Credit || begin.Of != sold.Payments[0].ID || begin.Amount != -sold.Payments[0].Amount {
		t.Fatalf("%+v", begin)
	}
	d.post(flow.Told{Body: &protocol.TenderState{
		ID: begin.ID, Sale: begin.Sale, Tender: protocol.Credit, Phase: protocol.TenderTaken, N: 1, Amount: begin.Amount, Taken: begin.Amount, Code: newCode,
	}})
	if sales := sentOf[*protocol.Sale](d); len(sales) != 1 || sales[0].Check() != nil || sales[0].Totals.Total != -sold.Totals.Total {
		t.Fatalf("%+v, screen %s", sales, d.state.View().Screen)
	}
}
