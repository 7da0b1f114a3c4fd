package web

import (
	"strings"

	"kickstand/hub/store"
	"kickstand/protocol"
	"kickstand/protocol/money"
	"kickstand/protocol/slip"
)

// byTender has a row for every way to pay.
func byTender(r store.Report) table {
	t := table{Name: "tenders", Title: "By way to pay", Columns: heads("Paid by", "Share in %", "Received", "Given back", "Amount")}
	var all, back money.Cents
	for _, x := range r.Tenders {
		all, back = all+x.Amount, back+x.Back
	}
	for _, x := range r.Tenders {
		t.Rows = append(t.Rows, []cell{text(slip.Tender(x.Tender)), part(x.Amount, all), cash(x.Amount + x.Back), cash(x.Back), cash(x.Amount)})
	}
	t.Total = []cell{text("Together"), part(all, all), cash(all + back), cash(back), cash(all)}
	return t
}

// taxReport goes from the amount without tax to what was paid: its last column
// adds up to the payments.
func taxReport(r store.Report) table {
	t := table{
		Name: "taxes", Title: "Tax report",
		Columns: []column{{Name: "Entry"}, {Name: "Code"}, {Name: "Rate in %", Number: true}, {Name: "Taken on", Number: true}, {Name: "Amount", Number: true, Main: true}},
	}
	all := totals(r.Hours)
	t.Rows = append(t.Rows, []cell{text("Sales without tax"), {}, {}, {}, cash(all.Net)})
	for _, x := range r.Taxes {
		rate := slip.Percent(x.PPM)
		t.Rows = append(t.Rows, []cell{text(x.Name), text(x.Code), text(strings.TrimSuffix(rate, "%")), cash(x.Base), cash(x.Tax)})
	}
	t.Rows = append(t.Rows, []cell{text("Cash rounding"), {}, {}, {}, cash(all.Rounding)}, []cell{text("Paid beyond total"), {}, {}, {}, cash(all.Off)})
	if all.Loaded != 0 {
		t.Rows = append(t.Rows, []cell{text("Put on gift cards and deposits, untaxed"), {}, {}, {}, cash(all.Loaded)})
	}
	t.Total = []cell{text("Payments"), {}, {}, {}, cash(all.Paid)}
	return t
}

// unbalanced is what the parts of a report are off from its payments. It is
// not 0 only when the database was altered by something else than the hub.
func unbalanced(r store.Report) (off money.Cents) {
	all := totals(r.Hours)
	off = -all.Net - all.Loaded - all.Rounding - all.Off
	for _, x := range r.Taxes {
		off -= x.Tax
	}
	for _, x := range r.Tenders {
		off += x.Amount
	}
	if off == 0 {
		return all.Paid - all.Net - all.Tax - all.Loaded - all.Rounding - all.Off
	}
	return off
}

// owed is what the shop owes on gift cards and the like, kinds without any left out.
func (o *office) owed(v visit, fromMS, toMS int64) ([]store.Owed, error) {
	all, err := o.Store.Owed(v.Context(), fromMS, toMS)
	return someOwed(all), err
}

// owedWords names accounts in a sentence.
func owedWords(kind protocol.Tender) string { return strings.ToLower(slip.Tender(kind)) + "s" }

func someOwed(all []store.Owed) (some []store.Owed) {
	for _, x := range all {
		if x != (store.Owed{Kind: x.Kind}) {
			some = append(some, x)
		}
	}
	return some
}

// owedReport says what is owed to customers and how that came. Without anything it
// has no rows.
func owedReport(r store.Report) table {
	t := table{
		Name: "owed", Title: "Owed to customers",
		Columns: heads("On", "At the beginning", "Put on", "Paid with", "Taken off", "Kept", "At the end"),
	}
	var all store.Owed
	for _, x := range someOwed(r.Owed) {
		t.Rows = append(t.Rows, owedCells(slip.Tender(x.Kind), x))
		all.Opening, all.Loaded, all.Redeemed = all.Opening+x.Opening, all.Loaded+x.Loaded, all.Redeemed+x.Redeemed
		all.Unloaded, all.Kept, all.Closing = all.Unloaded+x.Unloaded, all.Kept+x.Kept, all.Closing+x.Closing
	}
	t.Total = owedCells("Together", all)
	return t
}

func owedCells(name string, x store.Owed) []cell {
	return []cell{text(name), cash(x.Opening), cash(x.Loaded), cash(x.Redeemed), cash(x.Unloaded), cash(x.Kept), cash(x.Closing)}
}
