package printer_test

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kickstand/drivers/printer"
	"kickstand/drivers/printer/printertest"
)

// wires are the ways to reach a virtual printer that listens and has a
// pseudo-terminal at link.
func wires(v *printertest.Printer, link string) []printer.Transport {
	return []printer.Transport{
		printer.TCP{Addr: v.Addr()}, printer.Serial{Path: link, Baud: 115200}, printer.LP{Path: link + "*"},
	}
}

// onWire runs body with a driver on each transport. Events arrive in order.
func onWire(t *testing.T, buffer int, body func(context.Context, *testing.T, *printertest.Printer, *printer.Printer, <-chan printer.Event)) {
	p := profile(t, "epson-tm-t20iii")
	for i, name := range []string{"tcp", "serial", "lp"} {
		t.Run(name, func(t *testing.T) {
			link := filepath.Join(t.TempDir(), "printer")
			v, err := printertest.Start(printertest.Config{
				Model: printertest.ModelOf(p), Addr: "127.0.0.1:0", PTY: link, Buffer: buffer,
			})
			if err != nil {
				t.Fatal(err)
			}
			defer v.Close()
			events := make(chan printer.Event, 1000)
			d, err := printer.New(printer.Config{
				Transport: wires(v, link)[i], Profile: p, Sink: func(ev printer.Event) { events <- ev },
			})
			if err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
			done := make(chan error, 1)
			go func() { done <- d.Run(ctx) }()
			defer func() { cancel(); <-done }()
			body(ctx, t, v, d, events)
		})
	}
}

func TestTransportsSurviveReplugging(t *testing.T) {
	onWire(t, 0, func(ctx context.Context, t *testing.T, v *printertest.Printer, d *printer.Printer, events <-chan printer.Event) {
		for round := range 2 {
			res, err := d.Print(ctx, richDoc(t))
			if err != nil || res.Proof != printer.Confirmed {
				t.Fatalf("round %d: %+v, %v", round, res, err)
			}
			if err := v.SetFault(printertest.Unplugged, 0); err != nil {
				t.Fatal(err)
			}
			await(ctx, t, events, printer.Lost)
			if err := v.SetFault(printertest.None, 0); err != nil {
				t.Fatal(err)
			}
			await(ctx, t, events, printer.Ready)
		}
		if h := d.Health(); h.Printed != 2 || h.Unplugged != 2 || h.Reopened != 2 {
			t.Errorf("health %+v", h)
		}
	})
}

// TestAStuckPrinterLetsGo fills a printer that takes no more; a caller who
// leaves must get an answer although a write is in progress.
func TestAStuckPrinterLetsGo(t *testing.T) {
	long := &printer.Bitmap{Width: 576, Height: 4000, Bits: make([]byte, 72*4000)}
	onWire(t, 256, func(ctx context.Context, t *testing.T, v *printertest.Printer, d *printer.Printer, events <-chan printer.Event) {
		await(ctx, t, events, printer.Ready)
		if err := v.SetFault(printertest.CoverOpen, 20); err != nil {
			t.Fatal(err)
		}
		pctx, leave := context.WithCancel(ctx)
		defer leave()
		go func() {
			await(ctx, t, events, printer.Troubled)
			leave()
		}()
		res, err := d.Print(pctx, printer.Doc{ID: "long", Blocks: []printer.Block{printer.Image(long), printer.Image(long), printer.Image(long)}})
		var f *printer.Fault
		if !errors.As(err, &f) || f.Trouble != printer.CoverOpen || res.Proof != printer.Unknown || res.Written == 0 {
			t.Errorf("got %+v, %v", res, err)
		}
	})
}

func await(ctx context.Context, t *testing.T, events <-chan printer.Event, want printer.State) {
	t.Helper()
	for {
		select {
		case ev := <-events:
			if ev.State == want {
				return
			}
		case <-ctx.Done():
			t.Errorf("printer never became %s", want)
			return
		}
	}
}

func TestOpenSaysWhichPrinterIsMissing(t *testing.T) {
	dir := t.TempDir()
	for _, tr := range []printer.Transport{
		printer.TCP{Addr: "127.0.0.1:1"}, printer.LP{Path: dir + "/lp*"}, printer.Serial{Path: dir + "/tty"},
	} {
		if _, err := tr.Open(t.Context()); err == nil || !strings.Contains(err.Error(), tr.String()) {
			t.Errorf("%s: error %v", tr, err)
		}
	}
}
