package flow_test

import (
	"slices"
	"strings"
	"testing"

	"kickstand/device/flow"
	"kickstand/protocol"
	"kickstand/protocol/catalogue"
	"kickstand/protocol/money"
)

// atKiosk is a customer with a tube in the basket.
func atKiosk() *desk {
	d := openDesk(protocol.Kiosk)
	d.state.Device = "kiosk-1"
	d.scan("4006381333931")
	d.tap("buy")
	return d
}

// TestSelfCheckout buys and pays by card without anybody of the shop.
func TestSelfCheckout(t *testing.T) {
	d := atKiosk()
	d.scan("96385074")
	d.tap("line:1:plus", "pay")
	d.told(protocol.TenderWaiting)
	d.told(protocol.TenderTaken)
	var sale *protocol.Sale
	for _, e := range d.effects {
		if s, ok := e.(flow.Send); ok && s.Body.Kind() == protocol.KindSale {
			sale = s.Body.(*protocol.Sale)
		}
	}
	if sale == nil || sale.Operator != "" || len(sale.Lines) != 2 || sale.Lines[0].Money.Qty != 2 || len(sale.Payments) != 1 || sale.Payments[0].Amount != sale.Totals.Total {
		t.Fatalf("sale %+v", sale)
	}
	if v := d.state.View(); v.Screen != flow.ScreenDone || v.Done.By != "Visa 4242" {
		t.Errorf("screen %s, %+v", v.Screen, v.Done)
	}
	d.pass(60_000)
	d.pass(20_000)
	d.post(flow.Printed{Job: d.job(), Proof: protocol.ProofConfirmed})
	d.tap("help")
	d.pass(60_000)
	d.pass(20_000)
	if v := d.state.View(); v.Screen != flow.ScreenAttract || len(d.state.Durable.Recent) != 0 || len(d.state.Durable.Jobs) != 0 {
		t.Errorf("screen %s, %d sales and %d receipts are kept", v.Screen, len(d.state.Durable.Recent), len(d.state.Durable.Jobs))
	}
}

// TestNoResetWhileMoneyMoves lets an hour pass while the bank thinks.
func TestNoResetWhileMoneyMoves(t *testing.T) {
	for _, phase := range []protocol.TenderPhase{"", protocol.TenderWaiting, protocol.TenderChecking, protocol.TenderPerson} {
		d := atKiosk()
		d.tap("pay")
		if phase != "" {
			d.told(phase)
		}
		d.pass(3_600_000)
		if v := d.state.View(); v.Screen != flow.ScreenTender || d.state.Durable.Cart.Open == nil {
			t.Errorf("%s: screen %s after an hour", phase, v.Screen)
		}
	}
}

// TestLimitsOfSelfCheckout refuses in words what staff has to sell.
func TestLimitsOfSelfCheckout(t *testing.T) {
	few := shopSettings()
	few.SelfItems, few.SelfMax = 3, 45_00
	for name, c := range map[string]struct {
		do   func(d *desk)
		says string
	}{
		"a bicycle":        {func(d *desk) { d.scan("SN7731") }, "Bicycles"},
		"too many":         {func(d *desk) { d.tap("line:1:plus", "line:1:plus", "line:1:plus") }, "up to 3"},
		"too dear":         {func(d *desk) { d.scan("96385074") }, "up to 45.00"},
		"without the hub":  {func(d *desk) { d.post(flow.LinkChanged{Why: "no network"}); d.scan("96385074") }, "Cards do not work"},
		"without a reader": {func(d *desk) { d.post(flow.Told{Body: &protocol.TenderWays{}}); d.scan("96385074") }, "Cards do not work"},
	} {
		t.Run(name, func(t *testing.T) {
			d := atKiosk()
			d.post(flow.SettingsChanged{Settings: few})
			c.do(d)
			v := d.state.View()
			if v.Toast == nil || !strings.Contains(v.Toast.Text, c.says) || len(d.state.Durable.Cart.Lines) != 1 {
				t.Errorf("toast %+v, %d lines; want it refused: %s", v.Toast, len(d.state.Durable.Cart.Lines), c.says)
			}
		})
	}
}

