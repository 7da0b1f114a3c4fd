package flow_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"kickstand/device/flow"
	"kickstand/protocol"
	"kickstand/protocol/catalogue"
)

func TestRestoreRefuses(t *testing.T) {
	for name, stored := range map[string]string{
		"no JSON":                 "{",
		"another layout":          `{"schema":99}`,
		"a recent sale is absent": `{"schema":1,"recent":[{"sale":null}]}`,
	} {
		t.Run(name, func(t *testing.T) {
			s := flow.New(protocol.Counter, "C1")
			got, err := flow.Restore(s, []byte(stored))
			if err == nil || !got.Durable.Same(s.Durable) {
				t.Errorf("got %+v, %v; want the state unchanged and an error", got.Durable, err)
			}
			if errors.Is(err, flow.ErrSchema) != (name == "another layout") {
				t.Errorf("error %v", err)
			}
		})
	}
}

// TestDoubleTaps pays with every double tap a nervous hand can make.
func TestDoubleTaps(t *testing.T) {
	for taps, screen := range map[string]flow.Screen{
		"pay pay cash:1045 cash:1045":                               flow.ScreenDone,
		"pay cash:1045 next next reprint":                           flow.ScreenSale,
		"pay way:cash key:2 key:00 key:0 cash-ok cash-ok pay":       flow.ScreenDone,
		"pay way:cash key:2 key:00 key:0 cash-ok next next cash-ok": flow.ScreenSale,
	} {
		t.Run(taps, func(t *testing.T) {
			ids := strings.Fields(taps)
			d := openDesk(protocol.Counter)
			sales := 0
			d.seen = func(_ flow.State, _ flow.Event, _ flow.State, effects []flow.Effect) {
				for _, e := range effects {
					if s, ok := e.(flow.Send); ok && s.Body.Kind() == protocol.KindSale {
						sales++
					}
				}
			}
			d.tap("operator", "operator:ann")
			d.scan("4006381333931")
			d.tap(ids...)
			if got := d.state.View().Screen; sales != 1 || got != screen || d.state.Durable.Slips != 1 {
				t.Errorf("%d sales, screen %s, %d slips; want 1, %s, 1", sales, got, d.state.Durable.Slips, screen)
			}
		})
	}
}

// TestBackloggedReceipts sells all day without paper: what waits is bounded, and
// the hub hears of every receipt that was let go.
func TestBackloggedReceipts(t *testing.T) {
	d := openDesk(protocol.Counter)
	skipped := 0
	d.seen = func(_ flow.State, _ flow.Event, _ flow.State, effects []flow.Effect) {
		for _, e := range effects {
			if s, ok := e.(flow.Send); ok && s.Body.Kind() == protocol.KindPrinted {
				skipped++
			}
			if _, ok := e.(flow.Print); ok {
				t.Error("something was printed unasked")
			}
		}
	}
	d.tap("operator", "operator:ann")
	d.post(flow.PartChanged{Part: "printer", State: flow.PartDown, Detail: "paper is out"})
	for range 50 {
		d.scan("4006381333931")
		d.tap("pay", "cash:1045")
		d.monoMS += 1000
	}
	d.post(flow.PartChanged{Part: "printer", State: flow.PartOK})
	d.pass(15 * 60_000)
	if jobs, recent := len(d.state.Durable.Jobs), len(d.state.Durable.Recent); skipped != 30 || jobs != 20 || recent != 20 {
		t.Errorf("%d let go, %d jobs, %d recent sales; want 30, 20, 20", skipped, jobs, recent)
	}
}

// TestQueuedReceiptGrowsOld holds a receipt that waited behind a slow one.
func TestQueuedReceiptGrowsOld(t *testing.T) {
	d := openDesk(protocol.Counter)
	d.tap("operator", "operator:ann")
	for range 2 {
		d.scan("4006381333931")
		d.tap("pay", "cash:1045")
		d.monoMS += 1000
	}
	first := d.job()
	d.pass(11 * 60_000)
	d.post(flow.Printed{Job: first, Proof: protocol.ProofSent})
	if jobs := d.state.Durable.Jobs; len(jobs) != 1 || jobs[0].Phase != flow.Held {
		t.Errorf("jobs %+v; want the second one held", jobs)
	}
}

