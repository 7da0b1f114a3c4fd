package web

import (
	"errors"
	"net/http"
	"strings"
	"time"

	"kickstand/hub/audit"
	"kickstand/hub/right"
	"kickstand/hub/store"
	"kickstand/hub/tender"
	"kickstand/protocol"
)

// personRow is a payment that a person must look up.
type personRow struct {
	store.Tender
	Since      time.Time
	Where, Who string // the till and the person, by name
	Back       bool   // money that was to be given back
	Stuck      bool   // the card service is still being asked
}

func (o *office) personRow(v visit, x store.Tender) (personRow, error) {
	names, err := o.tillNames(v)
	return personRow{Tender: x, Since: v.time(x.ChangedMS), Where: names.device(x.Device), Who: names.person(x.Operator), Back: x.Amount < 0, Stuck: x.Phase == protocol.TenderChecking}, err
}

// stuck is when a payment was begun whose end should long be known.
func (v visit) stuck() int64 { return v.now.Add(-tender.Stuck).UnixMilli() }

// personRows are the payments that wait for a person, the oldest first.
func (o *office) personRows(v visit) ([]personRow, error) {
	all, err := o.Store.PersonTenders(v.Context(), v.stuck())
	if err != nil {
		return nil, err
	}
	rows := make([]personRow, len(all))
	for i, x := range all {
		if rows[i], err = o.personRow(v, x); err != nil {
			return nil, err
		}
	}
	return rows, nil
}

// deciding says how a payment ended that nobody knows of.
func (o *office) deciding() change {
	return change{Section: "Reconciliation", Right: right.Findings, Show: o.showPayment, Do: o.doPayment}
}

func (o *office) showPayment(v visit, _ *form) (sheet, error) {
	x, err := o.Store.Tender(v.Context(), v.FormValue("id"))
	if err == nil && x.Sale == "" {
		err = store.ErrNotFound
	}
	if err != nil {
		return sheet{}, err
	}
	row, err := o.personRow(v, x)
	s := sheet{Name: "payment", Title: "A payment to look up", Data: row}
	open := x.Phase == protocol.TenderPerson || row.Stuck && x.BegunMS < v.stuck()
	if !open && v.Method == http.MethodGet {
		s = sheet{Name: "message", Title: "Settled", Data: message{Text: "Nobody has to look this payment up any more.", Link: "/money", Word: "Reconciliation"}}
	}
	return s, err
}

func (o *office) doPayment(v visit, f *form, t *store.Tx) (done, error) {
	id, note := f.Get("id"), strings.TrimSpace(f.Get("note"))
	verdict := oneOf(f, "verdict", tender.Again, tender.Moved, tender.Nothing)
	switch {
	case verdict != tender.Again && note == "":
		f.Fail("note", "Say in a few words where you looked and what you saw.")
	case len(note) > 400:
		f.Fail("note", "Keep it below 400 letters.")
	}
	if !f.good() {
		return done{}, nil
	}
	x, err := tender.Settle(t, id, verdict, f.Get("ref"))
	switch {
	case errors.Is(err, tender.ErrNotPerson):
		return done{Leads: "/money", Says: "It is settled already, or the card service is being asked now."}, nil
	case errors.Is(err, tender.ErrNoRef):
		f.Fail("ref", "Copy it from the Stripe dashboard: pi_… for a payment, re_… for a refund.")
		return done{}, nil
	case err != nil:
		return done{}, err
	}
	facts := map[string]any{"verdict": verdict, "amount": x.Amount, "ref": x.Ref, "sale": x.Sale}
	said := map[tender.Verdict]string{
		tender.Again:   "The card service is being asked; load this page again in a moment.",
		tender.Moved:   "Settled: the money counts, and the sale goes on where it was begun.",
		tender.Nothing: "Settled: no money moved. The sale goes on where it was begun, with another way to pay.",
	}
	return done{Leads: "/money", Says: said[verdict]}, v.audit(t, "tender.settled", id, facts, audit.Say("note", "", note))
}

// verdicts are the choices of a payment's page; what is still being asked cannot be
// asked again.
func verdicts(stuck bool, known ...string) []string {
	if stuck {
		return known
	}
	return append([]string{string(tender.Again) + "|Ask the card service again"}, known...)
}

// asking says what the choices are about.
func asking(stuck bool) string {
	if stuck {
		return "The card service is asked all the time and gives no answer. Answer for it only if you are sure."
	}
	return "Asking again comes first: it is safe, moves nothing twice, and often settles it."
}
