package slip

import (
	"fmt"
	"strconv"
	"time"

	"kickstand/protocol"
	"kickstand/protocol/money"
)

// Z returns the Z report of a closed till session. Copy 0 is the original.
func Z(c *protocol.TillClosed, copy int) Doc {
	d := Doc{Title: fmt.Sprintf("Z report %d", c.Number)}
	d.notice(copy)
	d.letterhead(c.Shop)
	d.add(Line{Left: "Z REPORT " + strconv.FormatInt(c.Number, 10), Style: Total})
	d.pair("Opened", local(c.OpenedMS, c.Shop))
	d.pair("Closed", local(c.ClosedMS, c.Shop))
	d.pair("Closed by", c.Name)
	d.figures(&c.Figures, c.Currency)
	d.drawer(&c.Figures)
	d.pair("Counted", c.Counted.String())
	if c.Tries > 1 {
		d.pair(fmt.Sprintf("first of %d counts", c.Tries), c.First.String())
	}
	d.add(Line{Left: "DIFFERENCE", Right: c.Variance().String(), Style: Total})
	if c.Why != "" {
		d.pair("Reason", c.Why)
	}
	d.count(c.Count)
	if len(c.Open) > 0 {
		d.add(Line{Rule: true}, Line{Left: "Not settled at the close", Style: Strong})
		for _, o := range c.Open {
			d.add(Line{Left: o, Indent: 2})
		}
	}
	if c.Seal != nil {
		d.add(Line{Rule: true})
	}
	d.seal(c.Seal, c.ClosedMS, c.Shop.UTCOffset)
	d.sign()
	d.notice(copy)
	return d
}

// Open is a till session that goes on, for its X report.
type Open struct {
	Shop     protocol.Letterhead
	Currency string
	Name     string // who asks
	OpenedMS int64  // device wall clock, Unix ms
	NowMS    int64
	Figures  protocol.TillFigures
}

// X returns the report of a session that goes on. It closes nothing, and says so.
func X(o Open) Doc {
	d := Doc{Title: "X report"}
	d.letterhead(o.Shop)
	d.add(Line{Left: "X REPORT", Style: Total})
	d.add(Line{Left: "The till stays open", Style: Center})
	d.pair("Opened", local(o.OpenedMS, o.Shop))
	d.pair("Now", local(o.NowMS, o.Shop))
	d.pair("Asked by", o.Name)
	d.figures(&o.Figures, o.Currency)
	d.drawer(&o.Figures)
	d.add(Line{Rule: true})
	return d
}

// Moved returns the slip of cash put in or taken out, to be signed.
func Moved(m *protocol.TillMoved, shop protocol.Letterhead, name string, atMS int64) Doc {
	word := "CASH IN"
	if m.Amount < 0 {
		word = "CASH OUT"
	}
	d := Doc{Title: word}
	d.letterhead(shop)
	d.add(Line{Left: word, Right: abs(m.Amount).String(), Style: Total})
	d.pair("Date", local(atMS, shop))
	d.pair("By", name)
	d.pair("Reason", m.Why)
	d.sign()
	return d
}

// Again marks a document that was printed before as a copy.
func Again(d Doc, copy int) Doc {
	if copy == 0 {
		return d
	}
	mark := Line{Left: "COPY " + strconv.Itoa(copy), Style: Notice}
	d.Lines = append(append([]Line{mark}, d.Lines...), mark)
	return d
}

func local(ms int64, shop protocol.Letterhead) string {
	return time.UnixMilli(ms).UTC().Add(time.Duration(shop.UTCOffset) * time.Second).Format("2006-01-02 15:04")
}

func abs(c money.Cents) money.Cents {
	if c < 0 {
		return -c
	}
	return c
}

// figures are the takings, the taxes and the tenders.
func (d *Doc) figures(f *protocol.TillFigures, currency string) {
	d.add(Line{Rule: true})
	d.pair("Sales", strconv.FormatInt(f.Sales, 10))
	if f.Refunds > 0 {
		d.pair("Refunds", strconv.FormatInt(f.Refunds, 10))
	}
	if f.FirstSlip != "" {
		d.pair("Receipts", f.FirstSlip)
		d.pair("to", f.LastSlip)
	}
	d.add(Line{Rule: true})
	d.pair("As priced", f.Gross.String())
	if f.Discount != 0 {
		d.pair("Discounts", takenOff(f.Discount))
	}
	d.pair("Without tax", f.Net.String())
	for _, t := range f.Taxes {
		d.pair(fmt.Sprintf("%s %s on %v", t.Name, Percent(t.PPM), t.Base), t.Tax.String())
	}
	if f.Loaded != 0 {
		d.pair("Put on cards, deposits", f.Loaded.String())
	}
	d.add(Line{Left: "TOTAL " + currency, Right: f.Total.String(), Style: Total}, Line{Rule: true})
	for _, t := range f.Tenders {
		d.pair(Tender(t.Tender), t.Taken.String())
		if t.Back != 0 {
			d.add(Line{Left: "given back", Right: takenOff(t.Back), Indent: 2})
		}
	}
	if f.Rounding != 0 {
		d.pair("of which cash rounding", f.Rounding.String())
	}
	d.add(Line{Rule: true})
}

// drawer leads from the float to what should be there.
func (d *Doc) drawer(f *protocol.TillFigures) {
	d.pair("Float", f.Float.String())
	for _, t := range f.Tenders {
		if t.Tender == protocol.Cash {
			d.pair("Cash from sales", (t.Taken - t.Back).String())
		}
	}
	if f.In != 0 {
		d.pair("Cash put in", f.In.String())
	}
	if f.Out != 0 {
		d.pair("Cash taken out", takenOff(f.Out))
	}
	d.add(Line{Left: "Should be there", Right: f.Expected().String(), Style: Strong})
	if f.NoSale > 0 {
		d.pair("Opened without a sale", strconv.FormatInt(f.NoSale, 10)+" x")
	}
}

func (d *Doc) count(all []protocol.Pieces) {
	if len(all) > 0 {
		d.add(Line{Rule: true})
	}
	for _, p := range all {
		if p.N > 0 {
			d.pair(fmt.Sprintf("%d x %v", p.N, p.Coin), (p.Coin * money.Cents(p.N)).String())
		}
	}
}

// sign leaves room for a hand.
func (d *Doc) sign() {
	d.add(Line{Rule: true}, Line{Left: "Signature"}, Line{}, Line{}, Line{Left: "............................."})
}
