package slip

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"kickstand/protocol"
	"kickstand/protocol/money"
)

// minus stands before amounts that are taken off. It is the hyphen-minus, which
// every printer's code page has.
const minus = "-"

// Build returns the receipt of a sale. Copy 0 is the original; every
// other is marked as a copy with its number. The shop number, "S-000001", is
// known to the hub only; an empty one leaves its line out.
//
// The date and time are the device's own, at the offset from UTC that travels
// with the sale.
func Build(s *protocol.Sale, copy int, shopNumber string) Doc {
	d := Doc{Title: "Receipt " + s.Slip}
	if copy > 0 {
		d.Title = fmt.Sprintf("Copy %d of receipt %s", copy, s.Slip)
	}
	d.notice(copy)
	d.letterhead(s.Shop)
	d.facts(s, shopNumber)
	d.lines(s)
	d.sums(s)
	d.payments(s)
	d.footer(s)
	d.notice(copy)
	return d
}

// WithLink adds a QR code that opens the receipt at an address; an empty one adds
// nothing. Only the device does it: the hub does not know the address.
func WithLink(d Doc, address string) Doc {
	if address == "" {
		return d
	}
	d.Lines = append(slices.Clone(d.Lines), Line{Left: "This receipt on your telephone:", Style: Center}, Line{QR: address})
	return d
}

func (d *Doc) add(l ...Line) { d.Lines = append(d.Lines, l...) }

func (d *Doc) pair(left, right string) { d.add(Line{Left: left, Right: right}) }

func (d *Doc) notice(copy int) {
	if copy > 0 {
		d.add(Line{Left: "COPY " + strconv.Itoa(copy), Style: Notice})
	}
}

func (d *Doc) letterhead(shop protocol.Letterhead) {
	d.add(Line{Left: shop.Name, Style: Head})
	for _, a := range shop.Address {
		d.add(Line{Left: a, Style: Center})
	}
	if shop.TaxNumber != "" {
		d.add(Line{Left: shop.TaxNumber, Style: Center})
	}
	d.add(Line{Rule: true})
}

func (d *Doc) facts(s *protocol.Sale, shopNumber string) {
	at := time.UnixMilli(s.ClosedMS).UTC().Add(time.Duration(s.Shop.UTCOffset) * time.Second)
	if s.Totals.Total < 0 {
		d.add(Line{Left: "REFUND", Style: Total})
	}
	d.pair("Receipt", s.Slip)
	for _, of := range returned(s) {
		d.pair("Gives back of", of)
	}
	d.pair("Date", at.Format("2006-01-02 15:04"))
	if shopNumber != "" {
		d.pair("Number", shopNumber)
	}
	d.pair("Served by", s.Name)
	d.add(Line{Rule: true})
}

func (d *Doc) lines(s *protocol.Sale) {
	for i, l := range s.Lines {
		gross, off := l.Money.Unit*money.Cents(l.Money.Qty), money.Cents(0)
		if i < len(s.Totals.Lines) {
			gross, off = s.Totals.Lines[i].Gross, s.Totals.Lines[i].Discount
		}
		d.pair(l.Name, gross.String())
		if l.Money.Qty != 1 {
			d.add(Line{Left: fmt.Sprintf("%d x %v", l.Money.Qty, l.Money.Unit), Indent: 2})
		}
		if off != 0 {
			d.add(Line{Left: discountLabel("Discount", l.Money.Discount), Right: takenOff(off), Indent: 2})
		}
	}
	d.add(Line{Rule: true})
}

// sums are the rows from the subtotal to the total. With taxes on top the rows
// add up to the total; with taxes included they say what it contains.
func (d *Doc) sums(s *protocol.Sale) {
	var order, prices money.Cents
	for _, l := range s.Totals.Lines {
		order += l.OrderDiscount
		prices += l.Price + l.OrderDiscount
	}
	if order != 0 || !s.Rules.Included {
		d.pair("Subtotal", prices.String())
	}
	if order != 0 {
		d.pair(discountLabel("Discount", s.Discount), takenOff(order))
	}
	if !s.Rules.Included {
		d.taxes(s, "")
	}
	d.add(Line{Left: "TOTAL " + s.Rules.Currency, Right: s.Totals.Total.String(), Style: Total})
	if s.Rules.Included {
		d.taxes(s, "includes ")
	}
}

func (d *Doc) taxes(s *protocol.Sale, before string) {
	for _, t := range s.Totals.Tax {
		d.pair(fmt.Sprintf("%s%s %s on %v", before, t.Name, Percent(t.PPM), t.Base), t.Tax.String())
	}
}

func (d *Doc) payments(s *protocol.Sale) {
	d.add(Line{Rule: true})
	if s.Rounding != 0 {
		d.pair("Cash rounding", s.Rounding.String())
	}
	for _, p := range s.Payments {
		words := p.Words
		if words == "" {
			words = Tender(p.Tender)
		}
		if p.Amount < 0 {
			words = "Given back: " + words
		}
		d.pair(words, p.Tendered.String())
		if p.Change != 0 {
			d.add(Line{Left: "Change", Right: p.Change.String(), Style: Strong})
		}
	}
}

func (d *Doc) footer(s *protocol.Sale) {
	if len(s.Shop.Footer) > 0 {
		d.add(Line{Rule: true})
	}
	for _, f := range s.Shop.Footer {
		d.add(Line{Left: f, Style: Center})
	}
	d.seal(s.Seal, s.ClosedMS, s.Shop.UTCOffset)
	d.add(Line{Code: s.Slip})
}

// Tender is a way to pay in words.
func Tender(t protocol.Tender) string {
	switch t {
	case protocol.Cash:
		return "Cash"
	case protocol.Card:
		return "Card"
	case protocol.External:
		return "Card, other terminal"
	case protocol.Gift:
		return "Gift card"
	case protocol.Credit:
		return "Store credit"
	case protocol.Deposit:
		return "Deposit"
	}
	return string(t)
}

// returned lists the receipts that a sale gives something back of.
func returned(s *protocol.Sale) []string {
	var all []string
	for i := range s.Lines {
		if of := s.Lines[i].Of; of != nil && of.Slip != "" && !slices.Contains(all, of.Slip) {
			all = append(all, of.Slip)
		}
	}
	return all
}

func discountLabel(word string, d money.Discount) string {
	if d.PPM != 0 {
		word += " " + Percent(d.PPM)
	}
	if d.Reason != "" {
		word += ", " + d.Reason
	}
	return word
}

// takenOff shows a discount as what it does to the price.
func takenOff(c money.Cents) string {
	if c < 0 {
		return (-c).String()
	}
	return minus + c.String()
}

// Percent writes parts per million as a percentage with as many digits as it
// needs: "5%", "9.975%".
func Percent(ppm int64) string {
	s := fmt.Sprintf("%d.%04d", ppm/10_000, ppm%10_000)
	return strings.TrimRight(strings.TrimRight(s, "0"), ".") + "%"
}
