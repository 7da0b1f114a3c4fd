package protocol

import (
	"errors"
	"fmt"

	"kickstand/protocol/money"
)

// The items of lines that load: no catalogue has them.
const (
	GiftItem    = "gift-card"
	DepositItem = "deposit"
)

// GiftRules is what a shop sells gift cards for. The zero value has the limits of
// Bounds.
type GiftRules struct {
	Least   money.Cents   `json:"least,omitempty"`   // put on at a time; 0 is 5.00
	Most    money.Cents   `json:"most,omitempty"`    // that a card may hold; 0 is 500.00
	Amounts []money.Cents `json:"amounts,omitempty"` // of the quick buttons, ascending
}

// Bounds are the least that is put on a card at a time, and the most that a card
// may hold.
func (r GiftRules) Bounds() (least, most money.Cents) {
	least, most = r.Least, r.Most
	if least <= 0 {
		least = 5_00
	}
	if most <= 0 {
		most = 500_00
	}
	return least, most
}

// GiftAsk asks what is on a gift card, store credit or deposit, or whether an
// amount may be put on a gift card. It moves no money: the line of a sale does that,
// see SaleLine. Asked again under the same id it gets the same answer.
type GiftAsk struct {
	ID   string      `json:"id"`             // minted by the device
	Code string      `json:"code,omitempty"` // as scanned or typed; empty, with Load: the hub makes up a new one
	Load money.Cents `json:"load,omitempty"` // to be put on; 0 asks what is on it
}

// Kind returns KindGiftAsk.
func (*GiftAsk) Kind() Kind { return KindGiftAsk }

// Check reports a malformed id, an overlong code and a question about nothing.
func (a *GiftAsk) Check() error {
	switch {
	case CheckID(a.ID) != nil:
		return fmt.Errorf("id %.60q is not an id", a.ID)
	case a.Load < 0 || a.Load > money.MaxAmount:
		return fmt.Errorf("%v cannot be put on a card", a.Load)
	case a.Load == 0 && a.Code == "":
		return errors.New("a question about no card")
	case len(a.Code) > MaxCode:
		return fmt.Errorf("code is longer than %d bytes", MaxCode)
	}
	return checkTexts(a.Code)
}

// GiftTold answers a GiftAsk. To one with Load it says nothing of what is on the
// card.
type GiftTold struct {
	ID      string      `json:"id"`
	Account Tender      `json:"account"`        // Gift, Credit or Deposit
	Code    string      `json:"code,omitempty"` // one that was made up, to be printed once
	Ref     string      `json:"ref"`            // the code, masked
	Balance money.Cents `json:"balance"`
	Load    money.Cents `json:"load,omitempty"` // may be put on
}

// Kind returns KindGiftTold.
func (*GiftTold) Kind() Kind { return KindGiftTold }

// Check reports a malformed id, an unknown kind of account and impossible amounts.
func (g *GiftTold) Check() error {
	switch {
	case CheckID(g.ID) != nil:
		return fmt.Errorf("id %.60q is not an id", g.ID)
	case g.Account != Gift && g.Account != Credit && g.Account != Deposit:
		return fmt.Errorf("no account is a %.20q", string(g.Account))
	case g.Balance < 0 || g.Load < 0 || len(g.Code) > MaxCode:
		return errors.New("a card holds nothing or more, and its code is short")
	}
	return checkTexts(g.Code, g.Ref)
}
