package protocol

import (
	"errors"
	"fmt"

	"kickstand/protocol/money"
)

// TillFigures is what a till session comes to: everything that went through one
// drawer between opening and closing. Package till adds them up.
type TillFigures struct {
	Float     money.Cents       `json:"float"`    // counted at the opening
	In        money.Cents       `json:"in"`       // cash put in without a sale
	Out       money.Cents       `json:"out"`      // cash taken out without a sale
	Sales     int64             `json:"sales"`    // documents that took money, or none
	Refunds   int64             `json:"refunds"`  // documents that gave money back
	Gross     money.Cents       `json:"gross"`    // goods and labour as priced, returns taken off
	Discount  money.Cents       `json:"discount"` // given on them
	Net       money.Cents       `json:"net"`      // without tax
	Tax       money.Cents       `json:"tax"`
	Loaded    money.Cents       `json:"loaded"`   // put on gift cards and deposits: owed, not earned
	Total     money.Cents       `json:"total"`    // Net + Tax + Loaded
	Rounding  money.Cents       `json:"rounding"` // of cash; tenders sum to Total + Rounding
	Tenders   []TillTender      `json:"tenders,omitempty"`
	Taxes     []money.TaxAmount `json:"taxes,omitempty"`
	NoSale    int64             `json:"no_sale"` // drawer openings without a sale
	FirstSlip string            `json:"first_slip,omitempty"`
	LastSlip  string            `json:"last_slip,omitempty"`
}

// TillTender is what one way to pay came to.
type TillTender struct {
	Tender Tender      `json:"tender"`
	N      int64       `json:"n"`     // payments, either way
	Taken  money.Cents `json:"taken"` // zero or more
	Back   money.Cents `json:"back"`  // given back, zero or more
}

// Pieces is how many of one coin or note were counted.
type Pieces struct {
	Coin money.Cents `json:"coin"` // its value
	N    int64       `json:"n"`
}

// maxPieces bounds a count; no drawer holds as many.
const maxPieces = 100_000

func checkCount(all []Pieces) error {
	if len(all) > 40 {
		return fmt.Errorf("%d kinds of coins and notes are too many", len(all))
	}
	for _, p := range all {
		if p.Coin < 1 || p.Coin > 100_000_00 || p.N < 0 || p.N > maxPieces {
			return fmt.Errorf("%d pieces of %v cannot be counted", p.N, p.Coin)
		}
	}
	return nil
}

// TillOpened is the fact that somebody opened the till: from here the drawer's
// sales carry this session.
type TillOpened struct {
	ID       string      `json:"id"` // of the session, minted by the device
	Operator string      `json:"operator"`
	Name     string      `json:"operator_name"`
	Float    money.Cents `json:"float"`
	Count    []Pieces    `json:"count,omitempty"` // empty when the float was typed as one amount
}

// Kind returns KindTillOpened.
func (*TillOpened) Kind() Kind { return KindTillOpened }

// Check reports malformed ids and a float below zero.
func (o *TillOpened) Check() error {
	switch {
	case CheckID(o.ID) != nil || CheckID(o.Operator) != nil:
		return errors.New("session and operator must be ids")
	case o.Float < 0 || o.Float > money.MaxAmount:
		return fmt.Errorf("float %v cannot be counted", o.Float)
	}
	return errors.Join(checkCount(o.Count), checkTexts(o.Name))
}

// TillMoved is cash put into the drawer or taken out without a sale.
type TillMoved struct {
	ID       string      `json:"id"`
	Session  string      `json:"session"`
	Operator string      `json:"operator"`
	Amount   money.Cents `json:"amount"` // below zero: taken out
	Why      string      `json:"why"`
}

// Kind returns KindTillMoved.
func (*TillMoved) Kind() Kind { return KindTillMoved }

// Check reports malformed ids, an amount of nothing and a missing reason.
func (m *TillMoved) Check() error {
	switch {
	case CheckID(m.ID) != nil || CheckID(m.Session) != nil || CheckID(m.Operator) != nil:
		return errors.New("id, session and operator must be ids")
	case m.Amount == 0 || m.Amount > money.MaxAmount || m.Amount < -money.MaxAmount:
		return fmt.Errorf("amount %v cannot be moved", m.Amount)
	case m.Why == "":
		return errors.New("cash in and out need a reason")
	}
	return checkTexts(m.Why)
}

// TillClosed is a closed session: its Z report. It is never changed; what comes
// to light later goes to an addendum at the hub.
type TillClosed struct {
	ID       string      `json:"id"`     // of the session
	Number   int64       `json:"number"` // of the Z report, from 1 without gaps for each device
	Operator string      `json:"operator"`
	Name     string      `json:"operator_name"`
	OpenedMS int64       `json:"opened_ms"` // device wall clock, Unix ms
	CutMS    int64       `json:"cut_ms"`    // when selling stopped for the count, device wall clock
	ClosedMS int64       `json:"closed_ms"` // device wall clock, Unix ms
	Currency string      `json:"currency"`
	Shop     Letterhead  `json:"shop"`
	Figures  TillFigures `json:"figures"`
	Counted  money.Cents `json:"counted"`
	Count    []Pieces    `json:"count,omitempty"`
	Tries    int         `json:"tries"`          // how often it was counted, at least once
	First    money.Cents `json:"first"`          // what the first, blind count came to
	Why      string      `json:"why,omitempty"`  // of a variance
	Open     []string    `json:"open,omitempty"` // what was not settled at the close, in words
	Seal     *SealMark   `json:"seal,omitempty"` // as on a receipt
}

// Variance is what was counted less what should have been there.
func (c *TillClosed) Variance() money.Cents { return c.Counted - c.Figures.Expected() }

// Expected is the cash that should be in the drawer.
func (f *TillFigures) Expected() money.Cents {
	cash := f.Float + f.In - f.Out
	for _, t := range f.Tenders {
		if t.Tender == Cash {
			cash += t.Taken - t.Back
		}
	}
	return cash
}

// Kind returns KindTillClosed.
func (*TillClosed) Kind() Kind { return KindTillClosed }

// Check reports malformed ids, a number below 1 and counts that cannot be.
func (c *TillClosed) Check() error {
	switch {
	case CheckID(c.ID) != nil || CheckID(c.Operator) != nil:
		return errors.New("session and operator must be ids")
	case c.Number < 1 || c.Tries < 1:
		return fmt.Errorf("report Z %d after %d counts cannot be", c.Number, c.Tries)
	case c.Counted > money.MaxAmount || c.Counted < -money.MaxAmount:
		return fmt.Errorf("%v cannot be counted", c.Counted)
	case len(c.Open) > 200:
		return fmt.Errorf("%d open matters are too many", len(c.Open))
	}
	return errors.Join(checkCount(c.Count), checkTexts(append(c.Open, c.Name, c.Why)...), c.Seal.check())
}

// TillRules is how a shop runs its tills. The zero value wants no sessions.
type TillRules struct {
	Sessions bool          `json:"sessions"`         // a counter takes no money before its till is open
	Coins    []money.Cents `json:"coins,omitempty"`  // coins and notes to count, largest first
	Accept   money.Cents   `json:"accept,omitempty"` // a variance up to this needs no reason
}
