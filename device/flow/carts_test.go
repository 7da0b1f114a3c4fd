package flow_test

import (
	"slices"
	"strings"
	"testing"

	"kickstand/device/flow"
	"kickstand/protocol"
	"kickstand/protocol/catalogue"
)

// sharing is a counter that is known to the hub by name; Ann sells.
func sharing(device, prefix string) *desk {
	d := newDesk(protocol.Counter)
	d.state.Device, d.state.Prefix = device, prefix
	d.post(flow.Booted{}, flow.SettingsChanged{Settings: shopSettings()},
		flow.CatalogueChanged{Index: catalogue.Build(7, shopItems())}, flow.LinkChanged{Online: true})
	d.ids = len(device) * 1000 // ids of their own
	d.tap("operator", "operator:ann")
	return d
}

func asked[B protocol.Body](d *desk) (string, B) {
	for _, e := range d.effects {
		if a, ok := e.(flow.Ask); ok {
			if b, ok := a.Body.(B); ok {
				return a.ID, b
			}
		}
	}
	var none B
	return "", none
}

func TestAParkedSaleGoesOnAtAnotherCounter(t *testing.T) {
	one, two := sharing("counter-1", "C1"), sharing("counter-22", "C2")
	one.scan("4006381333931")
	one.scan("96385074")
	one.tap("park")
	parked := sentOf[*protocol.CartParked](one)
	if len(parked) != 1 || parked[0].Check() != nil {
		t.Fatalf("sent %+v", one.effects)
	}
	list := &protocol.CartList{N: 1, Carts: []protocol.CartInfo{parked[0].CartInfo}}
	one.post(flow.Told{Body: list})
	two.post(flow.Told{Body: list})
	two.tap("parked")
	if v := two.state.View(); len(v.List.Rows) != 1 || v.List.Rows[0].ID != "claim:"+parked[0].ID {
		t.Fatalf("the other counter lists %+v", v.List)
	}
	two.tap("claim:" + parked[0].ID)
	ask, claim := asked[*protocol.CartClaim](two)
	if claim == nil {
		t.Fatalf("asked %+v", two.effects)
	}
	two.post(flow.Answered{ID: ask, Body: &protocol.CartClaimed{CartInfo: parked[0].CartInfo, By: claim.By, Cart: parked[0].Cart}})
	if v := two.state.View(); v.Screen != flow.ScreenSale || len(v.Cart.Lines) != 2 || two.state.Durable.Cart.ID != claim.By {
		t.Fatalf("screen %s, %+v", v.Screen, two.state.Durable.Cart)
	}
	one.post(flow.Told{Body: &protocol.CartList{N: 2}})
	if len(one.state.Durable.Parked) != 0 {
		t.Error("the first counter still has it")
	}
}

func sounded(d *desk, tone flow.Tone) bool {
	return slices.Contains(d.effects, flow.Effect(flow.Sound{Tone: tone}))
}

// TestTheCounterNoticesWhoCalls makes a sound once for each customer who calls, and
// leads to the basket.
func TestTheCounterNoticesWhoCalls(t *testing.T) {
	kiosk := atKiosk()
	kiosk.state.Device = "kiosk-1"
	kiosk.tap("staff")
	parked := sentOf[*protocol.CartParked](kiosk)[0]
	list := &protocol.CartList{N: 1, Carts: []protocol.CartInfo{parked.CartInfo}}
	d := sharing("counter-1", "C1")
	d.post(flow.Told{Body: list})
	if v := d.state.View(); !sounded(d, flow.Attention) || v.Banner == nil || !strings.Contains(v.Banner.Text, "kiosk-1 calls for help") {
		t.Fatalf("banner %+v, effects %+v", v.Banner, d.effects)
	}
	d.post(flow.Told{Body: &protocol.CartList{N: 2, Carts: list.Carts}})
	if sounded(d, flow.Attention) {
		t.Error("it makes a sound again for the same customer")
	}
	d.tap("banner:parked", "claim:"+parked.ID)
	ask, claim := asked[*protocol.CartClaim](d)
	if claim == nil {
		t.Fatalf("asked %+v", d.effects)
	}
	d.post(flow.Answered{ID: ask, Body: &protocol.CartClaimed{CartInfo: parked.CartInfo, By: claim.By, Cart: parked.Cart}}, flow.Told{Body: &protocol.CartList{N: 3}})
	if v := d.state.View(); v.Screen != flow.ScreenSale || v.Banner != nil || d.state.Durable.Cart.Help {
		t.Errorf("screen %s, banner %+v, calls on: %t", v.Screen, v.Banner, d.state.Durable.Cart.Help)
	}
}

