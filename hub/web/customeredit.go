package web

import (
	"crypto/rand"
	"encoding/hex"
	"strconv"
	"strings"

	"kickstand/hub/contact"
	"kickstand/hub/right"
	"kickstand/hub/store"
)

// customerForm is a page with the fields of a customer.
type customerForm struct {
	ID      string // empty: a new one
	Title   string
	Back    string
	Twins   []store.Customer // who has the same phone or e-mail
	Differs []fieldDiffers   // what somebody else wrote meanwhile
}

// fieldDiffers is a field that two people changed.
type fieldDiffers struct{ Label, Theirs, Yours string }

// meeting adds a customer.
func (o *office) meeting() change {
	return change{Section: "Customers", Right: right.Customers, Show: o.showMeeting, Do: o.doMeeting}
}

// correcting changes a customer.
func (o *office) correcting() change {
	return change{Section: "Customers", Right: right.Customers, Show: o.showCorrecting, Do: o.doCorrecting}
}

// typedCustomer are the fields of the page.
func typedCustomer(f *form, c store.Customer) store.Customer {
	c.Name, c.Email, c.Phone, c.Notes = f.Get(contact.FieldName), f.Get(contact.FieldEmail), f.Get(contact.FieldPhone), f.Get(contact.FieldNotes)
	c.Notes = strings.ReplaceAll(c.Notes, "\r\n", "\n")
	c.AIOptout = f.Get("ai_optout") == "1"
	return c
}

// judgeCustomer says what is wrong with what was typed, and asks about twins that
// nobody has looked at yet.
func judgeCustomer(t *store.Tx, f *form, c store.Customer) error {
	for _, x := range (contact.Draft{Name: c.Name, Email: c.Email, Phone: c.Phone, Notes: c.Notes}).Judge() {
		f.Fail(x.Field, x.Words)
	}
	if !f.good() || f.Get("other") == "1" {
		return nil
	}
	twins, err := t.Twins(c)
	if len(twins) > 0 {
		f.Fail("", twinsWarning)
	}
	return err
}

const (
	twinsWarning      = "Somebody here has this phone number or e-mail address already. Look below before you save."
	changedCustomer   = "Somebody else changed this customer while you were typing. What both of you wrote stands below: put right what should stay, and save again."
	customerNoChanges = "Nothing was different, so nothing was changed."
)

func (o *office) showMeeting(v visit, f *form) (sheet, error) {
	p := customerForm{Title: "New customer", Back: "/customers"}
	q := v.URL.Query().Get("q")
	switch typed := contact.ParseQuery(q); {
	case strings.Contains(q, "@"):
		f.Default(contact.FieldEmail, q)
	case typed.Text != "":
		f.Default(contact.FieldName, q)
	case typed.Digits != "":
		f.Default(contact.FieldPhone, q)
	}
	return o.customerSheet(v, f, p)
}

// customerSheet is the page around the fields.
func (o *office) customerSheet(v visit, f *form, p customerForm) (sheet, error) {
	var err error
	if f.sent {
		p.Twins, err = o.Store.Twins(v.Context(), typedCustomer(f, store.Customer{ID: p.ID}))
	}
	return sheet{Name: "customeredit", Title: p.Title, Data: p}, err
}

func (o *office) doMeeting(v visit, f *form, t *store.Tx) (done, error) {
	c := typedCustomer(f, store.Customer{ID: newCustomerID()})
	if err := judgeCustomer(t, f, c); err != nil || !f.good() {
		return done{}, err
	}
	if _, err := t.AddCustomer(c); err != nil {
		return done{}, err
	}
	c, err := t.Customer(c.ID)
	if err != nil {
		return done{}, err
	}
	return done{Leads: "/customers/" + c.ID, Says: "Added as " + contact.Number(c.Number) + "."},
		v.audit(t, "customer.added", c.ID, map[string]any{"number": contact.Number(c.Number)})
}

