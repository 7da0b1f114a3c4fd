package printer_test

import (
	"context"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kickstand/drivers/printer"
	"kickstand/drivers/printer/printertest"
)

func TestTransports(t *testing.T) {
	link := filepath.Join(t.TempDir(), "printer")
	tests := []struct {
		name string
		via  func(*printertest.Printer) printer.Transport
	}{
		{"tcp", func(v *printertest.Printer) printer.Transport { return printer.TCP{Addr: v.Addr()} }},
		{"serial", func(*printertest.Printer) printer.Transport { return printer.Serial{Path: link, Baud: 115200} }},
		{"lp", func(*printertest.Printer) printer.Transport { return printer.LP{Path: link + "*"} }},
	}
	p := profile(t, "epson-tm-t20iii")
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			ready := make(chan printer.Event, 100)
			v, err := printertest.Start(printertest.Config{Model: printertest.ModelOf(p), Addr: "127.0.0.1:0", PTY: link})
			if err != nil {
				t.Fatal(err)
			}
			defer v.Close()
			d, err := printer.New(printer.Config{Transport: test.via(v), Profile: p, Sink: func(ev printer.Event) { ready <- ev }})
			if err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
			done := make(chan error, 1)
			go func() { done <- d.Run(ctx) }()
			defer func() { cancel(); <-done }()

			for round := range 2 {
				res, err := d.Print(ctx, richDoc(t))
				if err != nil || res.Proof != printer.Confirmed {
					t.Fatalf("round %d: %+v, %v", round, res, err)
				}
				if err := v.SetFault(printertest.Unplugged, 0); err != nil {
					t.Fatal(err)
				}
				await(ctx, t, ready, printer.Lost)
				if err := v.SetFault(printertest.None, 0); err != nil {
					t.Fatal(err)
				}
				await(ctx, t, ready, printer.Ready)
			}
			if h := d.Health(); h.Printed != 2 || h.Unplugged != 2 || h.Reopened != 2 {
				t.Errorf("health %+v", h)
			}
		})
	}
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
			t.Fatalf("printer never became %s", want)
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
