package flow_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"kickstand/device/flow"
	"kickstand/protocol"
	"kickstand/protocol/catalogue"
	"kickstand/protocol/money"
)

// bigDesk has 20,000 items, 20 finished sales and an open one of 20 lines.
func bigDesk(b *testing.B) *desk {
	b.Helper()
	items := make([]catalogue.Item, 20_000)
	for i := range items {
		items[i] = catalogue.Item{
			ID: fmt.Sprintf("item-%05d", i), SKU: fmt.Sprintf("SKU-%05d", i), Name: fmt.Sprintf("Part %d for bicycles", i),
			Brand: "Maker", Barcodes: []string{fmt.Sprintf("B%05d", i)}, Price: 9_95, TaxCategory: "part",
			Taxes: []money.Rate{gst, pst}, OnHand: 5,
		}
	}
	d := openDesk(protocol.Counter)
	d.post(flow.CatalogueChanged{Index: catalogue.Build(9, items)})
	d.tap("operator", "operator:ann")
	for i := range 20 {
		for n := range 5 {
			d.scan(fmt.Sprintf("B%05d", i*100+n))
		}
		d.tap("pay")
		d.tap(d.state.View().Pay.Quick[0].ID)
		d.monoMS += 1000
		d.post(flow.Printed{Job: d.job(), Proof: protocol.ProofSent})
	}
	for n := range 20 {
		d.scan(fmt.Sprintf("B%05d", 5000+n))
	}
	return d
}

// BenchmarkScan is one scan in a sale of 20 lines to the view with its price.
func BenchmarkScan(b *testing.B) {
	d := bigDesk(b)
	state := d.state
	for i := range b.N {
		e := flow.Event{MonoMS: d.monoMS, WallMS: d.wallMS, NewID: "x", Is: flow.Scanned{Code: fmt.Sprintf("B%05d", 6000+i%1000)}}
		after, _ := flow.Step(state, e)
		if len(after.View().Cart.Lines) != 21 {
			b.Fatal("the scan was not taken")
		}
	}
}

// BenchmarkStored is what the runtime pays to store the state of a step.
func BenchmarkStored(b *testing.B) {
	d := bigDesk(b)
	size := 0
	for range b.N {
		raw, err := json.Marshal(d.state.Durable)
		if err != nil {
			b.Fatal(err)
		}
		size = len(raw)
	}
	b.ReportMetric(float64(size), "bytes")
}
