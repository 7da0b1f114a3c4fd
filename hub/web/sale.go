package web

import (
	"fmt"
	"time"

	"kickstand/hub/store"
	"kickstand/protocol"
	"kickstand/protocol/money"
)

// salePage is one sale with everything kept of it.
type salePage struct {
	store.SaleFile
	At, Closed time.Time // hub's and device's clock, in the shop's zone
	ClockOff   string    // how far the two are apart when it matters
	Discount   money.Cents
	Prints     []printRow
	Settled    bool // every difference was dealt with
}

// printRow is one receipt on paper, in words.
type printRow struct {
	At   time.Time
	What string
	How  string
	Bad  bool
}

// sale gathers one sale by id, shop number or slip number.
func (o *office) sale(v visit) (sheet, error) {
	f, err := o.Store.SaleFile(v.Context(), v.PathValue("name"))
	if err != nil {
		return sheet{}, err
	}
	p := salePage{SaleFile: f, At: v.time(f.AtMS), Closed: v.time(f.ClosedMS), Settled: true}
	if off := time.Duration(f.AtMS-f.ClosedMS) * time.Millisecond; off > 2*time.Minute || off < -time.Minute {
		p.ClockOff = arrival(off)
	}
	for _, l := range f.Document.Totals.Lines {
		p.Discount += l.OrderDiscount
	}
	for _, r := range f.Prints {
		p.Prints = append(p.Prints, printWords(v, r))
	}
	for _, d := range f.Differences {
		p.Settled = p.Settled && d.SettledMS > 0
	}
	return sheet{Name: "sale", Title: "Sale " + f.Slip, Data: p}, nil
}

// arrival says what it means that hub and device name different times.
func arrival(off time.Duration) string {
	if off < 0 {
		return "the device's clock is " + lasting(off) + " ahead of the hub's"
	}
	return "it reached the hub " + lasting(off) + " later, or the device's clock was behind"
}

// Paper says in words what became of the original on paper.
func (p salePage) Paper() string {
	if len(p.Prints) == 0 {
		return "The device has not said yet whether the receipt was printed."
	}
	return ""
}

// Vault says in words where the stored receipt is.
func (p salePage) Vault() string {
	switch {
	case p.Receipt.Stored:
		return "Stored as " + p.Receipt.Key
	case p.Receipt.Tries > 0:
		return fmt.Sprintf("Not stored yet after %s; the hub tries again by itself. %s", count(p.Receipt.Tries, "try", "tries"), p.Receipt.Error)
	}
	return "Being stored"
}

func printWords(v visit, p store.Print) printRow {
	r := printRow{At: v.time(p.AtMS), What: "Original"}
	if p.Copy > 0 {
		r.What = fmt.Sprintf("Copy %d", p.Copy)
	}
	switch p.Proof {
	case protocol.ProofConfirmed:
		r.How = "Printed; the printer confirmed it"
	case protocol.ProofSent:
		r.How = "Printed"
	case protocol.ProofSkipped:
		r.How = "Not printed: somebody chose so"
	default:
		r.How, r.Bad = "It is not known whether paper came out", true
	}
	if p.Why != "" {
		r.How += ": " + p.Why
	}
	return r
}
