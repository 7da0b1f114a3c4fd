// Package till adds up what goes through a drawer, and says how it is printed. The
// device uses it while it sells, the hub to check what the device says.
//
// It promises that the figures balance by construction: net, tax and what was put
// on gift cards are the total, the tenders are the total and the cash rounding,
// and the float with everything in cash is what should be in the drawer.
//
// It refuses to decide when a till is opened or closed: that is device/flow's.
// The package is PURE. Start with [Add].
package till

import (
	"fmt"
	"slices"

	"kickstand/protocol"
	"kickstand/protocol/money"
)

// Add returns the figures with one more sale, refund or exchange.
func Add(f protocol.TillFigures, s *protocol.Sale) protocol.TillFigures {
	if s.Totals.Total < 0 {
		f.Refunds++
	} else {
		f.Sales++
	}
	loaded := money.Cents(0)
	for i := range s.Lines {
		if s.Lines[i].LoadKind() != "" && i < len(s.Totals.Lines) {
			loaded += s.Totals.Lines[i].Total
		}
	}
	f.Loaded += loaded
	f.Gross += s.Totals.Gross - loaded
	f.Discount += s.Totals.Discount
	f.Net += s.Totals.Net - loaded
	f.Tax += s.Totals.TaxSum
	f.Total += s.Totals.Total
	f.Rounding += s.Rounding
	f.Taxes = addTaxes(f.Taxes, s.Totals.Tax)
	f.Tenders = addTenders(f.Tenders, s.Payments)
	if f.FirstSlip == "" {
		f.FirstSlip = s.Slip
	}
	f.LastSlip = s.Slip
	return f
}

func addTaxes(all, more []money.TaxAmount) []money.TaxAmount {
	all = slices.Clone(all)
	for _, t := range more {
		i := slices.IndexFunc(all, func(o money.TaxAmount) bool { return o.Code == t.Code && o.PPM == t.PPM })
		if i < 0 {
			all = append(all, t)
			continue
		}
		all[i].Base += t.Base
		all[i].Tax += t.Tax
	}
	return all
}

func addTenders(all []protocol.TillTender, more []protocol.Payment) []protocol.TillTender {
	all = slices.Clone(all)
	for _, p := range more {
		i := slices.IndexFunc(all, func(o protocol.TillTender) bool { return o.Tender == p.Tender })
		if i < 0 {
			i = len(all)
			all = append(all, protocol.TillTender{Tender: p.Tender})
		}
		all[i].N++
		if p.Amount < 0 {
			all[i].Back -= p.Amount
		} else {
			all[i].Taken += p.Amount
		}
	}
	return all
}

// Move returns the figures with cash put in or taken out.
func Move(f protocol.TillFigures, amount money.Cents) protocol.TillFigures {
	if amount < 0 {
		f.Out -= amount
	} else {
		f.In += amount
	}
	return f
}

// Sum is what pieces come to.
func Sum(count []protocol.Pieces) money.Cents {
	var sum money.Cents
	for _, p := range count {
		sum += p.Coin * money.Cents(p.N)
	}
	return sum
}

// Compare says in words where two figures of one session differ; nothing when they
// agree.
func Compare(device, hub protocol.TillFigures) []string {
	differs := []string{}
	see := func(what string, d, h money.Cents) {
		if d != h {
			differs = append(differs, fmt.Sprintf("%s: %v at the till, %v at the hub", what, d, h))
		}
	}
	see("total", device.Total, hub.Total)
	see("tax", device.Tax, hub.Tax)
	see("loaded on cards", device.Loaded, hub.Loaded)
	see("cash rounding", device.Rounding, hub.Rounding)
	see("cash put in", device.In, hub.In)
	see("cash taken out", device.Out, hub.Out)
	see("cash in the drawer", device.Expected(), hub.Expected())
	for _, t := range tenders(device, hub) {
		see("paid by "+string(t), net(device, t), net(hub, t))
	}
	if d, h := device.Sales+device.Refunds, hub.Sales+hub.Refunds; d != h {
		differs = append(differs, fmt.Sprintf("receipts: %d at the till, %d at the hub", d, h))
	}
	return differs
}

// tenders lists the tenders of both, but cash, which is in the drawer's row.
func tenders(all ...protocol.TillFigures) []protocol.Tender {
	var names []protocol.Tender
	for _, f := range all {
		for _, t := range f.Tenders {
			if t.Tender != protocol.Cash && !slices.Contains(names, t.Tender) {
				names = append(names, t.Tender)
			}
		}
	}
	return names
}

func net(f protocol.TillFigures, tender protocol.Tender) money.Cents {
	for _, t := range f.Tenders {
		if t.Tender == tender {
			return t.Taken - t.Back
		}
	}
	return 0
}