// newCustomerID mints an id that no customer ever had.
func newCustomerID() string {
	var b [8]byte
	_, _ = rand.Read(b[:]) // never fails, see crypto/rand
	return "cus-" + hex.EncodeToString(b[:])
}

func (o *office) showCorrecting(v visit, f *form) (sheet, error) {
	c, err := o.Store.Customer(v.Context(), v.PathValue("id"))
	if err != nil {
		return sheet{}, err
	}
	if c.Erased() {
		return erasedSheet(c), nil
	}
	f.Default(contact.FieldName, c.Name)
	f.Default(contact.FieldEmail, c.Email)
	f.Default(contact.FieldPhone, c.Phone)
	f.Default(contact.FieldNotes, c.Notes)
	f.Default("ai_optout", box(c.AIOptout))
	f.Default("version", strconv.FormatInt(c.Version, 10))
	p := customerForm{ID: c.ID, Title: "Edit " + c.Name, Back: "/customers/" + c.ID}
	if f.top == changedCustomer {
		p.Differs = customerDiffers(c, typedCustomer(f, c))
		f.values.Set("version", strconv.FormatInt(c.Version, 10))
	}
	return o.customerSheet(v, f, p)
}

// erasedSheet says that there is nothing to change any more.
func erasedSheet(c store.Customer) sheet {
	return sheet{Name: "message", Title: "Erased customer", Data: message{
		Text: "This customer was erased. Nothing is kept that could be changed.", Link: "/customers/" + c.ID, Word: "What is left of " + contact.Number(c.Number),
	}}
}

// customerFields are the fields with their labels, in the order of the page.
func customerFields(c store.Customer) [][3]string {
	optout := "may be named to it"
	if c.AIOptout {
		optout = "never named to it"
	}
	return [][3]string{
		{contact.FieldName, "Name", c.Name},
		{contact.FieldPhone, "Phone", c.Phone},
		{contact.FieldEmail, "E-mail", c.Email},
		{contact.FieldNotes, "Notes", c.Notes},
		{"ai_optout", "The assistant", optout},
	}
}

func customerDiffers(theirs, yours store.Customer) []fieldDiffers {
	var all []fieldDiffers
	mine := customerFields(yours)
	for i, f := range customerFields(theirs) {
		if f[2] != mine[i][2] {
			all = append(all, fieldDiffers{Label: f[1], Theirs: f[2], Yours: mine[i][2]})
		}
	}
	return all
}

// changedFields names the fields that differ, for the journal, without what they
// hold.
func changedFields(before, after store.Customer) []string {
	var names []string
	is := customerFields(after)
	for i, f := range customerFields(before) {
		if f[2] != is[i][2] {
			names = append(names, f[0])
		}
	}
	return names
}

func (o *office) doCorrecting(v visit, f *form, t *store.Tx) (done, error) {
	before, err := t.Customer(v.PathValue("id"))
	if err != nil {
		return done{}, err
	}
	if f.Get("version") != strconv.FormatInt(before.Version, 10) || before.Erased() {
		f.Fail("", changedCustomer)
		return done{}, nil
	}
	after := typedCustomer(f, before)
	fields := changedFields(before, after)
	if len(fields) == 0 {
		return done{Leads: "/customers/" + after.ID, Says: customerNoChanges}, nil
	}
	if before.Phone == after.Phone && before.Email == after.Email {
		f.values.Set("other", "1") // it was like that before
	}
	if err := judgeCustomer(t, f, after); err != nil || !f.good() {
		return done{}, err
	}
	if ok, err := t.ChangeCustomer(after); err != nil || !ok {
		f.Fail("", changedCustomer)
		return done{}, err
	}
	return done{Leads: "/customers/" + after.ID, Says: "Saved."},
		v.audit(t, "customer.changed", after.ID, map[string]any{"number": contact.Number(after.Number), "fields": fields})
}
