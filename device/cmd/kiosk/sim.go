package main

import (
	"errors"
	"fmt"
	"hash/fnv"
	"os"
	"path/filepath"
	"slices"

	"kickstand/device/workbench"
	"kickstand/drivers/printer"
	"kickstand/drivers/printer/printertest"
	"kickstand/drivers/scanner/scannertest"
)

// keepPaper is how many documents of the virtual printer can be looked at.
const keepPaper = 1000

// virtual is the hardware of a simulated device.
type virtual struct {
	scanner *scannertest.Scanner
	printer *printertest.Printer // nil when the configuration names a printer
}

// openVirtual plugs virtual hardware in and points the configuration at it.
func openVirtual(c *Config) (*virtual, error) {
	dir := filepath.Join(c.Data, "sim")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	v := &virtual{}
	var err error
	if v.scanner, err = scannertest.Open(dir, scannertest.Settings{}); err != nil {
		return nil, fmt.Errorf("virtual scanner: %w", err)
	}
	c.Scanners = append(c.Scanners, ScannerConfig{Path: v.scanner.Path()})
	if c.Printer.Address != "" {
		return v, nil
	}
	profile, err := printer.FindProfile(c.Printer.Profile)
	if err == nil {
		v.printer, err = printertest.Start(printertest.Config{
			Model: printertest.ModelOf(profile), Addr: "127.0.0.1:0", Keep: keepPaper,
		})
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("virtual printer: %w", err), v.close())
	}
	c.Printer.Address = "tcp:" + v.printer.Addr()
	return v, nil
}

func (v *virtual) close() error {
	if v == nil {
		return nil
	}
	err := v.scanner.Close()
	if v.printer != nil {
		err = errors.Join(err, v.printer.Close())
	}
	return err
}

// paper shows the virtual printer on the workbench.
type paper struct {
	*printertest.Printer
}

// Documents lists the paper that came out.
func (p paper) Documents() []workbench.Document {
	var all []workbench.Document
	for _, d := range p.Printer.Documents() {
		all = append(all, workbench.Document{N: d.N, Text: d.Text, Complete: d.Complete, Image: d.Image, Raw: d.Raw})
	}
	return all
}

// Fault makes the printer fail, at once when at is negative.
func (p paper) Fault(name string, at int) error {
	f := printertest.Fault(name)
	if !slices.Contains(printertest.Faults(), f) {
		return fmt.Errorf("there is no fault %q; the faults are %v", name, printertest.Faults())
	}
	return p.SetFault(f, at)
}

// FaultName is the fault in force.
func (p paper) FaultName() string { return string(p.Printer.Fault()) }

// Kicks lists the drawer's pulses.
func (p paper) Kicks() []workbench.Kick {
	var all []workbench.Kick
	for _, d := range p.Drawer() {
		all = append(all, workbench.Kick{At: d.At, OnMS: int(d.On.Milliseconds()), OffMS: int(d.Off.Milliseconds())})
	}
	return all
}

// Version differs whenever something on the paper, the drawer or the fault does.
func (p paper) Version() uint64 {
	h := fnv.New64a()
	for _, d := range p.Printer.Documents() {
		fmt.Fprint(h, d.N, len(d.Raw), d.Complete, ";")
	}
	fmt.Fprint(h, len(p.Drawer()), p.FaultName())
	return h.Sum64()
}