// TestWhoPaysIsNotTakenOver tells staff to go to the kiosk.
func TestWhoPaysIsNotTakenOver(t *testing.T) {
	d := sharing("counter-1", "C1")
	info := protocol.CartInfo{ID: "s-1", Device: "kiosk-1", Title: "Bell", Currency: "CAD", Help: true, Money: true}
	d.post(flow.Told{Body: &protocol.CartList{N: 1, Carts: []protocol.CartInfo{info, {ID: "s-2", Device: "kiosk-2", Title: "Bell", Currency: "CAD", Help: true, ParkedMS: 1}}}})
	if v := d.state.View(); v.Banner == nil || !strings.Contains(v.Banner.Text, "please go there") || !strings.Contains(v.Banner.Text, "1 more customer") {
		t.Errorf("banner %+v", v.Banner)
	}
	d.tap("parked")
	rows := d.state.View().List.Rows
	at := slices.IndexFunc(rows, func(r flow.Row) bool { return strings.Contains(r.Detail, "kiosk-1") })
	if at < 0 || rows[at].ID != "" || !strings.Contains(rows[at].Detail, "a payment is open there: please go there") {
		t.Errorf("the list says %+v", rows)
	}
}

func TestAParkedSaleTheHubHasNotHeardOfStays(t *testing.T) {
	d := sharing("counter-1", "C1")
	d.scan("4006381333931")
	d.tap("park")
	d.post(flow.Told{Body: &protocol.CartList{N: 9}}) // made before the parking arrived
	if len(d.state.Durable.Parked) != 1 {
		t.Error("a parked sale is lost")
	}
}

// TestALostAnswerLosesNoParkedSale asks for the same again, also after a power cut:
// the hub hands the sale over once.
func TestALostAnswerLosesNoParkedSale(t *testing.T) {
	d := sharing("counter-22", "C2")
	info := protocol.CartInfo{ID: "s-1", Device: "counter-1", Title: "Bell", Currency: "CAD"}
	d.post(flow.Told{Body: &protocol.CartList{N: 1, Carts: []protocol.CartInfo{info}}})
	d.tap("parked", "claim:s-1")
	ask, first := asked[*protocol.CartClaim](d)
	d.post(flow.AskFailed{ID: ask, Why: "the hub does not answer"})
	_, again := asked[*protocol.CartClaim](d)
	if again == nil || *again != *first {
		t.Fatalf("asked %+v, then %+v", first, again)
	}
	d.state.World.Online = false
	d.reboot(t)
	d.post(flow.LinkChanged{Online: true})
	_, later := asked[*protocol.CartClaim](d)
	if later == nil || *later != *first {
		t.Fatalf("after a power cut it asks %+v", later)
	}
}

func TestTwoClaimsOneWinner(t *testing.T) {
	d := sharing("counter-22", "C2")
	d.post(flow.Told{Body: &protocol.CartList{N: 1, Carts: []protocol.CartInfo{{ID: "s-1", Device: "counter-1", Title: "Bell", Currency: "CAD"}}}})
	d.tap("parked", "claim:s-1")
	ask, _ := asked[*protocol.CartClaim](d)
	d.post(flow.AskFailed{ID: ask, Refused: true, Why: "another counter goes on with this sale"})
	if v := d.state.View(); v.Toast == nil || len(d.state.Durable.Cart.Lines) != 0 {
		t.Errorf("toast %+v", v.Toast)
	}
}

func TestTheLoserOfTheLastPieceIsToldBeforePaying(t *testing.T) {
	d := sharing("counter-1", "C1")
	d.scan("96385074")
	d.tap("pay")
	ask, b := asked[*protocol.StockReserve](d)
	if b == nil || len(b.Lines) != 1 || b.Lines[0].Qty != 1 || b.Check() != nil {
		t.Fatalf("asked %+v", d.effects)
	}
	d.post(flow.Answered{ID: ask, Body: &protocol.StockReserved{Sale: b.Sale, Short: []protocol.StockLevel{{Item: "light"}}}})
	if v := d.state.View(); v.Dialog == nil {
		t.Fatalf("nothing is said on screen %s", v.Screen)
	}
	d.tap("dialog:leave-pay")
	_, released := asked[*protocol.StockReserve](d)
	if v := d.state.View(); v.Screen != flow.ScreenSale || released == nil || len(released.Lines) != 0 {
		t.Errorf("screen %s, asked %+v", v.Screen, released)
	}
}

func TestALateWordAboutStockChangesNothing(t *testing.T) {
	d := sharing("counter-1", "C1")
	d.scan("96385074")
	d.tap("pay")
	ask, b := asked[*protocol.StockReserve](d)
	d.tap("cash:4425")
	d.post(flow.Answered{ID: ask, Body: &protocol.StockReserved{Sale: b.Sale, Short: []protocol.StockLevel{{Item: "light"}}}})
	if v := d.state.View(); v.Screen != flow.ScreenDone || v.Dialog != nil {
		t.Errorf("screen %s, dialog %+v", v.Screen, v.Dialog)
	}
}
