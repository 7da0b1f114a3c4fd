package protocol

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"kickstand/protocol/money"
)

// Tender is a way to pay.
type Tender string

// Cash is notes and coins into the drawer.
const Cash Tender = "cash"

// Letterhead is what stands around every receipt of a shop. It travels with
// the sale, so that a receipt rebuilt years later is the one that was printed.
type Letterhead struct {
	Name      string   `json:"name"`
	Address   []string `json:"address"`
	TaxNumber string   `json:"tax_number,omitempty"` // as it must be printed, "GST 12345 6789 RT0001"
	Footer    []string `json:"footer,omitempty"`
	UTCOffset int      `json:"utc_offset"` // seconds east of UTC at the sale, for the printed time
}

// Sale is a finished sale: the customer has paid. Amounts are the device's
// claim; the hub computes them again and records any difference.
type Sale struct {
	ID       string         `json:"id"`   // minted by the device when the cart is begun
	Slip     string         `json:"slip"` // device slip number "K3-000123", never used twice
	Operator string         `json:"operator"`
	Name     string         `json:"operator_name"`
	OpenedMS int64          `json:"opened_ms"` // device wall clock, Unix ms
	ClosedMS int64          `json:"closed_ms"` // device wall clock, Unix ms
	Items    int64          `json:"catalogue"` // version of the catalogue the prices came from
	Shop     Letterhead     `json:"shop"`
	Rules    money.Rules    `json:"rules"`
	Lines    []SaleLine     `json:"lines"`
	Discount money.Discount `json:"discount"` // on the whole order
	Totals   money.Totals   `json:"totals"`
	Payments []Payment      `json:"payments"`
	Rounding money.Cents    `json:"rounding"` // sum of payments less Totals.Total
}

// SaleLine is one line of a sale with what the catalogue said at that moment.
type SaleLine struct {
	N           int        `json:"n"`    // from 1, as printed
	Item        string     `json:"item"` // catalogue id
	SKU         string     `json:"sku"`
	Name        string     `json:"name"`
	Barcode     string     `json:"barcode,omitempty"` // as scanned, empty when typed
	TaxCategory string     `json:"tax_category"`
	Money       money.Line `json:"money"`
}

// Payment is one tender of a sale. Amount is what counts towards the sale:
// Tendered less Change.
type Payment struct {
	ID       string      `json:"id"` // minted by the device
	Tender   Tender      `json:"tender"`
	Amount   money.Cents `json:"amount"`
	Tendered money.Cents `json:"tendered"`
	Change   money.Cents `json:"change"`
	Rounding money.Cents `json:"rounding"` // cash rounding contained in Amount
}

// Limits of a sale, so that a corrupt message cannot fill a disk or a page.
const (
	MaxSaleLines = 1000
	MaxPayments  = 50
	maxText      = 400
)

var slipPattern = regexp.MustCompile(`^[A-Z0-9]{1,8}-[0-9]{6,10}$`)

// Kind returns KindSale.
func (*Sale) Kind() Kind { return KindSale }

// Check reports the first structural rule the sale breaks. It does no
// arithmetic: that is sale.Decide's at the hub.
func (s *Sale) Check() error {
	switch {
	case CheckID(s.ID) != nil:
		return fmt.Errorf("sale id %.60q is not an id", s.ID)
	case !slipPattern.MatchString(s.Slip):
		return fmt.Errorf("slip %.40q does not look like K3-000123", s.Slip)
	case CheckID(s.Operator) != nil:
		return fmt.Errorf("operator %.60q is not an id", s.Operator)
	case len(s.Lines) == 0:
		return errors.New("a sale has at least one line")
	case len(s.Lines) > MaxSaleLines:
		return fmt.Errorf("%d lines, the limit is %d", len(s.Lines), MaxSaleLines)
	case len(s.Payments) == 0:
		return errors.New("a finished sale has at least one payment")
	case len(s.Payments) > MaxPayments:
		return fmt.Errorf("%d payments, the limit is %d", len(s.Payments), MaxPayments)
	}
	return errors.Join(s.checkLines(), s.checkPayments(), s.Rules.Validate())
}

func (s *Sale) checkLines() error {
	for i, l := range s.Lines {
		if l.N != i+1 {
			return fmt.Errorf("line %d is numbered %d", i+1, l.N)
		}
		if err := checkTexts(l.SKU, l.Name, l.Barcode, l.TaxCategory); err != nil {
			return fmt.Errorf("line %d: %w", l.N, err)
		}
		if CheckID(l.Item) != nil {
			return fmt.Errorf("line %d: item %.60q is not an id", l.N, l.Item)
		}
	}
	return nil
}

func (s *Sale) checkPayments() error {
	seen := map[string]bool{}
	for i, p := range s.Payments {
		switch {
		case CheckID(p.ID) != nil:
			return fmt.Errorf("payment %d: id %.60q is not an id", i+1, p.ID)
		case seen[p.ID]:
			return fmt.Errorf("payment id %s appears twice", p.ID)
		case p.Tender != Cash:
			return fmt.Errorf("payment %d: unknown tender %.20q", i+1, string(p.Tender))
		case p.Amount != p.Tendered-p.Change:
			return fmt.Errorf("payment %d: %v tendered less %v change is not %v", i+1, p.Tendered, p.Change, p.Amount)
		}
		seen[p.ID] = true
	}
	return nil
}

func checkTexts(texts ...string) error {
	for _, t := range texts {
		if len(t) > maxText {
			return fmt.Errorf("text %.40q… is longer than %d bytes", t, maxText)
		}
		if strings.ContainsFunc(t, func(r rune) bool { return r < ' ' || r == 0x7f }) {
			return fmt.Errorf("text %.40q holds control characters", t)
		}
	}
	return nil
}
