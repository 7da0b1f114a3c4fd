package flow_test

import (
	"slices"
	"testing"

	"kickstand/device/flow"
	"kickstand/protocol"
)

// unclear is a kiosk whose customer's payment a person must look up.
func unclear() *desk {
	d := atKiosk()
	d.tap("pay")
	d.post(flow.Answered{ID: d.state.World.Wait, Body: &protocol.StockReserved{Sale: d.state.Durable.Cart.ID}}) // the pieces are kept
	d.told(protocol.TenderWaiting)
	d.told(protocol.TenderPerson)
	return d
}

// TestAKioskIsFreeOnceAPersonHasLookedThePaymentUp hears what the office says of a
// payment that nobody knew of, an hour later: paid, or not.
func TestAKioskIsFreeOnceAPersonHasLookedThePaymentUp(t *testing.T) {
	for _, c := range []struct {
		phase protocol.TenderPhase
		then  flow.Screen // at once
		sold  bool
	}{
		{protocol.TenderTaken, flow.ScreenDone, true},
		{protocol.TenderCanceled, flow.ScreenTender, false},
		{protocol.TenderDeclined, flow.ScreenTender, false},
	} {
		t.Run(string(c.phase), func(t *testing.T) {
			d := unclear()
			d.pass(3_600_000)
			d.told(c.phase)
			if v := d.state.View(); v.Screen != c.then {
				t.Errorf("screen %s, want %s", v.Screen, c.then)
			}
			sold := false
			for _, e := range d.effects {
				s, ok := e.(flow.Send)
				sold = sold || ok && s.Body.Kind() == protocol.KindSale
			}
			if sold != c.sold {
				t.Errorf("sold %v, want %v", sold, c.sold)
			}
			if !c.sold {
				d.tap("other")
				if v := d.state.View(); v.Screen != flow.ScreenBasket || d.state.Durable.Cart.Open != nil {
					t.Errorf("screen %s: the customer cannot go on", v.Screen)
				}
			}
			for range 8 {
				d.pass(60_000)
			}
			if v := d.state.View(); v.Screen != flow.ScreenAttract {
				t.Errorf("screen %s: the next customer cannot begin", v.Screen)
			}
		})
	}
}

// TestAPaymentForAPersonIsAskedAboutAgain is away while the office settles it: the
// hub's word is lost, and so it asks when the hub is back.
func TestAPaymentForAPersonIsAskedAboutAgain(t *testing.T) {
	d := unclear()
	d.post(flow.LinkChanged{Why: "no network"})
	for _, c := range d.state.World.Calls {
		d.post(flow.AskFailed{ID: c.Ask}) // the question that was out
	}
	d.pass(600_000)
	d.post(flow.LinkChanged{Online: true})
	back := d.effects
	d.pass(60_000)
	id, asked := d.state.Durable.Cart.Open.ID, false
	for _, e := range slices.Concat(back, d.effects) {
		if a, ok := e.(flow.Ask); ok {
			b, ok := a.Body.(*protocol.TenderAsk)
			asked = asked || ok && b.ID == id
		}
	}
	if !asked {
		t.Error("nobody asks the hub about the payment")
	}
}
