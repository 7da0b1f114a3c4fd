package web

import (
	"errors"
	"strconv"
	"strings"
	"unicode/utf8"

	"kickstand/hub/contact"
	"kickstand/hub/right"
	"kickstand/hub/store"
)

// mergePage makes one customer of two: first which other, then what stays.
type mergePage struct {
	store.Customer                  // who stays
	Query          string           // of the search for the other
	Rows           []store.Customer // found
	Twins          []store.Customer // with the same phone or e-mail
	With           *store.Customer  // who goes; nil: nobody was chosen yet
	Moves          store.Holdings   // what goes along
	Said           []consentRow     // what holds of the channels afterwards
	Differ         bool             // some field has two values
	Currency       string
}

// merging makes one customer of two.
func (o *office) merging() change {
	return change{Section: "Customers", Right: right.Merge, Show: o.showMerging, Do: o.doMerging}
}

func (o *office) showMerging(v visit, f *form) (sheet, error) {
	into, err := o.Store.Customer(v.Context(), v.PathValue("id"))
	if err != nil {
		return sheet{}, err
	}
	if into.Erased() {
		return erasedSheet(into), nil
	}
	p := mergePage{Customer: into, Query: strings.TrimSpace(v.URL.Query().Get("q")), Currency: v.settings.Rules.Currency}
	with := v.URL.Query().Get("with")
	if with == "" {
		err = o.partners(v, &p)
		return sheet{Name: "customermerge", Title: "Merge " + into.Name, Data: p}, err
	}
	from, err := o.Store.Customer(v.Context(), with)
	switch {
	case err != nil:
		return sheet{}, err
	case from.ID == into.ID:
		return sheet{Name: "message", Title: "One customer", Data: message{
			Text: "These two are one customer already.", Link: "/customers/" + into.ID, Word: into.Name,
		}}, nil
	case from.Erased():
		return erasedSheet(from), nil
	}
	err = o.previewMerge(v, f, &p, from)
	return sheet{Name: "customermerge", Title: "Merge " + into.Name, Data: p}, err
}

// partners looks for who could be the same person.
func (o *office) partners(v visit, p *mergePage) error {
	var err error
	if p.Query != "" {
		found, err := o.found.Find(v.Context(), p.Query, 20)
		for _, c := range found {
			if c.ID != p.ID {
				p.Rows = append(p.Rows, c)
			}
		}
		return err
	}
	p.Twins, err = o.Store.Twins(v.Context(), p.Customer)
	return err
}

func (o *office) previewMerge(v visit, f *form, p *mergePage, from store.Customer) error {
	p.With = &from
	var err error
	if p.Moves, err = o.Store.Holdings(v.Context(), from.ID); err != nil {
		return err
	}
	f.Default("versions", versions(p.Customer, from))
	if f.top == changedMerge {
		f.values.Set("versions", versions(p.Customer, from))
	}
	for _, x := range mergeFields(p.Customer, from) {
		f.Default(x.Name, x.stays())
		p.Differ = p.Differ || x.A != "" && x.B != "" && x.A != x.B
	}
	a, err := o.Store.Consents(v.Context(), p.ID)
	if err != nil {
		return err
	}
	b, err := o.Store.Consents(v.Context(), from.ID)
	p.Said = v.consents(latest(a, b))
	return err
}

// latest puts two lists of consents, each with the latest first, into one.
func latest(a, b []store.Consent) []store.Consent {
	var all []store.Consent
	for len(a) > 0 && len(b) > 0 {
		if a[0].AtMS >= b[0].AtMS {
			all, a = append(all, a[0]), a[1:]
		} else {
			all, b = append(all, b[0]), b[1:]
		}
	}
	return append(append(all, a...), b...)
}

func versions(a, b store.Customer) string {
	return strconv.FormatInt(a.Version, 10) + " " + strconv.FormatInt(b.Version, 10)
}

// mergeField is a field of both, of which one value stays.
type mergeField struct{ Name, Label, A, B string }

func mergeFields(a, b store.Customer) []mergeField {
	return []mergeField{
		{contact.FieldName, "Name", a.Name, b.Name}, {contact.FieldPhone, "Phone", a.Phone, b.Phone}, {contact.FieldEmail, "E-mail", a.Email, b.Email},
	}
}

// stays is which value stays when nobody chooses.
func (x mergeField) stays() string {
	if x.A == "" {
		return "b"
	}
	return "a"
}

// Choices are the fields as choices.
func (p mergePage) Choices(f *form) []field {
	var all []field
	for _, x := range mergeFields(p.Customer, *p.With) {
		choices := []string{"a|" + x.A, "b|" + x.B}
		switch {
		case x.A == "" && x.B == "":
			continue
		case x.A == x.B || x.B == "":
			choices = choices[:1]
		case x.A == "":
			choices = choices[1:]
		}
		all = append(all, choiceOf(f, x.Name, x.Label, "", choices))
	}
	return all
}

const changedMerge = "Somebody changed one of the two meanwhile. Look at the page again, then send it once more."

func (o *office) doMerging(v visit, f *form, t *store.Tx) (done, error) {
	into, err := t.Customer(v.PathValue("id"))
	if err != nil {
		return done{}, err
	}
	from, err := t.Customer(v.URL.Query().Get("with"))
	if err != nil {
		return done{}, err
	}
	if f.Get("versions") != versions(into, from) {
		f.Fail("", changedMerge)
		return done{}, nil
	}
	after := mergedCustomer(f, into, from)
	if utf8.RuneCountInString(after.Notes) > contact.MaxNotes {
		f.Fail("", "The notes of both are too long for one customer. Shorten them on one of the two pages first.")
		return done{}, nil
	}
	ok, err := t.MergeCustomer(after, from)
	if errors.Is(err, store.ErrNotMergeable) || err == nil && !ok {
		f.Fail("", changedMerge)
		return done{}, nil
	}
	if err != nil {
		return done{}, err
	}
	a, b := contact.Number(into.Number), contact.Number(from.Number)
	return done{Leads: "/customers/" + into.ID, Says: b + " is now one with " + a + "."},
		v.audit(t, "customer.merged", into.ID, map[string]any{"into": a, "from": b, "from_id": from.ID})
}

// mergedCustomer is who stays, with the chosen fields and the notes of both. What
// was not chosen is kept in the notes, where an erasure finds it.
func mergedCustomer(f *form, into, from store.Customer) store.Customer {
	c := into
	var other contact.Draft
	for i, to := range [][2]*string{{&c.Name, &other.Name}, {&c.Phone, &other.Phone}, {&c.Email, &other.Email}} {
		x := mergeFields(into, from)[i]
		keeps, goes := x.A, x.B
		if x.A == "" || f.Get(x.Name) == "b" && x.B != "" {
			keeps, goes = x.B, x.A
		}
		*to[0] = keeps
		if goes != keeps {
			*to[1] = goes
		}
	}
	c.AIOptout = into.AIOptout || from.AIOptout
	c.Notes = other.Keep(strings.TrimSpace(into.Notes + "\n" + from.Notes))
	return c
}
