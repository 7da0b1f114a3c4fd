//go:build headless

package main

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kickstand/device/flow"
	"kickstand/device/link"
	"kickstand/drivers/printer"
	"kickstand/drivers/printer/printertest"
	"kickstand/drivers/scanner"
	"kickstand/protocol"
	"kickstand/protocol/slip"
)

func TestScannerEvents(t *testing.T) {
	rows := []struct {
		name string
		in   scanner.Event
		want flow.Happening
	}{
		{"a code", scanner.Parse([]byte("4006381333931")), flow.Scanned{Code: "4006381333931"}},
		{"a misread code", scanner.Parse([]byte("4006381333932")), flow.Scanned{Code: "4006381333932", Wrong: true}},
		{"a shortened number", scanner.Scan{Text: "04252614", GTIN: "00042100005264", Symbology: scanner.UPCE}, flow.Scanned{Code: "00042100005264"}},
		{"a wrapped trade item number", scanner.Parse([]byte("]C1010400638133393110LOT7")), flow.Scanned{Code: "04006381333931"}},
		{"a shop's own code", scanner.Parse([]byte("BIKE-77")), flow.Scanned{Code: "BIKE-77"}},
		{"garbage", scanner.Garbage{Reason: scanner.Noise}, flow.ScanTrouble{Why: string(scanner.Noise)}},
		{"unplugged", scanner.Down{Reason: "Plug it in."}, flow.PartChanged{Part: "scanner:", State: flow.PartDown, Detail: "Plug it in."}},
		{"plugged in", scanner.Up{}, flow.PartChanged{Part: "scanner:", State: flow.PartOK}},
		{"a repeat", scanner.Duplicate{}, nil},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			if diff := cmp.Diff(row.want, happening(row.in)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestEverySlipLineHasABlock(t *testing.T) {
	doc := slip.Doc{Lines: []slip.Line{
		{Left: "Demo Cycles", Style: slip.Head},
		{Left: "Tube", Right: "9.95"},
		{Left: "2 x 9.95", Indent: 2},
		{Left: "Total", Right: "9.95", Style: slip.Total},
		{Rule: true},
		{Code: "C1-000001"},
		{QR: "https://shop.example/r/1"},
		{Left: "COPY 1", Style: slip.Notice},
	}}
	want := printer.Doc{ID: "job-1", Blocks: []printer.Block{
		printer.Text("Demo Cycles", printer.Style{Align: printer.Center, Bold: true, Wide: true, Tall: true}),
		printer.Row("Tube", "9.95", printer.Style{}),
		printer.Text("  2 x 9.95", printer.Style{}),
		printer.Row("Total", "9.95", printer.Style{Bold: true, Tall: true}),
		printer.Rule(),
		printer.Barcode(printer.Code128, "C1-000001", true),
		printer.QR("https://shop.example/r/1", 0),
		printer.Text("COPY 1", printer.Style{Align: printer.Center, Bold: true, Inverse: true}),
		printer.Cut(),
	}}
	if diff := cmp.Diff(want, paperDoc("job-1", doc)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestPrintAndKickOnAVirtualPrinter(t *testing.T) {
	profile, err := printer.FindProfile("epson-tm-m30")
	if err != nil {
		t.Fatal(err)
	}
	virtual, err := printertest.Start(printertest.Config{Model: printertest.ModelOf(profile)})
	if err != nil {
		t.Fatal(err)
	}
	defer virtual.Close()
	events := make(chan printer.Event, 100)
	driver, err := printer.New(printer.Config{Transport: virtual, Profile: profile, Sink: func(ev printer.Event) { events <- ev }})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- driver.Run(ctx) }()
	defer func() { stop(); <-done }()
	for ev := range events {
		if ev.State == printer.Ready {
			break
		}
	}
	r := receipts{driver: driver}
	if err := r.Kick(ctx); err != nil || len(virtual.Drawer()) != 1 {
		t.Errorf("kick: %v, %d pulses", err, len(virtual.Drawer()))
	}
	got := r.Print(ctx, "job-1", slip.Doc{Lines: []slip.Line{{Left: "Hello"}}})
	if diff := cmp.Diff(flow.Printed{Job: "job-1", Proof: protocol.ProofConfirmed}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if err := virtual.SetFault(printertest.PaperOut, 0); err != nil {
		t.Fatal(err)
	}
	for ev := range events {
		if ev.Trouble == printer.PaperOut {
			break
		}
	}
	got = r.Print(ctx, "job-2", slip.Doc{Lines: []slip.Line{{Left: "Hello"}}})
	if !got.Clean || got.Fault == "" {
		t.Errorf("without paper: %+v, want a clean refusal in words", got)
	}
}

func TestNoPrinterIsSaidSo(t *testing.T) {
	r := receipts{}
	if p := r.Print(t.Context(), "j", slip.Doc{}); !p.Clean || p.Fault == "" {
		t.Errorf("print: %+v", p)
	}
	if err := r.Kick(t.Context()); !errors.Is(err, errNoPrinter) {
		t.Errorf("kick: %v", err)
	}
}

func TestLinkEvents(t *testing.T) {
	w := newWatch()
	w.settings = 4
	desired := &protocol.HubDesired{Settings: protocol.Settings{Version: 4}, Slips: 12}
	rows := []struct {
		in   link.Event
		want []flow.Happening
	}{
		{link.Online{}, []flow.Happening{flow.LinkChanged{Online: true}}},
		{link.Offline{Why: "no network"}, []flow.Happening{flow.LinkChanged{Why: "no network"}}},
		{link.Acked{Waiting: 3}, []flow.Happening{flow.HubAcked{Waiting: 3}}},
		{link.Clock{OffsetMS: 9}, []flow.Happening{flow.ClockChecked{OffsetMS: 9}}},
		{link.Loading{Have: 1, Total: 2}, []flow.Happening{flow.CatalogueLoading{Have: 1, Total: 2}}},
		{link.Desired{HubDesired: desired}, []flow.Happening{flow.SlipsSeen{Last: 12}}},
	}
	for _, row := range rows {
		if diff := cmp.Diff(row.want, w.see(row.in)); diff != "" {
			t.Errorf("%T (-want +got):\n%s", row.in, diff)
		}
	}
	desired.Settings.Version = 5
	if got := w.see(link.Desired{HubDesired: desired}); len(got) != 2 {
		t.Errorf("new settings become %+v", got)
	}
}
