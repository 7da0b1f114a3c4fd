package tender

import (
	"errors"
	"fmt"

	"kickstand/hub/audit"
	"kickstand/hub/store"
	"kickstand/protocol"
	"kickstand/protocol/money"
)

// spend takes money from a gift card, store credit or deposit: all that was
// asked for, or what is left.
func spend(t *store.Tx, x *store.Tender, code string) error {
	x.Ref = protocol.MaskCode(code)
	digest, err := t.CodeDigest(code)
	if err != nil {
		return err
	}
	x.Account = digest
	a, reason, why, err := accountOf(t, x.Device, code)
	switch {
	case err != nil:
		return err
	case why != "":
		decline(x, reason, why)
		return nil
	case a.Kind != x.Tender:
		decline(x, "other_kind", fmt.Sprintf("This is a %s, not a %s. Choose %s and scan it again.", noun(a.Kind), noun(x.Tender), noun(a.Kind)))
		return nil
	}
	if err := forOrder(t, x); err != nil || x.Phase == protocol.TenderDeclined {
		return err
	}
	held, err := t.OnHold(a.Digest, "")
	if err != nil {
		return err
	}
	amount := min(a.Balance-held, x.Amount)
	done := false
	if amount > 0 {
		m := store.AccountMove{Account: a.Digest, Delta: -amount, Reason: "spend", Tender: x.ID, Sale: x.Sale}
		if x.Left, done, err = t.MoveAccount(m); err != nil {
			return err
		}
	}
	if !done {
		decline(x, "empty", "Nothing is left on this "+noun(x.Tender)+". Take another way to pay.")
		return nil
	}
	x.Phase, x.Taken = protocol.TenderTaken, amount
	x.Words = title(x.Tender) + " " + x.Ref
	return nil
}

// forOrder declines the deposit of a customer's order for another sale than the one
// that picks the order up.
func forOrder(t *store.Tx, x *store.Tender) error {
	if x.Tender != protocol.Deposit {
		return nil
	}
	o, err := t.SpecialOf(x.Account)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err == nil && o.ID != x.Sale {
		decline(x, "of_order", "This deposit belongs to an order. Open the order under More, Orders, to pick it up.")
	}
	return err
}

func decline(x *store.Tender, code, why string) {
	x.Phase, x.Code, x.Why = protocol.TenderDeclined, code, why
}

// giveBack returns money to where it came from, or makes a new store credit.
func (d *Desk) giveBack(t *store.Tx, x *store.Tender) error {
	if x.Of == "" {
		return d.newCredit(t, x)
	}
	from, err := t.Tender(x.Of)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return protocol.Refuse(unknown, "The hub did not take the payment that is to be given back. Give it back another way, such as cash or a store credit.")
	case err != nil:
		return err
	case from.Tender != x.Tender && !asCredit(from, x):
		return protocol.Refuse(wrongTender, "That payment was made by %s: give it back the same way, or as a new store credit.", noun(from.Tender))
	case x.Tender == protocol.Card && d.cards == nil:
		return protocol.Refuse(noCards, "%s", d.cardWay("").Why)
	}
	promised, err := t.PromiseBack(from.ID, -x.Amount)
	if err != nil {
		return err
	}
	if !promised {
		decline(x, "too_much", fmt.Sprintf("Only %v of that payment is left to give back.", max(0, from.Taken-from.Promised)))
		return nil
	}
	if asCredit(from, x) {
		return d.newCredit(t, x)
	}
	x.Words = from.Words
	if x.Tender == protocol.Card {
		x.Phase, x.Ref, x.Why = protocol.TenderChecking, from.Ref, wordsRefunding
		return nil
	}
	x.Account, x.Ref = from.Account, from.Ref
	return credit(t, x, "back")
}

// asCredit reports whether a payment by deposit goes back as a new store credit: the
// order of the deposit has ended, so nothing could be paid with it any more.
func asCredit(from store.Tender, x *store.Tender) bool {
	return from.Tender == protocol.Deposit && x.Tender == protocol.Credit
}

// credit puts what is given back on an account.
func credit(t *store.Tx, x *store.Tender, reason string) error {
	left, done, err := t.MoveAccount(store.AccountMove{Account: x.Account, Delta: -x.Amount, Reason: reason, Tender: x.ID, Sale: x.Sale})
	if err == nil && !done {
		err = fmt.Errorf("tender %s: its account is gone", x.ID)
	}
	x.Phase, x.Taken, x.Left = protocol.TenderTaken, x.Amount, left
	return err
}

// newCredit makes a store credit of what is given back. Its code is told until
// the sale is here, so that a lost answer loses no money, and is kept nowhere: it is
// made again each time.
func (d *Desk) newCredit(t *store.Tx, x *store.Tender) error {
	if x.Tender != protocol.Credit {
		return protocol.Refuse(wrongTender, "Money that goes back to no payment can only become a store credit or cash.")
	}
	if len(d.key) == 0 {
		return protocol.Refuse(noKey, wordsNoCodes)
	}
	code := d.made(creditCode, x.ID)
	var err error
	if x.Account, err = t.CodeDigest(code); err != nil {
		return err
	}
	a := store.Account{Digest: x.Account, Kind: protocol.Credit, Last4: code[len(code)-4:], Currency: x.Currency}
	if err := t.OpenAccount(a); err != nil {
		return err
	}
	x.Ref, x.Code = protocol.MaskCode(code), codeNew
	x.Words = title(protocol.Credit) + " " + x.Ref
	return credit(t, x, "new")
}

// undo reverses a gift card, credit or deposit whose sale is not in the books
// yet. What cannot be reversed any more stays as it is.
func undo(t *store.Tx, x *store.Tender) error {
	if x.Phase != protocol.TenderTaken || x.Matched != "" || x.Promised != 0 {
		return nil
	}
	was := x.Taken
	_, done, err := t.MoveAccount(store.AccountMove{Account: x.Account, Delta: was, Reason: "undo", Tender: x.ID, Sale: x.Sale})
	if err != nil || !done {
		return err
	}
	if x.Of != "" {
		if err := t.KeepBack(x.Of, -was); err != nil {
			return err
		}
	}
	x.Phase, x.Taken, x.Left, x.Secret, x.Why = protocol.TenderCanceled, 0, 0, "", ""
	if *x, err = t.PutTender(*x); err != nil {
		return err
	}
	return note(t, "tender.undone", *x)
}

// taken is the body of the audit row of money that moved before its sale.
type taken struct {
	Sale     string          `json:"sale"`
	Tender   protocol.Tender `json:"tender"`
	Amount   money.Cents     `json:"amount"`
	Taken    money.Cents     `json:"taken"`
	Currency string          `json:"currency"`
	Of       string          `json:"of,omitempty"`
	Ref      string          `json:"ref,omitempty"`
}

// note chains what happened onto the journal.
func note(t *store.Tx, kind string, x store.Tender) error {
	r, err := audit.Act(kind, x.ID, x.Operator, taken{
		Sale: x.Sale, Tender: x.Tender, Amount: x.Amount, Taken: x.Taken, Currency: x.Currency, Of: x.Of, Ref: x.Ref,
	})
	if err != nil {
		return err
	}
	r.Device = x.Device
	_, err = t.Audit(r)
	return err
}
