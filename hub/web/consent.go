package web

import (
	"slices"

	"kickstand/hub/contact"
	"kickstand/hub/right"
	"kickstand/hub/store"
)

// consentPage asks what a customer allows.
type consentPage struct {
	store.Customer
	Rows []consentRow
}

// consenting records what a customer allows and forbids.
func (o *office) consenting() change {
	return change{Section: "Customers", Right: right.Customers, Show: o.showConsenting, Do: o.doConsenting}
}

// Ask is the field of a channel: as it is, or what was said now.
func (r consentRow) Ask(f *form) field {
	choices := []string{"keep|Nothing new", "yes|Yes, from now on", "no|No, from now on"}
	state := "Nobody has asked yet."
	if r.Asked && r.Given {
		state = "Allowed since " + r.At.Format("2 January 2006") + "."
	} else if r.Asked {
		state = "Not allowed, said on " + r.At.Format("2 January 2006") + "."
	}
	return choiceOf(f, string(r.Channel), r.Words, state, choices)
}

// WayField is how it was said.
func (p consentPage) WayField(f *form) field {
	var choices []string
	for _, h := range contact.Ways() {
		choices = append(choices, string(h)+"|"+h.Words())
	}
	return choiceOf(f, "how", "How did the customer say so?", "", choices)
}

func (o *office) showConsenting(v visit, _ *form) (sheet, error) {
	c, err := o.Store.Customer(v.Context(), v.PathValue("id"))
	if err != nil {
		return sheet{}, err
	}
	if c.Erased() {
		return erasedSheet(c), nil
	}
	said, err := o.Store.Consents(v.Context(), c.ID)
	return sheet{Name: "consent", Title: "Consents of " + c.Name, Data: consentPage{Customer: c, Rows: v.consents(said)}}, err
}

func (o *office) doConsenting(v visit, f *form, t *store.Tx) (done, error) {
	c, err := t.Customer(v.PathValue("id"))
	if err != nil {
		return done{}, err
	}
	how := contact.How(f.Get("how"))
	if c.Erased() || !slices.Contains(contact.Ways(), how) {
		f.Fail("how", "Say how the customer said so.")
		return done{}, nil
	}
	facts := map[string]any{"number": contact.Number(c.Number), "how": how}
	for _, channel := range contact.Channels() {
		said := f.Get(string(channel))
		if said != "yes" && said != "no" {
			continue
		}
		facts[string(channel)] = said
		if err := t.AddConsent(store.Consent{Customer: c.ID, Channel: channel, Given: said == "yes", How: how, Operator: v.who.ID}); err != nil {
			return done{}, err
		}
	}
	if len(facts) == 2 {
		f.Fail("", "Nothing new was chosen, so there is nothing to record. Choose Yes or No for what the customer said, or go back.")
		return done{}, nil
	}
	return done{Leads: "/customers/" + c.ID, Says: "Recorded, with the time and your name."}, v.audit(t, "customer.consent", c.ID, facts)
}
