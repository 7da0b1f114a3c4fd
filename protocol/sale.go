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

// The tenders. The hub carries out Card, Gift, Credit and Deposit, see
// TenderBegin; a device takes Cash and External alone.
const (
	Cash     Tender = "cash"     // notes and coins into the drawer
	Card     Tender = "card"     // on a reader of the shop
	External Tender = "external" // on a terminal that is not connected; Ref is what its slip says
	Gift     Tender = "gift"     // a gift card; Ref is its code with all but the last four masked
	Credit   Tender = "credit"   // store credit, given for a return; Ref as for Gift
	Deposit  Tender = "deposit"  // paid before for a special order; Ref as for Gift
)

// Known reports whether t is one of the tenders.
func (t Tender) Known() bool {
	switch t {
	case Cash, Card, External, Gift, Credit, Deposit:
		return true
	}
	return false
}

// ByHub reports whether only the hub can carry the tender out.
func (t Tender) ByHub() bool { return t.Known() && t != Cash && t != External }

// Letterhead is what stands around every receipt of a shop. It travels with
// the sale, so that a receipt rebuilt years later is the one that was printed.
type Letterhead struct {
	Name      string   `json:"name"`
	Address   []string `json:"address"`
	TaxNumber string   `json:"tax_number,omitempty"` // as it must be printed, "GST 12345 6789 RT0001"
	Footer    []string `json:"footer,omitempty"`
	UTCOffset int      `json:"utc_offset"`     // seconds east of UTC at the sale, for the printed time
	Zone      string   `json:"zone,omitempty"` // IANA name of the shop's time zone, from which the hub keeps UTCOffset; empty: nobody does
}

// Sale is a finished sale, refund or exchange: all money has changed hands.
// Amounts are the device's claim; the hub computes them again and records any
// difference. A line that gives back names the line it gives back in Of, and
// has a negative quantity; a sale of such lines only is a refund.
type Sale struct {
	ID       string         `json:"id"`       // minted by the device when the cart is begun
	Slip     string         `json:"slip"`     // device slip number "K3-000123", never used twice
	Operator string         `json:"operator"` // empty: a customer at a kiosk
	Name     string         `json:"operator_name"`
	OpenedMS int64          `json:"opened_ms"`          // device wall clock, Unix ms
	ClosedMS int64          `json:"closed_ms"`          // device wall clock, Unix ms
	Session  string         `json:"session,omitempty"`  // till session whose drawer this is; empty: none was open
	Customer string         `json:"customer,omitempty"` // id of the customer, empty when nobody was named
	Items    int64          `json:"catalogue"`          // version of the catalogue the prices came from
	Shop     Letterhead     `json:"shop"`
	Rules    money.Rules    `json:"rules"`
	Lines    []SaleLine     `json:"lines"`
	Discount money.Discount `json:"discount"` // on the whole order
	Totals   money.Totals   `json:"totals"`
	Payments []Payment      `json:"payments"`
	Rounding money.Cents    `json:"rounding"`        // sum of payments less Totals.Total
	Seal     *SealMark      `json:"seal,omitempty"`  // printed on the receipt; nil: the device has seen no checkpoint
	Token    string         `json:"token,omitempty"` // opens the receipt on the hub's page; the hub keeps its digest only
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
	Of          *Origin    `json:"of,omitempty"`       // the line is a return of this
	Loads       string     `json:"loads,omitempty"`    // code of the gift card or deposit that the line's total is put on; masked once the hub has it
	LoadsAs     Tender     `json:"loads_as,omitempty"` // what Loads names: Gift, which empty is too, or Deposit; on a return, what the line had loaded
}

// LoadKind is what the line's total is put on, or taken off again when the line is
// a return: Gift or Deposit. Empty means that the line sells something.
func (l *SaleLine) LoadKind() Tender {
	if l.Loads != "" && l.LoadsAs == "" {
		return Gift
	}
	return l.LoadsAs
}

