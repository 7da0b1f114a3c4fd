//go:build headless

package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"kickstand/device"
	"kickstand/device/flow"
	"kickstand/device/journal"
	"kickstand/display/raster"
	"kickstand/display/scene"
	"kickstand/display/stage"
	"kickstand/protocol"
	"kickstand/protocol/catalogue"
	"kickstand/protocol/money"
)

// bigShop is 20,000 items with barcodes.
func bigShop() []catalogue.Item {
	kinds := []string{"Inner tube", "Folding tyre", "Chain", "Brake pads", "Bottle cage", "Rear light", "Helmet", "Gloves", "Saddle", "Pedals"}
	makers := []string{"Roll", "Beam", "Northway", "Alder", "Tidal", "Copper", "Larch"}
	var all []catalogue.Item
	for n := range 20_000 {
		all = append(all, catalogue.Item{
			ID: fmt.Sprintf("itm-%06d", n), SKU: fmt.Sprintf("%s-%05d", kinds[n%10][:2], n), Name: kinds[n%10],
			Brand: makers[n%7], Variant: fmt.Sprintf("%d x %d mm", 20+n%700, 20+n%50), Barcodes: []string{fmt.Sprintf("27%010d", n)},
			Price: money.Cents(500 + n%20_000), TaxCategory: "part", Taxes: []money.Rate{{Code: "GST", Name: "GST", PPM: 50_000}}, OnHand: 9,
		})
	}
	return all
}

// desk is a till with its real journal and a screen.
type desk struct {
	dev   *device.Device
	stage *stage.Stage
}

func openDesk(b *testing.B) desk {
	b.Helper()
	painter, err := raster.New(raster.Options{System: os.DirFS("/usr/share/fonts")})
	if err != nil {
		b.Fatal(err)
	}
	panel, _ := scene.PanelNamed(scene.Panel10)
	glass, err := stage.New(stage.Config{Panel: panel, Painter: painter})
	if err != nil {
		b.Fatal(err)
	}
	j, _, err := journal.Open(filepath.Join(b.TempDir(), "journal.db"), journal.Options{
		Device: "counter-1", Stamp: func() protocol.Stamp { return protocol.Stamp{BootID: "b"} },
	})
	if err != nil {
		b.Fatal(err)
	}
	d := device.New(device.Config{ID: "counter-1", Journal: j, Screen: glass, Printer: receipts{}, Drawer: receipts{}},
		flow.New(protocol.Counter, "C1"), slog.New(slog.DiscardHandler))
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 2)
	go func() { ended <- j.Run(ctx) }()
	go func() { ended <- d.Run(ctx) }()
	b.Cleanup(func() {
		stop()
		for range 2 {
			if err := <-ended; err != nil {
				b.Error(err)
			}
		}
		if err := j.Close(); err != nil {
			b.Error(err)
		}
	})
	desk := desk{d, glass}
	desk.post(
		flow.SettingsChanged{Settings: protocol.Settings{
			Version: 1, Shop: protocol.Letterhead{Name: "Demo Cycles"}, Rules: money.Rules{Currency: "CAD", CashStep: 5, CashOnly: true},
			Notes: []money.Cents{500, 1000, 2000}, Operators: []protocol.Operator{{ID: "ann", Name: "Ann", Role: "owner"}},
		}},
		flow.CatalogueChanged{Index: catalogue.Build(1, bigShop())}, flow.LinkChanged{Online: true},
	)
	return desk
}

func (d desk) post(all ...flow.Happening) {
	for _, h := range all {
		d.dev.Post(context.Background(), h)
	}
	d.dev.Settle(context.Background())
}

// BenchmarkScanToLine is from the event of a scan to the line with its price,
// with the journal writing behind; drawn also has it painted.
func BenchmarkScanToLine(b *testing.B) {
	for _, name := range []string{"undrawn", "drawn"} {
		b.Run(name, func(b *testing.B) {
			d := openDesk(b)
			var m stage.Mirror
			d.stage.Update(&m)
			var times []time.Duration
			for n := 0; b.Loop(); n++ {
				if n%20 == 0 {
					d.post(flow.Tapped{ID: "void"}, flow.Tapped{ID: "dialog:void"})
					d.stage.Update(&m)
				}
				begin := time.Now()
				d.post(flow.Scanned{Scanner: "1", Code: fmt.Sprintf("27%010d", n*37%20_000)})
				if name == "drawn" && len(d.stage.Update(&m)) == 0 {
					b.Fatal("the scan changed nothing on the screen")
				}
				times = append(times, time.Since(begin))
			}
			report(b, times)
		})
	}
}

// BenchmarkTypedSearch is from one more typed letter to the list of hits.
func BenchmarkTypedSearch(b *testing.B) {
	d := openDesk(b)
	d.post(flow.Tapped{ID: "start"}, flow.Tapped{ID: "search"})
	queries := []string{"tube 28", "nothway hel", "brak pad alder", "saddle", "be-0", "lght rear"}
	var times []time.Duration
	for n := 0; b.Loop(); n++ {
		d.post(flow.Tapped{ID: "key:clear"})
		for _, r := range queries[n%len(queries)] {
			begin := time.Now()
			d.post(flow.Typed{Text: string(r)})
			times = append(times, time.Since(begin))
		}
	}
	report(b, times)
}

func report(b *testing.B, times []time.Duration) {
	slices.Sort(times)
	b.ReportMetric(float64(times[len(times)*99/100].Microseconds())/1000, "p99-ms")
	b.ReportMetric(float64(times[len(times)/2].Microseconds())/1000, "p50-ms")
}
