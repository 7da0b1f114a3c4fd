package protocol

import (
	"errors"
	"fmt"

	"kickstand/protocol/money"
)

// SaleFind asks for a finished sale by what its receipt says.
type SaleFind struct {
	Code string `json:"code"` // slip "K3-000123", shop number "S-000001" or sale id; case does not matter
}

// Kind returns KindSaleFind.
func (*SaleFind) Kind() Kind { return KindSaleFind }

// Check reports an empty or overlong code.
func (f *SaleFind) Check() error {
	if f.Code == "" || len(f.Code) > 60 {
		return errors.New("a receipt's number has 1 to 60 characters")
	}
	return checkTexts(f.Code)
}

// SaleFound is a finished sale and what of it may still come back.
type SaleFound struct {
	Sale     Sale        `json:"sale"`
	Number   string      `json:"number"`   // the shop's
	At       int64       `json:"at_ms"`    // hub time of the sale, Unix ms
	Returned []int64     `json:"returned"` // pieces given back or held by others, line by line
	Before   money.Cents `json:"before"`   // sum of earlier refunds, as for money.GiveBack
	Paid     []PaidLeft  `json:"paid"`     // in the order in which money goes back

	Copies int `json:"copies,omitempty"` // of its receipt that were asked for, at any device
}

// PaidLeft is one payment of a sale and what was given back of it.
type PaidLeft struct {
	ID     string      `json:"id"`
	Tender Tender      `json:"tender"`
	Amount money.Cents `json:"amount"`
	Back   money.Cents `json:"back"`
	Ref    string      `json:"ref,omitempty"`
	Words  string      `json:"words,omitempty"`
}

// Kind returns KindSaleFound.
func (*SaleFound) Kind() Kind { return KindSaleFound }

// Check reports a missing sale and counts that do not fit its lines.
func (f *SaleFound) Check() error {
	if f.Sale.ID == "" {
		return errors.New("the sale is missing")
	}
	if len(f.Returned) != len(f.Sale.Lines) || len(f.Sale.Totals.Lines) != len(f.Sale.Lines) {
		return fmt.Errorf("%d counts and %d totals for %d lines", len(f.Returned), len(f.Sale.Totals.Lines), len(f.Sale.Lines))
	}
	return nil
}

// RefundHold asks the hub to keep pieces of a sale for one refund, so that no
// other till takes them back meanwhile. The id is that of the refund, a new sale.
// Asked again, also with other lines, it replaces what it held.
type RefundHold struct {
	ID       string       `json:"id"`
	Sale     string       `json:"sale"` // that is given back
	Operator string       `json:"operator"`
	Lines    []ReturnWish `json:"lines"` // empty lets go of everything
}

// ReturnWish is how many pieces of a line come back.
type ReturnWish struct {
	Line int   `json:"line"`
	Qty  int64 `json:"qty"`
}

// Kind returns KindRefundHold.
func (*RefundHold) Kind() Kind { return KindRefundHold }

// Check reports malformed ids, and lines that are named twice or come back
// without a piece.
func (h *RefundHold) Check() error {
	if CheckID(h.ID) != nil || CheckID(h.Sale) != nil || CheckID(h.Operator) != nil || h.ID == h.Sale {
		return errors.New("id, sale and operator must be ids, and a refund is a new sale")
	}
	if len(h.Lines) > MaxSaleLines {
		return fmt.Errorf("%d lines, the limit is %d", len(h.Lines), MaxSaleLines)
	}
	seen := map[int]bool{}
	for _, l := range h.Lines {
		if l.Line < 1 || l.Line > MaxSaleLines || l.Qty < 1 || l.Qty > money.MaxQty || seen[l.Line] {
			return fmt.Errorf("line %d with %d pieces cannot come back", l.Line, l.Qty)
		}
		seen[l.Line] = true
	}
	return nil
}

// RefundHeld is what the hub keeps for a refund. A line may come in several
// runs when pieces in between came back before.
type RefundHeld struct {
	ID      string     `json:"id"`
	Lines   []HeldLine `json:"lines"`
	UntilMS int64      `json:"until_ms"` // hub time after which others may take them, Unix ms
}

// HeldLine is a run of pieces and what it comes to, see money.Part.
type HeldLine struct {
	Of     Origin          `json:"of"`
	Qty    int64           `json:"qty"`
	Stored money.LineTotal `json:"stored"`
}

// Kind returns KindRefundHeld.
func (*RefundHeld) Kind() Kind { return KindRefundHeld }

// Check reports malformed ids and runs without pieces.
func (h *RefundHeld) Check() error {
	if CheckID(h.ID) != nil {
		return errors.New("id must be an id")
	}
	for _, l := range h.Lines {
		if l.Qty < 1 || CheckID(l.Of.Sale) != nil || l.Of.Line < 1 || l.Of.Before < 0 {
			return fmt.Errorf("line %d with %d pieces cannot be held", l.Of.Line, l.Qty)
		}
	}
	return nil
}
