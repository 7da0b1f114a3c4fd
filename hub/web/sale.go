package web

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"kickstand/hub/contact"
	"kickstand/hub/right"
	"kickstand/hub/sale"
	"kickstand/hub/store"
	"kickstand/protocol"
	"kickstand/protocol/money"
	"kickstand/protocol/slip"
)

// salePage is one sale with everything kept of it.
type salePage struct {
	store.SaleFile
	At, Closed time.Time // hub's and device's clock, in the shop's zone
	Where      string    // the device as staff call it
	Rows       []lineRow
	ClockOff   string // how far the two are apart when it matters
	Discount   money.Cents
	Prints     []printRow
	Wrongs     []wrong
	Settled    bool   // every difference was dealt with
	Buyer      *buyer // nil: nobody was named
}

// lineRow is a line with what was taken off it.
type lineRow struct {
	store.SaleLine
	Off money.Cents // discounts of the line and its part of the sale's
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
	if p.Where, err = o.deviceName(v, f.Device); err != nil {
		return sheet{}, err
	}
	if off := time.Duration(f.AtMS-f.ClosedMS) * time.Millisecond; off > 2*time.Minute || off < -time.Minute {
		p.ClockOff = arrival(off)
	}
	for _, l := range f.Lines {
		p.Rows = append(p.Rows, lineRow{SaleLine: l, Off: l.Unit*money.Cents(l.Qty) - l.Price})
	}
	for _, l := range f.Document.Totals.Lines {
		p.Discount += l.OrderDiscount
	}
	for _, r := range f.Prints {
		p.Prints = append(p.Prints, printWords(v, r))
	}
	for _, d := range f.Differences {
		p.Settled = p.Settled && d.SettledMS > 0
		p.Wrongs = append(p.Wrongs, wrongWords(v, d))
	}
	p.Buyer, err = o.buyer(v, f.Document.Customer)
	return sheet{Name: "sale", Title: "Sale " + f.Slip, Data: p}, err
}

// buyer is the customer of a sale, by name only for those who may see it.
type buyer struct{ Words, Link string }

func (o *office) buyer(v visit, id string) (*buyer, error) {
	if id == "" {
		return nil, nil
	}
	c, err := o.Store.Customer(v.Context(), id)
	if errors.Is(err, store.ErrNotFound) {
		return &buyer{Words: "one that is not known here"}, nil
	}
	b := &buyer{Words: contact.Number(c.Number)}
	switch {
	case c.Erased():
		b.Words += ", erased customer"
	case right.May(v.who.Role, right.See):
		b.Words, b.Link = c.Name+" ("+b.Words+")", "/customers/"+c.ID
	}
	return b, err
}

// deviceName is what staff call a device, or its id.
func (o *office) deviceName(v visit, id string) (string, error) {
	rows, err := o.Store.Devices(v.Context())
	if err != nil {
		return "", err
	}
	for _, r := range rows {
		if r.ID == id {
			return called(r), nil
		}
	}
	return id, nil
}

// wrong is a difference in words.
type wrong struct {
	Text        string
	Device, Hub string // what either says; both or none
}

// wrongWords makes a difference readable: times for milliseconds, percentages
// for parts per million.
func wrongWords(v visit, d store.Difference) wrong {
	w := wrong{Text: sentence(d.Note), Device: d.Claimed, Hub: d.Ours}
	if d.Line > 0 && !strings.Contains(d.Note, ":") {
		w.Text = fmt.Sprintf("Line %d: %s", d.Line, w.Text)
	}
	switch d.Code {
	case sale.DeviceClockAhead:
		w.Device, w.Hub = momentWords(v, d.Claimed), momentWords(v, d.Ours)
	case sale.TaxDiffers:
		w.Device, w.Hub = rateWords(d.Claimed), rateWords(d.Ours)
	case sale.StockShort, sale.RulesDiffer, sale.UnknownItem, sale.UnknownOperator:
		w.Device, w.Hub = "", "" // the note says it all
	}
	return w
}

// sentence begins with a capital and ends with a full stop.
func sentence(s string) string {
	if s == "" {
		return s
	}
	first, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(first)) + strings.TrimSuffix(s[size:], ".") + "."
}

// momentWords reads Unix milliseconds.
func momentWords(v visit, text string) string {
	ms, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return text
	}
	return v.time(ms).Format("2 January 2006, 15:04:05")
}

var ppm = regexp.MustCompile(`(\d+) ppm`)

// rateWords writes tax rates as receipts do.
func rateWords(text string) string {
	if text == "" {
		return "none"
	}
	return ppm.ReplaceAllStringFunc(text, func(s string) string {
		n, err := strconv.ParseInt(strings.TrimSuffix(s, " ppm"), 10, 64)
		if err != nil {
			return s
		}
		return slip.Percent(n)
	})
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
