package web

import (
	"encoding/json"
	"fmt"

	"kickstand/hub/store"
	"kickstand/protocol"
	"kickstand/protocol/money"
)

// setting is a page of the shop's settings: some of their fields.
type setting struct {
	Path, Kind string                                 // address, and kind of the row in the journal
	Part       func(protocol.Settings) any            // what the page is about
	Apply      func(visit, *form, *protocol.Settings) // puts what was typed into the settings, or says what is wrong
	Facts      func(protocol.Settings) any            // for the journal; nobody's texts
}

// shown is the mark of what the page was filled with, so that nobody replaces what
// somebody else changed meanwhile.
func (s setting) shown(set protocol.Settings) string {
	text, err := json.Marshal(s.Part(set))
	if err != nil {
		panic(fmt.Sprintf("settings of %s: %v", s.Path, err)) // a plain struct always encodes
	}
	return fingerprint(text)
}

// do changes the settings within one transaction and tells every device.
func (s setting) do(v visit, f *form, t *store.Tx) (done, error) {
	set, err := t.Settings()
	if err != nil {
		return done{}, err
	}
	if f.Get("was") != s.shown(set) {
		f.Fail("", "Somebody changed these settings while you typed. Nothing of yours was saved yet: what you typed stands below, what holds now stands in another window if you open this page there. Save again to replace it.")
		return done{}, nil
	}
	before := s.shown(set)
	if s.Apply(v, f, &set); !f.good() {
		return done{}, nil
	}
	if err := set.Rules.Validate(); err != nil {
		f.Fail("", "The shop cannot calculate with that: "+err.Error()+".")
		return done{}, nil
	}
	if s.shown(set) == before {
		return done{Leads: s.Path, Says: "Nothing was different."}, nil
	}
	if err := t.ChangeSettings(set); err != nil {
		return done{}, err
	}
	return done{Leads: s.Path, Says: "Saved. Tills and kiosks that are connected know within moments, the others when they are back."},
		v.audit(t, s.Kind, "", s.Facts(set))
}

// moneyField reads an amount between two limits; empty is none.
func moneyField(f *form, name string, least, most money.Cents) money.Cents {
	text := f.Get(name)
	if text == "" {
		return 0
	}
	c, err := money.Parse(text)
	switch {
	case err != nil:
		f.Fail(name, "Type an amount, such as 12.50.")
	case c < least || c > most:
		f.Fail(name, "This must lie between "+amount(least)+" and "+amount(most)+".")
	}
	return c
}

// oneOf reads a choice.
func oneOf[T ~string](f *form, name string, choices ...T) T {
	for _, c := range choices {
		if f.Get(name) == string(c) {
			return c
		}
	}
	f.Fail(name, "Choose one.")
	return choices[0]
}
