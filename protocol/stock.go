package protocol

import (
	"errors"
	"fmt"

	"kickstand/protocol/money"
)

// MaxLevels is the most levels of one StockLevels.
const MaxLevels = 2000

// StockAsk asks for the levels of all items, one page at a time, when a device
// is back.
type StockAsk struct {
	After string `json:"after,omitempty"` // Next of the page before
}

// Kind returns KindStockAsk.
func (*StockAsk) Kind() Kind { return KindStockAsk }

// Check reports an overlong cursor.
func (a *StockAsk) Check() error { return checkTexts(a.After) }

// StockLevels says what may still be sold of items: the answer to StockAsk, and
// unasked on Tell whenever a level has changed.
type StockLevels struct {
	N      int64        `json:"n"` // grows: of two levels of an item the one with the higher N is newer
	Levels []StockLevel `json:"levels"`
	Next   string       `json:"next,omitempty"` // of a page: ask for the rest with it
}

// StockLevel is what may still be sold of an item: on hand less what sales being
// paid have reserved. Below zero it was oversold.
type StockLevel struct {
	Item string `json:"item"`
	Left int64  `json:"left"`
}

// Kind returns KindStockLevels.
func (*StockLevels) Kind() Kind { return KindStockLevels }

// Check reports too many levels and malformed ids.
func (l *StockLevels) Check() error {
	if len(l.Levels) > MaxLevels {
		return fmt.Errorf("%d levels, the limit is %d", len(l.Levels), MaxLevels)
	}
	for _, x := range l.Levels {
		if CheckID(x.Item) != nil {
			return fmt.Errorf("item %.60q is not an id", x.Item)
		}
	}
	return checkTexts(l.Next)
}

// StockReserve asks the hub to keep the pieces of a sale that is about to be
// paid. Asked again it replaces what it kept; without lines it lets go.
type StockReserve struct {
	Sale  string      `json:"sale"`
	Lines []StockWish `json:"lines"` // each item once
}

// StockWish is how many pieces of an item are wanted.
type StockWish struct {
	Item string `json:"item"`
	Qty  int64  `json:"qty"`
}

// Kind returns KindStockReserve.
func (*StockReserve) Kind() Kind { return KindStockReserve }

// Check reports malformed ids, and items named twice or without a piece.
func (r *StockReserve) Check() error {
	if CheckID(r.Sale) != nil {
		return errors.New("sale must be an id")
	}
	if len(r.Lines) > MaxSaleLines {
		return fmt.Errorf("%d lines, the limit is %d", len(r.Lines), MaxSaleLines)
	}
	seen := map[string]bool{}
	for _, l := range r.Lines {
		if CheckID(l.Item) != nil || seen[l.Item] || l.Qty < 1 || l.Qty > money.MaxQty*MaxSaleLines {
			return fmt.Errorf("%d pieces of %.60q cannot be reserved", l.Qty, l.Item)
		}
		seen[l.Item] = true
	}
	return nil
}

// StockReserved answers StockReserve. With Short nothing is kept.
type StockReserved struct {
	Sale    string       `json:"sale"`
	UntilMS int64        `json:"until_ms"`        // hub time until which they are kept, Unix ms
	Short   []StockLevel `json:"short,omitempty"` // items there are too few of, and how many are left
}

// Kind returns KindStockReserved.
func (*StockReserved) Kind() Kind { return KindStockReserved }

// Check reports a malformed sale.
func (r *StockReserved) Check() error {
	if CheckID(r.Sale) != nil {
		return errors.New("sale must be an id")
	}
	return nil
}
