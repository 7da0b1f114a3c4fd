package web

import (
	"errors"
	"fmt"
	"time"

	"kickstand/hub/right"
	"kickstand/hub/special"
	"kickstand/hub/store"
	"kickstand/protocol"
	"kickstand/protocol/money"
)

// specialRows is how many orders that have ended one page shows.
const specialRows = 100

// specialsPage lists customers' orders.
type specialsPage struct {
	Open, Ended []specialRow
	Currency    string
}

// specialRow is one order as pages show it.
type specialRow struct {
	store.Special
	At, Changed time.Time
	By          string
	Rest        money.Cents // to be paid at the pick-up
}

// Words says how far the order is.
func (r specialRow) Words() string {
	switch {
	case r.State == protocol.SpecialPickedUp:
		return "picked up"
	case r.State == protocol.SpecialCancelled:
		return "cancelled"
	case r.Order == protocol.Layaway:
		return "laid away"
	case r.State == protocol.SpecialArrived:
		return "arrived"
	}
	return "ordered"
}

// IsOpen reports whether the order goes on.
func (r specialRow) IsOpen() bool { return !special.Ended(r.State) }

func (v visit) specialRow(s store.Special) specialRow {
	return specialRow{Special: s, At: v.time(s.AtMS), Changed: v.time(s.ChangedMS), By: v.nameOf(s.Operator), Rest: max(0, s.Total-s.Deposit)}
}

// specials lists what customers ordered and what is laid away.
func (o *office) specials(v visit) (sheet, error) {
	p := specialsPage{Currency: v.settings.Rules.Currency}
	open, err := o.Store.OpenSpecials(v.Context(), "", specialRows)
	if err != nil {
		return sheet{}, err
	}
	ended, err := o.Store.EndedSpecials(v.Context(), specialRows)
	for _, s := range open {
		p.Open = append(p.Open, v.specialRow(s))
	}
	for _, s := range ended {
		p.Ended = append(p.Ended, v.specialRow(s))
	}
	return sheet{Name: "specials", Title: "Customers' orders", Data: p}, err
}

// changingSpecial says that the goods of an order are here, or that the customer does
// not come and the shop keeps the deposit.
func (o *office) changingSpecial() change {
	return change{Section: "Customers' orders", Right: right.Customers, Show: o.showSpecial, Do: o.doSpecial}
}

func (o *office) showSpecial(v visit, _ *form) (sheet, error) {
	s, err := o.Store.Special(v.Context(), v.PathValue("id"))
	return sheet{Name: "special", Title: "Customer's order", Data: struct {
		specialRow
		Money   string
		MayKeep bool
	}{v.specialRow(s), v.settings.Rules.Currency, right.May(v.who.Role, right.Findings)}}, err
}

func (o *office) doSpecial(v visit, f *form, t *store.Tx) (done, error) {
	s, err := t.Special(v.PathValue("id"))
	if err != nil {
		return done{}, err
	}
	what := special.Event(f.Get("do"))
	next, ok := special.Next(s.State, what)
	switch {
	case what != special.Arrive && what != special.Keep || !ok:
		f.Fail("", "The order has gone on meanwhile. Look at it again.")
	case what == special.Keep && !right.May(v.who.Role, right.Findings):
		f.Fail("", "Only "+right.Who(right.Findings)+" may keep a deposit.")
	case what == special.Keep && s.Deposit == 0:
		f.Fail("", "Nothing is left of the deposit: it is being paid with at a counter right now.")
	case what == special.Keep && f.Get("sure") != "1":
		f.Fail("sure", "Say that the shop may keep the deposit.")
	}
	if !f.good() {
		return done{}, nil
	}
	if ok, err := t.MoveSpecial(s.ID, s.State, next, special.Ended(next)); err != nil || !ok {
		return done{}, errors.Join(err, errWrongForm)
	}
	says := "Noted as arrived. The counters see it."
	if what == special.Keep {
		if err := t.KeepDeposit(s); err != nil {
			return done{}, err
		}
		says = fmt.Sprintf("Cancelled. The shop keeps %s.", priced(s.Currency, s.Deposit))
	}
	err = v.audit(t, "special."+string(what), s.ID, map[string]any{"state": next, "deposit": s.Deposit})
	return done{Leads: "/specials", Says: says}, err
}
