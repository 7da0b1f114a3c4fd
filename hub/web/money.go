package web

import (
	"strings"
	"time"

	"kickstand/hub/audit"
	"kickstand/hub/right"
	"kickstand/hub/store"
)

// findingRows is how many findings the page shows.
const findingRows = 300

// findingRow is one difference as the page shows it.
type findingRow struct {
	store.Finding
	Found, Ended time.Time
	Where, Who   string // the till and the person, by name
	SettledName  string
}

// moneyPage is what reconciliation has found.
type moneyPage struct {
	Waiting      []personRow // payments that a person must look up
	Open, Closed []findingRow
	Last         time.Time // of the last comparison; zero: never
	Next         time.Time
	Result       string
	Can          bool // there is something to compare with
}

// money lists what does not agree between the card service and the books.
func (o *office) money(v visit) (sheet, error) {
	all, err := o.Store.Findings(v.Context(), findingRows)
	if err != nil {
		return sheet{}, err
	}
	names, err := o.tillNames(v)
	if err != nil {
		return sheet{}, err
	}
	job, err := o.Store.Job(v.Context(), "reconcile")
	if err != nil {
		return sheet{}, err
	}
	p := moneyPage{Result: job.Result, Can: o.Reconcile != nil}
	if job.DoneMS > 0 {
		p.Last = v.time(job.DoneMS)
	}
	if job.DueMS > 0 {
		p.Next = v.time(job.DueMS)
	}
	for _, f := range all {
		row := findingRow{
			Finding: f, Found: v.time(f.FoundMS), Ended: v.time(max(f.GoneMS, f.SettledMS)),
			Where: names.device(f.Device), Who: names.person(f.Operator), SettledName: names.person(f.SettledBy),
		}
		if f.Open() {
			p.Open = append(p.Open, row)
		} else {
			p.Closed = append(p.Closed, row)
		}
	}
	p.Waiting, err = o.personRows(v)
	return sheet{Name: "money", Title: "Reconciliation", Data: p}, err
}

// comparing compares now, on the button.
func (o *office) comparing() change {
	return change{Section: "Reconciliation", Right: right.Findings, Show: func(v visit, _ *form) (sheet, error) { return o.money(v) }, Do: o.doCompare}
}

// doCompare asks for the comparison to be made at once: it waits for the card
// service, which no transaction may, so the job becomes due.
func (o *office) doCompare(v visit, f *form, t *store.Tx) (done, error) {
	if o.Reconcile == nil {
		f.Fail("now", "This shop takes no cards, so there is nothing to compare with.")
		return done{}, nil
	}
	if err := t.JobDue("reconcile"); err != nil {
		return done{}, err
	}
	o.Reconcile()
	return done{Leads: "/money", Says: "The comparison has begun; load this page again in a moment."}, v.audit(t, "reconcile.asked", "reconcile", map[string]any{})
}

// settling notes what somebody did about a finding.
func (o *office) settling() change {
	return change{Section: "Reconciliation", Right: right.Findings, Show: o.showSettle, Do: o.doSettle}
}

func (o *office) showSettle(v visit, _ *form) (sheet, error) {
	f, err := o.Store.Finding(v.Context(), v.FormValue("id"))
	return sheet{Name: "settle", Title: "Settle", Data: f}, err
}

func (o *office) doSettle(v visit, f *form, t *store.Tx) (done, error) {
	id, note := f.Get("id"), strings.TrimSpace(f.Get("note"))
	switch {
	case note == "":
		f.Fail("note", "Say in a few words what you did.")
	case len(note) > 400:
		f.Fail("note", "Keep it below 400 letters.")
	}
	if !f.good() {
		return done{}, nil
	}
	ok, err := t.SettleFinding(id, v.who.ID, note)
	if err != nil {
		return done{}, err
	}
	if !ok {
		return done{Leads: "/money", Says: "Somebody has settled it already, or it is gone."}, nil
	}
	about, err := t.FindingAbout(id)
	if err != nil {
		return done{}, err
	}
	return done{Leads: "/money", Says: "Settled."}, v.audit(t, "finding.settled", id, struct{}{}, audit.Say("note", about, note))
}
