package main

import (
	"context"
	"fmt"
	"strings"

	"kickstand/device/flow"
	"kickstand/drivers/scanner"
)

// openScanners returns the drivers of all configured scanners, named 1, 2, …
func openScanners(all []ScannerConfig) ([]*scanner.Scanner, error) {
	var found []*scanner.Scanner
	for i, c := range all {
		s, err := openScanner(c, fmt.Sprint(i+1))
		if err != nil {
			return nil, fmt.Errorf("scanner %d: %w", i+1, err)
		}
		found = append(found, s)
	}
	return found, nil
}

func openScanner(c ScannerConfig, name string) (*scanner.Scanner, error) {
	sc := scanner.Config{Name: name, Path: c.Path, Line: scanner.Line{Baud: c.Baud}}
	if c.USB != "" {
		id, err := scanner.ParseIdentity(c.USB)
		if err != nil {
			return nil, err
		}
		sc.USB = id
	}
	return scanner.New(sc)
}

// scanned turns what a scanner says into flow's events and hands it on.
func scanned(ctx context.Context, post func(context.Context, flow.Happening)) func(scanner.Event) {
	return func(ev scanner.Event) {
		if h := happening(ev); h != nil {
			post(ctx, h)
		}
	}
}

func happening(ev scanner.Event) flow.Happening {
	switch ev := ev.(type) {
	case scanner.Scan:
		return flow.Scanned{Scanner: ev.Device, Code: code(ev), Wrong: ev.Check == scanner.CheckWrong}
	case scanner.Garbage:
		return flow.ScanTrouble{Scanner: ev.Device, Why: string(ev.Reason)}
	case scanner.Up:
		return flow.PartChanged{Part: "scanner:" + ev.Device, State: flow.PartOK}
	case scanner.Down:
		return flow.PartChanged{Part: "scanner:" + ev.Device, State: flow.PartDown, Detail: ev.Reason}
	}
	return nil // a duplicate is counted in the scanner's health and must not sell twice
}

// code is what was scanned in the form the catalogue knows: a trade item number
// that was wrapped or shortened on the label (GS1-128, UPC-E) is spelled out,
// everything else stays as it was read.
func code(s scanner.Scan) string {
	if s.GTIN != "" && !strings.HasSuffix(s.GTIN, s.Text) {
		return s.GTIN
	}
	return s.Text
}
