package main

import (
	"context"
	"errors"

	"kickstand/device/flow"
	"kickstand/drivers/printer"
	"kickstand/protocol"
	"kickstand/protocol/slip"
)

// receipts prints flow's documents and opens the drawer on the printer's plug.
// A nil driver is a device without a printer.
type receipts struct {
	driver *printer.Printer
}

var errNoPrinter = errors.New("no printer is set up on this device")

// Print puts one document on paper and says what is known of it.
func (r receipts) Print(ctx context.Context, job string, doc slip.Doc) flow.Printed {
	if r.driver == nil {
		return flow.Printed{Job: job, Proof: protocol.ProofUnknown, Fault: errNoPrinter.Error(), Clean: true}
	}
	res, err := r.driver.Print(ctx, paperDoc(job, doc))
	p := flow.Printed{Job: job, Proof: proof(res.Proof), Clean: res.Proof == printer.NotSent}
	if err != nil {
		p.Fault = plain(err)
	}
	return p
}

// Kick opens the drawer.
func (r receipts) Kick(ctx context.Context) error {
	if r.driver == nil {
		return errNoPrinter
	}
	_, err := r.driver.Print(ctx, printer.Doc{ID: "drawer", Blocks: []printer.Block{printer.Drawer()}})
	if err != nil {
		return errors.New(plain(err))
	}
	return nil
}

// plain turns a printer's fault into words for the person at the counter.
func plain(err error) string {
	var f *printer.Fault
	if errors.As(err, &f) {
		return f.Hint()
	}
	return err.Error()
}

func proof(p printer.Proof) protocol.Proof {
	switch p {
	case printer.Confirmed:
		return protocol.ProofConfirmed
	case printer.Sent:
		return protocol.ProofSent
	}
	return protocol.ProofUnknown
}

// paperDoc translates a slip into the printer's blocks.
func paperDoc(job string, doc slip.Doc) printer.Doc {
	d := printer.Doc{ID: job}
	for _, l := range doc.Lines {
		d.Blocks = append(d.Blocks, paperLine(l))
	}
	d.Blocks = append(d.Blocks, printer.Cut())
	return d
}

func paperLine(l slip.Line) printer.Block {
	style := paperStyle(l.Style)
	switch {
	case l.Rule:
		return printer.Rule()
	case l.Code != "":
		return printer.Barcode(printer.Code128, l.Code, true)
	case l.QR != "":
		return printer.QR(l.QR, 0)
	case l.Right != "":
		return printer.Row(indent(l), l.Right, style)
	}
	return printer.Text(indent(l), style)
}

func indent(l slip.Line) string {
	const blanks = "                "
	return blanks[:min(max(l.Indent, 0), len(blanks))] + l.Left
}

func paperStyle(s slip.Style) printer.Style {
	switch s {
	case slip.Center:
		return printer.Style{Align: printer.Center}
	case slip.Strong:
		return printer.Style{Bold: true}
	case slip.Head:
		return printer.Style{Align: printer.Center, Bold: true, Wide: true, Tall: true}
	case slip.Total:
		return printer.Style{Bold: true, Tall: true}
	case slip.Notice:
		return printer.Style{Align: printer.Center, Bold: true, Inverse: true}
	}
	return printer.Style{}
}

// printerPart tells flow how the printer is.
func printerPart(ev printer.Event) flow.PartChanged {
	p := flow.PartChanged{Part: "printer", State: flow.PartOK}
	switch {
	case ev.State != printer.Ready:
		p.State, p.Detail = flow.PartDown, ev.Trouble.Hint()
	case ev.Status.PaperLow:
		p.State, p.Detail = flow.PartWarning, "The paper roll is nearly empty. Keep a new one at hand."
	}
	return p
}
