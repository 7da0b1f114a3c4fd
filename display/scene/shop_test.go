package scene_test

import (
	"strconv"
	"strings"

	"kickstand/device/flow"
	"kickstand/protocol"
	"kickstand/protocol/catalogue"
	"kickstand/protocol/money"
)

// desk drives the real flow, so that the screens here are those of the shop.
type desk struct {
	state  flow.State
	mono   int64
	number int
}

// morningMS is 2026-05-04 09:00 in Vancouver.
const morningMS = 1_777_910_400_000

func openDesk(role protocol.Role) *desk {
	d := &desk{state: flow.New(role, "C1")}
	d.post(
		flow.Booted{}, flow.SettingsChanged{Settings: settings()},
		flow.CatalogueChanged{Index: catalogue.Build(7, items())}, flow.LinkChanged{Online: true},
	)
	return d
}

// signedOn is a counter where Mae is selling.
func signedOn() *desk {
	d := openDesk(protocol.Counter)
	d.tap("start", "operator", "operator:mae")
	return d
}

func (d *desk) post(all ...flow.Happening) {
	for _, h := range all {
		d.number++
		d.mono += 700
		d.state, _ = flow.Step(d.state, flow.Event{WallMS: morningMS + d.mono, MonoMS: d.mono, NewID: "e" + strconv.Itoa(d.number), Secret: strings.Repeat("k7", 16), Is: h})
	}
}

func (d *desk) tap(ids ...string) {
	for _, id := range ids {
		d.post(flow.Tapped{ID: id})
	}
}

func (d *desk) scan(codes ...string) {
	for _, c := range codes {
		d.post(flow.Scanned{Scanner: "scanner:1", Code: c})
	}
}

// job is the print job the till waits for.
func (d *desk) job() string {
	for _, j := range d.state.Durable.Jobs {
		if j.Phase == flow.Begun {
			return j.ID
		}
	}
	return "none"
}

func settings() protocol.Settings {
	return protocol.Settings{
		Version: 3,
		Shop: protocol.Letterhead{
			Name: "Cedar & Chain Cycles", Address: []string{"1 Main Street", "Vancouver BC"},
			TaxNumber: "GST 12345 6789 RT0001", Footer: []string{"Thank you"}, UTCOffset: -7 * 3600,
		},
		Rules: money.Rules{
			Currency: "CAD", Mode: money.HalfUp, Scope: money.PerDocument,
			CashStep: 5, CashMode: money.HalfUp, CashOnly: true,
		},
		Notes: []money.Cents{5_00, 10_00, 20_00, 50_00, 100_00},
		Operators: []protocol.Operator{
			{ID: "mae", Name: "Mae Tran", Role: "owner", MaxDiscount: 500_000},
			{ID: "ben", Name: "Ben Okafor", Role: "sales", MaxDiscount: 100_000},
			{ID: "cleo", Name: "Cléo Lavallée-Beaulieu", Role: "workshop"},
			{ID: "sam", Name: "Sam", Role: "junior"},
		},
		Receipts: protocol.ReceiptWays{URL: "https://receipts.cedar-and-chain.example", Mail: true},
		IdleS:    90,
	}
}

// long is the longest name a shop would type.
const long = "Schwalbe Marathon Plus Tour Performance SmartGuard reflective touring tyre, wire bead, 700 x 38C (40-622)"

func items() []catalogue.Item {
	both := []money.Rate{{Code: "GST", Name: "GST", PPM: 50_000}, {Code: "PST", Name: "PST", PPM: 70_000}}
	one := both[:1]
	all := []catalogue.Item{
		{ID: "tube", SKU: "TU-28", Name: "Inner tube", Variant: "700 × 28–35", Brand: "Continental", Barcodes: []string{"TUBE"}, Price: 9_95, TaxCategory: "part", Taxes: one, OnHand: 12},
		{ID: "light", SKU: "LI-1", Name: "Front light Lumotec", Brand: "Busch & Müller", Barcodes: []string{"LIGHT"}, Price: 39_50, TaxCategory: "accessory", Taxes: both, OnHand: 1},
		{ID: "bell", SKU: "BE-1", Name: "Brass bell", Brand: "Crane", Barcodes: []string{"BELL"}, Price: 34_00, TaxCategory: "accessory", Taxes: both},
		{ID: "bike", SKU: "BI-7", Name: "City bike Larkspur", Variant: "54 cm, sage", Brand: "Linus", Barcodes: []string{"BIKE"}, Price: 1_249_00, TaxCategory: "bicycle", Taxes: one, Serialised: true, OnHand: 1},
		{ID: "glove-m", SKU: "GL-M", Name: "Gloves Neo", Variant: "M", Brand: "Giro", Barcodes: []string{"GLOVES"}, Price: 45_00, TaxCategory: "clothing", Taxes: both, OnHand: 3},
		{ID: "glove-l", SKU: "GL-L", Name: "Gloves Neo", Variant: "L", Brand: "Giro", Barcodes: []string{"GLOVES"}, Price: 45_00, TaxCategory: "clothing", Taxes: both, OnHand: 3},
		{ID: "fit", SKU: "LAB-1", Name: "Fit a tube", Barcodes: []string{"FIT"}, Price: 15_00, TaxCategory: "labour", Taxes: one},
		{ID: "lube", SKU: "LU-2", Name: "Chain lube wet, 120 ml", Brand: "Finish Line", Barcodes: []string{"LUBE"}, Price: 14_99, TaxCategory: "part", Taxes: both, OnHand: 22},
		{ID: "lock", SKU: "KL-4", Name: "U-lock Evolution Mini-7", Brand: "Kryptonite", Barcodes: []string{"LOCK"}, Price: 94_95, TaxCategory: "accessory", Taxes: both, OnHand: 4},
		{ID: "tyre", SKU: "TY-38", Name: long, Brand: "Schwalbe", Barcodes: []string{"TYRE"}, Price: 72_00, TaxCategory: "part", Taxes: one, OnHand: 2},
		{ID: "frame", SKU: "FR-1", Name: "Carbon frame", Barcodes: []string{"FRAME"}, Price: 99_999_00, TaxCategory: "part", Taxes: one, OnHand: 2},
	}
	for i := range 60 {
		n := strconv.Itoa(i + 1)
		all = append(all, catalogue.Item{ID: "bolt-" + n, SKU: "BO-" + n, Name: "Bolt M" + n, Barcodes: []string{"BOLT" + n}, Price: money.Cents(100 + i), TaxCategory: "part", Taxes: both, OnHand: 100})
	}
	return all
}

// tender lets the hub say how the open tender fares.
func (d *desk) tender(phase protocol.TenderPhase, why string) {
	c := d.state.Durable.Cart
	taken := flow.Cents(0)
	if phase == protocol.TenderTaken {
		taken = c.Open.Amount
	}
	d.post(flow.Told{Body: &protocol.TenderState{
		Taken: taken, Words: "Visa 4242", ID: c.Open.ID, Sale: c.ID, Tender: c.Open.Tender, Amount: c.Open.Amount, Phase: phase, N: c.Open.N + 1, Why: why,
	}})
}

// bolts scans n different items.
func (d *desk) bolts(n int) {
	for i := range n {
		d.scan("BOLT" + strconv.Itoa(i+1))
	}
}

func (d *desk) typed(text string) {
	for _, r := range strings.Split(text, "") {
		d.post(flow.Typed{Text: r})
	}
}
