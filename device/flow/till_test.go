package flow_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kickstand/device/flow"
	"kickstand/protocol"
	"kickstand/protocol/catalogue"
	"kickstand/protocol/money"
)

// tillDesk is a counter of a shop whose tills have sessions; Ann sells.
func tillDesk() *desk {
	d := newDesk(protocol.Counter)
	set := shopSettings()
	set.Till = protocol.TillRules{Sessions: true, Coins: []money.Cents{20_00, 5_00, 1_00, 5}, Accept: 1_00}
	d.post(flow.Booted{}, flow.SettingsChanged{Settings: set},
		flow.CatalogueChanged{Index: catalogue.Build(7, shopItems())}, flow.LinkChanged{Online: true})
	d.tap("operator", "operator:ann")
	d.tap("back")
	return d
}

// openTill counts a float of 65.00 and opens.
func (d *desk) openTill() {
	d.tap("till", "till-open", "count:2000:plus", "count:2000:plus", "count:2000:plus", "count:500:plus", "till-counted")
}

func (d *desk) sellTube() {
	d.scan("4006381333931")
	d.tap("pay", "cash:2000")
	d.post(flow.Printed{Job: d.job(), Proof: protocol.ProofConfirmed})
	d.post(flow.Kicked{ID: d.kick()})
}

// sent returns the bodies of one kind among the effects of the last event.
func sentOf[B protocol.Body](d *desk) []B {
	var all []B
	for _, e := range d.effects {
		if s, ok := e.(flow.Send); ok {
			if b, ok := s.Body.(B); ok {
				all = append(all, b)
			}
		}
	}
	return all
}

// shows returns all the words of the present screen.
func (d *desk) shows(t *testing.T) string {
	t.Helper()
	b, err := json.Marshal(d.state.View())
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestNoMoneyBeforeTheTillIsOpen(t *testing.T) {
	d := tillDesk()
	d.scan("4006381333931")
	d.tap("pay")
	if v := d.state.View(); v.Screen != flow.ScreenTill || v.Toast == nil {
		t.Fatalf("screen %s, toast %+v", v.Screen, v.Toast)
	}
	d.openTill()
	opened := sentOf[*protocol.TillOpened](d)
	if len(opened) != 1 || opened[0].Float != 65_00 || opened[0].Check() != nil {
		t.Fatalf("sent %+v", d.effects)
	}
	if v := d.state.View(); v.Screen != flow.ScreenSale || len(v.Cart.Lines) != 1 {
		t.Errorf("the sale is gone: screen %s", v.Screen)
	}
	d.tap("pay", "cash:2000")
	sales := sentOf[*protocol.Sale](d)
	if len(sales) != 1 || sales[0].Session != opened[0].ID {
		t.Errorf("the sale is not of the session: %+v", sales)
	}
}

func TestADayAtTheTill(t *testing.T) {
	d := tillDesk()
	d.openTill()
	for range 3 {
		d.sellTube() // 10.45 each
		d.tap("next", "back")
	}
	d.tap("till", "till-out", "key:2", "key:0", "key:00", "till-ok", "dialog:till:1")
	moved := sentOf[*protocol.TillMoved](d)
	if len(moved) != 1 || moved[0].Amount != -20_00 || moved[0].Check() != nil {
		t.Fatalf("sent %+v", d.effects)
	}
	d.post(flow.Printed{Job: d.job(), Proof: protocol.ProofConfirmed})
	d.post(flow.Kicked{ID: d.kick()})
	d.tap("till-close")
	if blind := d.shows(t); d.state.View().Screen != flow.ScreenTillCount || strings.Contains(blind, "76.35") {
		t.Fatalf("the count is not blind: %s", blind)
	}
	d.tap("count:2000:plus", "count:2000:plus", "count:2000:plus", "count:500:plus", "count:500:plus", "count:500:plus",
		"count:100", "key:1", "till-ok", "count:5", "key:5", "till-ok", "till-counted") // 76.25
	if v := d.state.View(); v.Screen != flow.ScreenTillReview || v.List.Rows[2].Value != "-0.10" || v.List.Rows[1].Value != "76.35" {
		t.Fatalf("review %s: %+v", v.Screen, v.List)
	}
	d.tap("till-finish")
	closed := sentOf[*protocol.TillClosed](d)
	if len(closed) != 1 || closed[0].Check() != nil {
		t.Fatalf("sent %+v", d.effects)
	}
	z := closed[0]
	got := []any{z.Number, z.Counted, z.Variance(), z.First, z.Tries, z.Figures.Sales, z.Figures.Total, z.Figures.Out, z.Figures.Float}
	want := []any{int64(1), money.Cents(76_25), money.Cents(-10), money.Cents(76_25), 1, int64(3), money.Cents(31_35), money.Cents(20_00), money.Cents(65_00)}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Z report (-want +got):\n%s", diff)
	}
	printed := false
	for _, e := range d.effects {
		p, ok := e.(flow.Print)
		printed = printed || ok && p.Doc.Title == "Z report 1"
	}
	if !printed || d.state.Durable.Till.Phase != flow.TillShut {
		t.Errorf("printed %v, phase %q", printed, d.state.Durable.Till.Phase)
	}
}

