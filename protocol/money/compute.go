package money

// TaxAmount is one tax on a line or on a document.
type TaxAmount struct {
	Code string `json:"code"`
	Name string `json:"name"`
	PPM  int64  `json:"ppm"`
	Base Cents  `json:"base"` // the untaxed amount it was taken on
	Tax  Cents  `json:"tax"`
}

// LineTotal is what one line comes to. Every amount has the sign of the line.
//
//	Gross - Discount - OrderDiscount = Price
//	Net + sum of Tax = Total
//	Price = Total when prices include tax, otherwise Price = Net
type LineTotal struct {
	Gross         Cents       `json:"gross"`          // quantity times unit price, as priced
	Discount      Cents       `json:"discount"`       // the line's own discount
	OrderDiscount Cents       `json:"order_discount"` // its part of the order's discount
	Price         Cents       `json:"price"`          // after discounts, as priced
	Net           Cents       `json:"net"`            // without tax
	Tax           []TaxAmount `json:"tax,omitempty"`  // in the order of the line's taxes
	Total         Cents       `json:"total"`          // with tax
}

// Totals is what a document comes to. Every amount is the sum over its lines, and
// Net + TaxSum = Total.
type Totals struct {
	Lines    []LineTotal `json:"lines"`
	Gross    Cents       `json:"gross"`         // as priced, before discounts
	Discount Cents       `json:"discount"`      // of lines and order
	Net      Cents       `json:"net"`           // without tax
	Tax      []TaxAmount `json:"tax,omitempty"` // one per code and rate, in order of first appearance
	TaxSum   Cents       `json:"tax_sum"`
	Total    Cents       `json:"total"` // to pay, before cash rounding
}

// Compute gives the totals of a document, or a [*LimitError] for values it does not
// calculate with. A document without lines comes to zero.
//
// Discounts are rounded to the cent first; taxes are taken from what is left. Per
// line each tax of each line is rounded. Per document the exact taxes of all lines
// are summed as fractions and rounded once for each tax, then allotted to the lines
// by [Spread]'s rule, so that lines and document agree. A tax that rounds up may
// leave a line of a cent or two with less than nothing untaxed; the sums still hold.
func Compute(d Document) (Totals, error) {
	if err := d.Validate(); err != nil {
		return Totals{}, err
	}
	c := computation{doc: d, totals: Totals{Lines: make([]LineTotal, len(d.Lines))}}
	c.priceLines()
	if err := c.spreadDiscount(); err != nil {
		return Totals{}, err
	}
	if err := c.listTaxes(); err != nil {
		return Totals{}, err
	}
	if d.Rules.Scope == PerDocument {
		c.taxDocument()
	} else {
		c.taxLines()
	}
	c.sum()
	return c.totals, nil
}

// computation is the work sheet of one Compute.
type computation struct {
	doc    Document
	totals Totals
	shares []taxShare // every tax of every line, line by line
}

// taxShare is one tax of one line while it is calculated.
type taxShare struct {
	amount *TaxAmount // in LineTotal.Tax
	price  Cents      // of the line
	den    int64      // the exact tax is price * ppm / den
	tax    int        // index in Totals.Tax
}

func (c *computation) priceLines() {
	for i := range c.doc.Lines {
		line, total := &c.doc.Lines[i], &c.totals.Lines[i]
		if line.Stored != nil {
			*total = line.Stored.clone()
			continue
		}
		total.Gross = line.gross()
		total.Discount = line.Discount.of(total.Gross, c.doc.Rules.Mode)
		total.Price = total.Gross - total.Discount
	}
}

// spreadDiscount takes the order's discount from the lines that are sold or, when
// nothing is sold, from those that are returned.
func (c *computation) spreadDiscount() error {
	if c.doc.Discount.PPM == 0 && c.doc.Discount.Amount == 0 {
		return nil
	}
	sold, returned := c.sides()
	from := sold
	if sold == 0 {
		from = returned
	}
	discount := c.doc.Discount.of(from, c.doc.Rules.Mode)
	if discount.magnitude() > from.magnitude() {
		return limit("discount.amount", c.doc.Discount.Amount, "the discount is more than the order")
	}
	weights := make([]Cents, len(c.totals.Lines))
	for i := range weights {
		if c.doc.Lines[i].discounted() {
			weights[i] = max(0, from.signed(c.totals.Lines[i].Price))
		}
	}
	parts, err := Spread(discount, weights)
	if err != nil {
		return err
	}
	for i, part := range parts {
		c.totals.Lines[i].OrderDiscount = part
		c.totals.Lines[i].Price -= part
	}
	return nil
}

// discounted reports whether the order's discount reaches the line.
func (l *Line) discounted() bool { return l.Stored == nil && !l.Fixed }

// sides sums the prices above and below zero that the order's discount is of.
func (c *computation) sides() (sold, returned Cents) {
	for i := range c.totals.Lines {
		price := c.totals.Lines[i].Price
		if !c.doc.Lines[i].discounted() {
			continue
		}
		if price > 0 {
			sold += price
		} else {
			returned += price
		}
	}
	return sold, returned
}

