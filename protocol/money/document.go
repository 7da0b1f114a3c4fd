package money

import "fmt"

// The limits of a document. They leave room for every sum in an int64.
const (
	MaxUnit  Cents = 10_000_000_00 // price of one piece, of either sign
	MaxQty   int64 = 10_000        // pieces on a line, of either sign
	MaxLines       = 1_000         // lines of a document
	MaxRates       = 8             // taxes on one line
	MaxTaxes       = 64            // different taxes in a document
)

// Discount takes off a share in parts per million or an amount, never both. The
// zero value takes off nothing. An amount counts towards zero: on a returned line it
// makes the refund smaller.
type Discount struct {
	PPM    int64  `json:"ppm,omitempty"`    // 0 to Million
	Amount Cents  `json:"amount,omitempty"` // 0 to the magnitude of what it is taken from
	Reason string `json:"reason,omitempty"` // for the receipt and the books
}

// Line is a quantity of one item. A negative quantity is a return.
type Line struct {
	Qty      int64    `json:"qty"`
	Unit     Cents    `json:"unit"` // price of one, with or without tax as the rules say
	Discount Discount `json:"discount"`
	Taxes    []Rate   `json:"taxes"`
	// Stored is what a returned line comes to, taken from the sale it gives back
	// with [Part]. It is not computed again, and no discount touches it.
	Stored *LineTotal `json:"stored,omitempty"`
	// Fixed keeps a line out of every discount, also of the order's.
	Fixed bool `json:"fixed,omitempty"`
}

// Document is all that the total of a sale depends on.
type Document struct {
	Rules Rules  `json:"rules"`
	Lines []Line `json:"lines"`
	// Discount is taken from the order as a whole and spread over its lines to the
	// cent, in proportion to their prices. Returned lines of an exchange keep
	// their price; in a document of returns only it is spread over those.
	Discount Discount `json:"discount"`
}

// Validate reports the first value that [Compute] refuses, as a [*LimitError]. That
// an order discount is at most the order's sum is known only to Compute.
func (d Document) Validate() error {
	if err := d.Rules.Validate(); err != nil {
		return err
	}
	if len(d.Lines) > MaxLines {
		return limit("lines", len(d.Lines), fmt.Sprintf("a sale has at most %d lines; make a second sale", MaxLines))
	}
	for i := range d.Lines {
		if err := d.Lines[i].check(); err != nil {
			err.Line = i + 1
			return err
		}
	}
	if err := d.Discount.check(); err != nil {
		return err
	}
	return nil
}

func (l *Line) check() *LimitError {
	if l.Qty == 0 || l.Qty > MaxQty || l.Qty < -MaxQty {
		return limit("qty", l.Qty, "give 1 to 10000 pieces, or -1 to -10000 for a return")
	}
	if l.Unit > MaxUnit || l.Unit < -MaxUnit {
		return limit("unit", l.Unit, "the price of one piece is at most 10000000.00")
	}
	if err := l.Discount.check(); err != nil {
		return err
	}
	if l.Stored != nil {
		return l.checkStored()
	}
	if l.Fixed && (l.Discount.PPM != 0 || l.Discount.Amount != 0) {
		return limit("discount", l.Discount.Amount, "this line takes no discount")
	}
	if uint64(l.Discount.Amount) > l.gross().magnitude() {
		return limit("discount.amount", l.Discount.Amount, "the discount is more than the price of the line")
	}
	return checkRates(l.Taxes)
}

func (l *Line) gross() Cents { return Cents(l.Qty) * l.Unit }

func (d Discount) check() *LimitError {
	if d.PPM != 0 && d.Amount != 0 {
		return limit("discount", d.Amount, "give a percentage or an amount, not both")
	}
	if d.PPM < 0 || d.PPM > Million {
		return limit("discount.ppm", d.PPM, "give a discount of 0 % to 100 % (0 to 1000000 parts per million)")
	}
	if d.Amount < 0 {
		return limit("discount.amount", d.Amount, "give a discount of zero or more")
	}
	return nil
}

// of is the discount on amount, with its sign.
func (d Discount) of(amount Cents, mode Mode) Cents {
	if d.PPM != 0 {
		return mode.share(amount, d.PPM, Million)
	}
	return amount.signed(d.Amount)
}

func checkRates(rates []Rate) *LimitError {
	if len(rates) > MaxRates {
		return limit("taxes", len(rates), fmt.Sprintf("a line has at most %d taxes", MaxRates))
	}
	for i, rate := range rates {
		if err := rate.check(); err != nil {
			return err
		}
		for _, other := range rates[:i] {
			if other.Code == rate.Code {
				return limit("taxes.code", rate.Code, "the same tax is on the line twice")
			}
		}
	}
	return nil
}

func (r Rate) check() *LimitError {
	if r.Code == "" {
		return limit("taxes.code", quoted(r.Code), "a tax needs a code")
	}
	if r.PPM < 0 || r.PPM > Million {
		return limit("taxes.ppm", r.PPM, "give a tax of 0 % to 100 % (0 to 1000000 parts per million)")
	}
	return nil
}
