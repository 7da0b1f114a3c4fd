package main

import (
	"context"
	"fmt"
	"os"
	"strings"

	"kickstand/drivers/printer"
)

// openPrinter makes the driver of the configured printer.
func openPrinter(k *kiosk) (receipts, error) {
	if k.cfg.Printer.Address == "" {
		return receipts{}, nil
	}
	transport, err := printerTransport(k.cfg.Printer)
	if err != nil {
		return receipts{}, err
	}
	profile, err := printer.FindProfile(k.cfg.Printer.Profile)
	if err != nil {
		return receipts{}, err
	}
	driver, err := printer.New(printer.Config{
		Transport: transport, Profile: profile, Fonts: os.DirFS("/usr/share/fonts"), Log: k.log,
		Sink: func(ev printer.Event) {
			if ev.Kind == printer.EventStatus {
				k.dev.Post(context.Background(), printerPart(ev))
			}
		},
	})
	return receipts{driver: driver}, err
}

func printerTransport(c PrinterConfig) (printer.Transport, error) {
	kind, rest, _ := strings.Cut(c.Address, ":")
	switch kind {
	case "tcp":
		return printer.TCP{Addr: rest}, nil
	case "usb":
		return printer.LP{Path: rest}, nil
	case "serial":
		return printer.Serial{Path: rest, Baud: c.Baud}, nil
	}
	return nil, fmt.Errorf("printer address %q is none of tcp:host:9100, usb:/dev/usb/lp* and serial:/dev/…", c.Address)
}