// TestSlipsAfterALostJournal keeps numbers from coming twice, with a clock that
// is right and one that was never set.
func TestSlipsAfterALostJournal(t *testing.T) {
	for name, wallMS := range map[string]int64{"clock right": morningMS, "clock of 1970": 5000} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(protocol.Counter)
			d.wallMS = wallMS
			d.post(flow.Booted{}, flow.JournalRecovered{Why: "checksum differs"})
			if got := d.state.Durable.Slips; got < 100_000_000 || got > 9_999_999_999-1_000_000 {
				t.Errorf("the counter is at %d, want it far above what can have been sold, in ten digits", got)
			}
		})
	}
}

func TestHubKnowsTheLastSlip(t *testing.T) {
	d := openDesk(protocol.Counter)
	d.post(flow.SlipsSeen{Last: 41}, flow.SlipsSeen{Last: 7})
	d.tap("operator", "operator:ann")
	d.scan("4006381333931")
	d.tap("pay", "cash:1045")
	if got := d.state.View().Done.Slip; got != "C1-000042" {
		t.Errorf("slip %s, want C1-000042", got)
	}
}

// TestManyItemsOneCode shows the search instead of a dialog nobody can read.
func TestManyItemsOneCode(t *testing.T) {
	var items []catalogue.Item
	for i := range 9 {
		items = append(items, catalogue.Item{ID: fmt.Sprintf("sock-%d", i), Name: "Socks", Variant: itoa(i), Barcodes: []string{"SOCKS"}, Price: 5_00, TaxCategory: "clothing"})
	}
	d := openDesk(protocol.Counter)
	d.post(flow.CatalogueChanged{Index: catalogue.Build(9, items)})
	d.tap("operator", "operator:ann")
	d.scan("SOCKS")
	if v := d.state.View(); v.Screen != flow.ScreenSearch || len(v.Search.Hits) != 9 {
		t.Errorf("screen %s with %+v, want the search with 9 hits", v.Screen, v.Search)
	}
	d.tap("hit:sock-4")
	if v := d.state.View(); v.Screen != flow.ScreenSale || len(v.Cart.Lines) != 1 {
		t.Errorf("screen %s with %+v, want a sale of one line", v.Screen, v.Cart)
	}
}

// TestFullSale refuses the line after the last one a sale can have.
func TestFullSale(t *testing.T) {
	var items []catalogue.Item
	for i := range protocol.MaxSaleLines + 1 {
		items = append(items, catalogue.Item{ID: fmt.Sprintf("i%d", i), Name: "Part", Barcodes: []string{fmt.Sprintf("P%d", i)}, Price: 1_00, TaxCategory: "part"})
	}
	d := openDesk(protocol.Counter)
	d.post(flow.CatalogueChanged{Index: catalogue.Build(9, items)})
	d.tap("operator", "operator:ann")
	for _, i := range items {
		d.scan(i.Barcodes[0])
	}
	v := d.state.View()
	if len(v.Cart.Lines) != protocol.MaxSaleLines || v.Toast == nil || !strings.Contains(v.Toast.Text, "second sale") {
		t.Errorf("%d lines, toast %+v", len(v.Cart.Lines), v.Toast)
	}
}

// TestDrawerNeedsSomebody asks for the reason, and the person is signed off
// meanwhile by the office.
func TestDrawerNeedsSomebody(t *testing.T) {
	d := openDesk(protocol.Counter)
	d.tap("operator", "operator:ann", "more", "dialog:drawer")
	nobody := shopSettings()
	nobody.Operators = nil
	d.post(flow.SettingsChanged{Settings: nobody})
	d.tap("dialog:why:1")
	if len(d.state.Durable.Kicks) != 0 || d.state.View().Toast == nil {
		t.Errorf("the drawer was opened for nobody: %+v", d.state.Durable.Kicks)
	}
}

// FuzzInput scans and types anything at all, on every screen that takes text.
func FuzzInput(f *testing.F) {
	f.Add("4006381333931", "tube\n")
	f.Add("\x1d]C1\xff\x00", "\b\b\x1bé\u202e💥\n\n")
	f.Add(strings.Repeat("9", 10_000), strings.Repeat("0", 300))
	f.Fuzz(func(t *testing.T, code, text string) {
		for _, role := range []protocol.Role{protocol.Counter, protocol.Kiosk} {
			d := openDesk(role)
			d.seen = func(_ flow.State, _ flow.Event, after flow.State, _ []flow.Effect) {
				for _, fault := range viewFaults(after.View()) {
					t.Error(fault)
				}
			}
			d.tap("operator", "operator:ann")
			for _, screen := range []string{"", "search", "line:1", "line:1:qty", "back", "discount", "back", "pay", "way:gift", "back", "part"} {
				d.tap(screen)
				d.scan(code)
				d.post(flow.Typed{Text: text})
				d.scan("4006381333931")
			}
		}
	})
}
