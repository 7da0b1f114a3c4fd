package flow_test

import (
	"kickstand/device/flow"
	"kickstand/protocol"
	"kickstand/protocol/catalogue"
	"kickstand/protocol/money"
)

var (
	gst = money.Rate{Code: "GST", Name: "GST", PPM: 50_000}
	pst = money.Rate{Code: "PST", Name: "PST", PPM: 70_000}
)

// shopSettings is a small shop in British Columbia.
func shopSettings() protocol.Settings {
	return protocol.Settings{
		Version: 3,
		Shop: protocol.Letterhead{
			Name: "Demo Cycles", Address: []string{"1 Main Street", "Vancouver BC"},
			TaxNumber: "GST 12345 6789 RT0001", Footer: []string{"Thank you"}, UTCOffset: -7 * 3600,
		},
		Rules: money.Rules{
			Currency: "CAD", Mode: money.HalfUp, Scope: money.PerDocument,
			CashStep: 5, CashMode: money.HalfUp, CashOnly: true,
		},
		Notes: []money.Cents{5_00, 10_00, 20_00, 50_00, 100_00},
		Operators: []protocol.Operator{
			{ID: "ann", Name: "Ann", Role: "owner", MaxDiscount: 500_000},
			{ID: "ben", Name: "Ben", Role: "sales", MaxDiscount: 100_000},
			{ID: "cleo", Name: "Cleo", Role: "junior"},
		},
		Receipts: protocol.ReceiptWays{URL: "https://shop.example", Mail: true},
		IdleS:    90,
	}
}

// shopItems is one item of every sort a till meets.
func shopItems() []catalogue.Item {
	both, one := []money.Rate{gst, pst}, []money.Rate{gst}
	return []catalogue.Item{
		{ID: "tube", SKU: "TU-28", Name: "Inner tube", Variant: "700 x 28", Brand: "Roll", Barcodes: []string{"4006381333931"}, Price: 9_95, TaxCategory: "part", Taxes: one, OnHand: 12},
		{ID: "light", SKU: "LI-1", Name: "Front light", Brand: "Beam", Barcodes: []string{"96385074"}, Price: 39_50, TaxCategory: "accessory", Taxes: both, OnHand: 1},
		{ID: "bell", SKU: "BE-1", Name: "Bell", Variant: "brass", Barcodes: []string{"0036000291452"}, Price: 14_00, TaxCategory: "accessory", Taxes: both},
		{ID: "bike", SKU: "BI-7", Name: "City bike", Variant: "54 cm, serial 7731", Barcodes: []string{"SN7731"}, Price: 1_249_00, TaxCategory: "bicycle", Taxes: one, Serialised: true, OnHand: 1},
		{ID: "glove-m", SKU: "GL-M", Name: "Gloves", Variant: "M", Barcodes: []string{"5901234123457"}, Price: 25_00, TaxCategory: "clothing", Taxes: both, OnHand: 3},
		{ID: "glove-l", SKU: "GL-L", Name: "Gloves", Variant: "L", Barcodes: []string{"5901234123457"}, Price: 27_00, TaxCategory: "clothing", Taxes: both, OnHand: 3},
		{ID: "fit", SKU: "LAB-1", Name: "Fit a tube", Price: 15_00, TaxCategory: "labour", Taxes: one},
		{ID: "frame", SKU: "FR-1", Name: "Carbon frame", Barcodes: []string{"FRAME"}, Price: 99_999_00, TaxCategory: "part", Taxes: one, OnHand: 2},
		{ID: "sticker", SKU: "ST-0", Name: "Sticker", Barcodes: []string{"STICK"}, TaxCategory: "accessory", Taxes: both, OnHand: 90},
		{ID: "refund", SKU: "RF", Name: "Bottle return", Barcodes: []string{"BOTTLE"}, Price: -5_00, TaxCategory: "exempt", OnHand: 9},
		{ID: "old", SKU: "OLD", Name: "Old pump", Barcodes: []string{"OLDPUMP"}, Price: 10_00, TaxCategory: "accessory", Taxes: both, Retired: true},
		{ID: "Bad Id", SKU: "BAD", Name: "Damaged record", Barcodes: []string{"BADID"}, Price: 1_00, TaxCategory: "accessory", Taxes: both, OnHand: 4},
	}
}

// desk drives one device as its runtime would: it stamps events, fires wakes
// and keeps the effects of the last event.
type desk struct {
	state   flow.State
	wallMS  int64
	monoMS  int64
	ids     int
	wakeMS  int64
	effects []flow.Effect
	seen    func(before flow.State, e flow.Event, after flow.State, effects []flow.Effect)
}

// morningMS is 2026-05-04 09:00 in Vancouver.
const morningMS = 1_777_910_400_000

func newDesk(role protocol.Role) *desk {
	prefix := "C1"
	if role == protocol.Kiosk {
		prefix = "K1"
	}
	return &desk{state: flow.New(role, prefix), wallMS: morningMS, monoMS: 1000}
}

// openDesk is a desk that has its settings and items and is online.
func openDesk(role protocol.Role) *desk {
	d := newDesk(role)
	d.post(
		flow.Booted{}, flow.SettingsChanged{Settings: shopSettings()},
		flow.CatalogueChanged{Index: catalogue.Build(7, shopItems())}, flow.LinkChanged{Online: true},
	)
	return d
}

func (d *desk) post(all ...flow.Happening) {
	d.effects = nil
	for _, h := range all {
		d.ids++
		ev := flow.Event{WallMS: d.wallMS, MonoMS: d.monoMS, NewID: "e" + itoa(d.ids), Secret: secret(d.ids), Is: h}
		before := d.state
		after, effects := flow.Step(before, ev)
		d.state = after
		d.effects = append(d.effects, effects...)
		for _, e := range effects {
			if w, ok := e.(flow.Wake); ok {
				d.wakeMS = w.MonoMS
			}
		}
		if d.seen != nil {
			d.seen(before, ev, after, effects)
		}
	}
}

// secret is the n-th token that nobody can guess in a real shop.
func secret(n int) string {
	const letters = "abcdefghij"
	b := []byte("kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk")
	for i, r := range itoa(n) {
		b[i] = letters[r-'0']
	}
	return string(b)
}

func (d *desk) tap(ids ...string) {
	for _, id := range ids {
		d.post(flow.Tapped{ID: id})
	}
}

func (d *desk) scan(code string) { d.post(flow.Scanned{Scanner: "scanner:1", Code: code}) }

// pass lets time go by and answers every Wake on the way.
func (d *desk) pass(ms int64) {
	end := d.monoMS + ms
	var all []flow.Effect
	for d.wakeMS != 0 && d.wakeMS <= end {
		step := max(0, d.wakeMS-d.monoMS)
		d.monoMS, d.wallMS, d.wakeMS = d.monoMS+step, d.wallMS+step, 0
		d.post(flow.Ticked{})
		all = append(all, d.effects...)
	}
	d.wallMS, d.monoMS = d.wallMS+end-d.monoMS, end
	d.effects = all
}

// job is the id of the Print the device waits for.
func (d *desk) job() string {
	for _, j := range d.state.Durable.Jobs {
		if j.Phase == flow.Begun {
			return j.ID
		}
	}
	return "no-job"
}

// kick is the id of the drawer pulse the device waits for.
func (d *desk) kick() string {
	if len(d.state.Durable.Kicks) == 0 {
		return "no-kick"
	}
	return d.state.Durable.Kicks[0].ID
}