// TestAPriceOnTheScreenIsThePresentOne follows what the office and other tills do to
// the item that a customer looks at.
func TestAPriceOnTheScreenIsThePresentOne(t *testing.T) {
	d := openDesk(protocol.Kiosk)
	d.scan("96385074")
	items := shopItems()
	for i := range items {
		if slices.Contains(items[i].Barcodes, "96385074") {
			items[i].Price, items[i].OnHand = 77_00, 0
		}
	}
	was := d.state.View().Price
	d.post(flow.CatalogueChanged{Index: catalogue.Build(8, items)})
	if now := d.state.View().Price; now.Price != 77_00 || now.Stock == was.Stock {
		t.Errorf("the screen shows %+v, was %+v", now, was)
	}
	d.tap("buy")
	if c := d.state.Durable.Cart; len(c.Lines) != 1 || c.Lines[0].Money.Unit != 77_00 {
		t.Errorf("in the basket: %+v", c.Lines)
	}
}

// TestCallStaff shows the basket at the counters, and gives it up once one of them
// goes on with it.
func TestCallStaff(t *testing.T) {
	d := atKiosk()
	d.tap("staff")
	var seen *protocol.CartParked
	for _, e := range d.effects {
		if s, ok := e.(flow.Send); ok && s.Body.Kind() == protocol.KindCartParked {
			seen = s.Body.(*protocol.CartParked)
		}
	}
	if seen == nil || !seen.Help || seen.Money || seen.Total != money.Cents(10_45) || seen.Check() != nil {
		t.Fatalf("the counters see %+v", seen)
	}
	d.post(flow.Told{Body: &protocol.CartList{N: 1}}) // older than the call
	if len(d.state.Durable.Cart.Lines) != 1 {
		t.Error("the basket is gone before anybody saw it")
	}
	d.post(flow.Told{Body: &protocol.CartList{N: 2, Carts: []protocol.CartInfo{seen.CartInfo}}}, flow.Told{Body: &protocol.CartList{N: 3}})
	if v := d.state.View(); v.Screen != flow.ScreenAttract || v.Toast == nil {
		t.Errorf("screen %s with %+v after the counter took over", v.Screen, v.Toast)
	}
}

// TestWhoCalledIsWaitedFor keeps the basket of a customer who called for staff until
// somebody can have come.
func TestWhoCalledIsWaitedFor(t *testing.T) {
	d := atKiosk()
	d.tap("staff")
	d.pass(60_000)
	d.pass(60_000)
	if v := d.state.View(); len(d.state.Durable.Cart.Lines) != 1 || v.Dialog == nil || v.Dialog.Title != "Somebody is coming" {
		t.Fatalf("after two minutes the screen shows %+v", v.Dialog)
	}
	d.pass(180_000)
	d.pass(20_000)
	if v := d.state.View(); v.Screen != flow.ScreenAttract || len(d.state.Durable.Cart.Lines) != 0 {
		t.Errorf("screen %s: the basket of somebody who left stays", v.Screen)
	}
}

// reserved is the hub's word about the shelves, to the question that is out.
func (d *desk) reserved(short ...protocol.StockLevel) {
	d.post(flow.Answered{ID: d.state.World.Reserve, Body: &protocol.StockReserved{Sale: d.state.Durable.Cart.ID, Short: short}})
}

// TestLastOneIsNotPaidTwice asks for no card when another customer gets the last
// piece, and asks for it once the pieces are kept.
func TestLastOneIsNotPaidTwice(t *testing.T) {
	asked := 0
	count := func(_ flow.State, _ flow.Event, _ flow.State, effects []flow.Effect) {
		for _, e := range effects {
			if a, ok := e.(flow.Ask); ok && a.Body.Kind() == protocol.KindTenderBegin {
				asked++
			}
		}
	}
	d := atKiosk()
	d.seen = count
	d.tap("pay")
	d.reserved(protocol.StockLevel{Item: "tube"})
	if v := d.state.View(); asked != 0 || v.Screen != flow.ScreenBasket || v.Toast == nil || d.state.Durable.Cart.Locked {
		t.Errorf("%d cards asked for, screen %s, toast %+v", asked, v.Screen, v.Toast)
	}
	d.tap("pay")
	d.reserved()
	if v := d.state.View(); asked != 1 || v.Screen != flow.ScreenTender {
		t.Errorf("%d cards asked for, screen %s; want one", asked, v.Screen)
	}
	d.told(protocol.TenderDeclined)
	d.tap("other", "pay")
	d.post(flow.AskFailed{ID: d.state.World.Reserve, Why: "the hub does not answer"})
	if asked != 2 {
		t.Errorf("%d cards asked for; without an answer about the shelves the sale goes on", asked)
	}
}