// listTaxes prepares the tax rows of the lines and of the document.
func (c *computation) listTaxes() error {
	count := 0
	for i := range c.doc.Lines {
		count += len(c.doc.Lines[i].Taxes)
	}
	c.shares = make([]taxShare, 0, count)
	amounts := make([]TaxAmount, count)
	for i := range c.doc.Lines {
		rates := c.doc.Lines[i].Taxes
		if c.doc.Lines[i].Stored != nil {
			if err := c.listStored(c.totals.Lines[i].Tax); err != nil {
				return err
			}
			continue
		}
		if len(rates) == 0 {
			continue
		}
		mine := amounts[:len(rates):len(rates)]
		amounts = amounts[len(rates):]
		c.totals.Lines[i].Tax = mine
		den := c.denominator(rates)
		for j, rate := range rates {
			tax, err := c.taxIndex(rate)
			if err != nil {
				return err
			}
			mine[j] = TaxAmount{Code: rate.Code, Name: rate.Name, PPM: rate.PPM}
			c.shares = append(c.shares, taxShare{amount: &mine[j], price: c.totals.Lines[i].Price, den: den, tax: tax})
		}
	}
	return nil
}

// listStored makes sure that the document has a row for each tax of a returned
// line.
func (c *computation) listStored(taxes []TaxAmount) error {
	for _, t := range taxes {
		if _, err := c.taxIndex(Rate{Code: t.Code, Name: t.Name, PPM: t.PPM}); err != nil {
			return err
		}
	}
	return nil
}

// denominator is the whole that a price stands for: a million parts, and the parts
// of its taxes when the price includes them.
func (c *computation) denominator(rates []Rate) int64 {
	den := Million
	if !c.doc.Rules.Included {
		return den
	}
	for _, rate := range rates {
		den += rate.PPM
	}
	return den
}

// taxIndex finds or adds the document's row for a rate.
func (c *computation) taxIndex(rate Rate) (int, error) {
	for i := range c.totals.Tax {
		if c.totals.Tax[i].PPM == rate.PPM && c.totals.Tax[i].Code == rate.Code {
			return i, nil
		}
	}
	if len(c.totals.Tax) == MaxTaxes {
		return 0, limit("taxes", MaxTaxes+1, "a sale has at most 64 different taxes; make a second sale")
	}
	c.totals.Tax = append(c.totals.Tax, TaxAmount{Code: rate.Code, Name: rate.Name, PPM: rate.PPM})
	return len(c.totals.Tax) - 1, nil
}

func (c *computation) taxLines() {
	for _, share := range c.shares {
		share.amount.Tax = c.doc.Rules.Mode.share(share.price, share.amount.PPM, share.den)
	}
}

func (c *computation) taxDocument() {
	parts := make([]part, 0, len(c.shares))
	for tax := range c.totals.Tax {
		parts = c.taxOnce(tax, parts[:0])
	}
}

// taxOnce rounds one tax over the document and allots it to its lines. It uses
// parts as scratch and hands it back.
func (c *computation) taxOnce(tax int, parts []part) []part {
	var exact exactSum
	var allotted Cents
	for i := range c.shares {
		share := &c.shares[i]
		if share.tax != tax {
			continue
		}
		whole, rest := mulDiv(share.price, share.amount.PPM, share.den)
		share.amount.Tax = whole
		allotted += whole
		exact.add(whole, rest, share.den)
		parts = append(parts, part{index: i, rest: rest, den: share.den})
	}
	left := exact.round(c.doc.Rules.Mode) - allotted
	handOut(left, parts, func(i int, cent Cents) { c.shares[i].amount.Tax += cent })
	return parts
}

// sum fills in what follows from prices and taxes.
func (c *computation) sum() {
	share := 0
	for i := range c.totals.Lines {
		line := &c.totals.Lines[i]
		var tax Cents
		for j := range line.Tax {
			tax += line.Tax[j].Tax
		}
		if c.doc.Lines[i].Stored != nil {
			c.sumStored(line)
		} else {
			line.Net, line.Total = line.Price, line.Price+tax
			if c.doc.Rules.Included {
				line.Net, line.Total = line.Price-tax, line.Price
			}
			for j := range line.Tax {
				line.Tax[j].Base = line.Net
				row := &c.totals.Tax[c.shares[share].tax]
				row.Base += line.Net
				row.Tax += line.Tax[j].Tax
				share++
			}
		}
		c.totals.Gross += line.Gross
		c.totals.Discount += line.Discount + line.OrderDiscount
		c.totals.Net += line.Net
		c.totals.TaxSum += tax
		c.totals.Total += line.Total
	}
}

// sumStored adds the taxes of a returned line, which are as they were sold.
func (c *computation) sumStored(line *LineTotal) {
	for _, t := range line.Tax {
		i, err := c.taxIndex(Rate{Code: t.Code, PPM: t.PPM})
		if err != nil {
			continue // listStored has made the row
		}
		c.totals.Tax[i].Base += t.Base
		c.totals.Tax[i].Tax += t.Tax
	}
}