func TestAVarianceBeyondTheLimitNeedsAReason(t *testing.T) {
	d := tillDesk()
	d.openTill()
	d.tap("till", "till-close", "count:2000:plus", "till-counted", "till-finish")
	if v := d.state.View(); v.Dialog == nil || len(sentOf[*protocol.TillClosed](d)) > 0 {
		t.Fatalf("45.00 is missing and nobody asks why: %+v", v.Dialog)
	}
	d.tap("dialog:till:2")
	z := sentOf[*protocol.TillClosed](d)
	if len(z) != 1 || z[0].Why == "" || z[0].Variance() != -45_00 {
		t.Errorf("sent %+v", z)
	}
}

func TestASecondCountKeepsTheFirst(t *testing.T) {
	d := tillDesk()
	d.openTill()
	d.tap("till", "till-close", "count:2000:plus", "till-counted", "till-again", "count:2000:plus", "count:2000:plus", "count:500:plus", "till-counted", "till-finish")
	z := sentOf[*protocol.TillClosed](d)
	if len(z) != 1 || z[0].First != 20_00 || z[0].Tries != 2 || z[0].Variance() != 0 {
		t.Errorf("sent %+v", z)
	}
}

// TestAPowerCutAtAnyStepOfTheCloseGoesOn cuts the power after every step.
func TestAPowerCutAtAnyStepOfTheCloseGoesOn(t *testing.T) {
	d := tillDesk()
	d.openTill()
	d.sellTube()
	d.tap("next", "back")
	for _, id := range []string{"till", "till-close", "count:2000:plus", "count:2000:plus", "count:2000:plus", "count:500:plus", "count:500:plus", "count:500:plus", "till-counted", "till-finish"} {
		d.tap(id)
		before := d.state.Durable.Till
		d.reboot(t)
		if diff := cmp.Diff(before, d.state.Durable.Till); diff != "" {
			t.Fatalf("after %s the cut changed the till:\n%s", id, diff)
		}
		if v := d.state.View(); before.Phase == flow.TillCounting && v.Screen != flow.ScreenTillCount ||
			before.Phase == flow.TillReview && v.Screen != flow.ScreenTillReview {
			t.Fatalf("after %s and a cut the screen is %s", id, v.Screen)
		}
		if id == "till" {
			d.tap(id) // it began anew at the resting screen
		}
	}
	if d.state.Durable.Till.Number != 1 {
		t.Errorf("Z report %d", d.state.Durable.Till.Number)
	}
}

// reboot restarts the device from what it stored.
func (d *desk) reboot(t *testing.T) {
	t.Helper()
	stored, err := json.Marshal(d.state.Durable)
	if err != nil {
		t.Fatal(err)
	}
	world := d.state.World
	s, err := flow.Restore(flow.New(d.state.Role, d.state.Prefix), stored)
	if err != nil {
		t.Fatal(err)
	}
	s.World = world
	d.state, d.wakeMS = s, 0
	d.post(flow.Booted{})
}

func TestWhatIsUnsettledIsNamedAndAManagerMayClose(t *testing.T) {
	d := tillDesk()
	d.openTill()
	d.post(flow.LinkChanged{Why: "no network"}, flow.HubAcked{Waiting: 2})
	d.tap("operator", "operator:ben", "back", "till", "till-close")
	v := d.state.View()
	if v.Dialog == nil || !strings.Contains(v.Dialog.Text, "2 ") {
		t.Fatalf("dialog %+v", v.Dialog)
	}
	if _, ok := v.Target("dialog:till"); ok {
		t.Error("Ben of sales may close it all the same")
	}
	d.tap("dialog:operators", "operator:ann")
	d.tap("till", "till-close", "dialog:till", "count:2000:plus", "count:2000:plus", "count:2000:plus", "count:500:plus", "till-counted", "till-finish")
	z := sentOf[*protocol.TillClosed](d)
	if len(z) != 1 || len(z[0].Open) != 1 {
		t.Fatalf("sent %+v, screen %s", z, d.state.View().Screen)
	}
}

func TestNothingSellsWhileTheDrawerIsCounted(t *testing.T) {
	d := tillDesk()
	d.openTill()
	d.tap("till", "till-close")
	d.scan("4006381333931")
	if v := d.state.View(); len(d.state.Durable.Cart.Lines) > 0 || v.Toast == nil || v.Screen != flow.ScreenTillCount {
		t.Errorf("screen %s, cart %+v", v.Screen, d.state.Durable.Cart)
	}
	d.pass(10 * 60_000)
	if v := d.state.View(); v.Screen != flow.ScreenTillCount {
		t.Errorf("after ten minutes the screen is %s", v.Screen)
	}
	d.tap("till-resume")
	d.sellTube()
	if n := d.state.Durable.Till.Figures.Sales; n != 1 {
		t.Errorf("%d sales in the session", n)
	}
}

func TestWaitingPapersAreBounded(t *testing.T) {
	d := tillDesk()
	d.openTill()
	d.post(flow.PartChanged{Part: "printer", State: flow.PartDown, Detail: "paper is out"})
	for n := range 40 {
		d.tap("till", "till-x")
		if len(d.state.Durable.Jobs) > 10 {
			t.Fatalf("%d papers wait after %d reports", len(d.state.Durable.Jobs), n+1)
		}
	}
}