// Origin names the pieces of an earlier sale that a line gives back: as many as
// its quantity says, after those that were given back before. Together they tell
// which cents of the line these are, see money.Part.
type Origin struct {
	Sale   string `json:"sale"`
	Line   int    `json:"line"`
	Before int64  `json:"before"`         // pieces of that line given back before this
	Slip   string `json:"slip,omitempty"` // number on that sale's receipt, as printed
}

// Payment is one tender of a sale. Amount is what counts towards the sale:
// Tendered less Change. Money that is given back has a negative Amount and
// Tendered and no Change.
type Payment struct {
	ID       string      `json:"id"` // minted by the device
	Tender   Tender      `json:"tender"`
	Amount   money.Cents `json:"amount"`
	Tendered money.Cents `json:"tendered"`
	Change   money.Cents `json:"change"`
	Rounding money.Cents `json:"rounding"`        // cash rounding contained in Amount
	Ref      string      `json:"ref,omitempty"`   // see the tenders; never a whole code
	Words    string      `json:"words,omitempty"` // as printed, "Visa 4242"
	Of       string      `json:"of,omitempty"`    // id of the payment that this gives back
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
	case s.Operator != "" && CheckID(s.Operator) != nil:
		return fmt.Errorf("operator %.60q is not an id", s.Operator)
	case len(s.Lines) == 0:
		return errors.New("a sale has at least one line")
	case len(s.Lines) > MaxSaleLines:
		return fmt.Errorf("%d lines, the limit is %d", len(s.Lines), MaxSaleLines)
	case s.Session != "" && CheckID(s.Session) != nil:
		return fmt.Errorf("till session %.60q is not an id", s.Session)
	case s.Customer != "" && CheckID(s.Customer) != nil:
		return fmt.Errorf("customer %.60q is not an id", s.Customer)
	case len(s.Payments) == 0:
		return errors.New("a finished sale has at least one payment")
	case s.Token != "" && !IsReceiptToken(s.Token):
		return errors.New("the token of the receipt is not random enough")
	case len(s.Payments) > MaxPayments:
		return fmt.Errorf("%d payments, the limit is %d", len(s.Payments), MaxPayments)
	}
	return errors.Join(s.checkLines(), s.checkPayments(), s.Rules.Validate(), s.Seal.check())
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
		if err := l.checkReturn(); err != nil {
			return fmt.Errorf("line %d: %w", l.N, err)
		}
	}
	return nil
}

// checkReturn keeps returns apart from sales: a line of negative quantity, and no
// other, names what it gives back and carries the amounts stored with that.
func (l *SaleLine) checkReturn() error {
	switch {
	case l.LoadsAs != "" && (l.Loads == "" && l.Of == nil || l.LoadsAs != Gift && l.LoadsAs != Deposit):
		return errors.New("a line loads a gift card or a deposit, and names its code")
	case l.Loads != "" && (l.Of != nil || checkTexts(l.Loads) != nil || len(l.Loads) > MaxCode):
		return errors.New("a line that loads a gift card is no return, and its code is short")
	case (l.Of == nil) != (l.Money.Qty >= 0) || (l.Of == nil) != (l.Money.Stored == nil):
		return errors.New("a return, and nothing else, has a negative quantity, stored amounts and the line it gives back")
	case l.Of != nil && (CheckID(l.Of.Sale) != nil || l.Of.Line < 1 || l.Of.Line > MaxSaleLines || l.Of.Before < 0 || (l.Of.Slip != "" && !slipPattern.MatchString(l.Of.Slip))):
		return errors.New("the line that is given back is not named properly")
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
		case !p.Tender.Known():
			return fmt.Errorf("payment %d: unknown tender %.20q", i+1, string(p.Tender))
		case p.Tender != Cash && p.Change != 0:
			return fmt.Errorf("payment %d: only cash has change", i+1)
		case p.Of != "" && CheckID(p.Of) != nil:
			return fmt.Errorf("payment %d: of %.60q is not an id", i+1, p.Of)
		case checkTexts(p.Ref, p.Words) != nil:
			return fmt.Errorf("payment %d: %w", i+1, checkTexts(p.Ref, p.Words))
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
