package web

import (
	"strings"

	"kickstand/hub/contact"
	"kickstand/hub/right"
	"kickstand/hub/store"
)

// erasePage asks whether a customer is to be erased.
type erasePage struct {
	store.Customer
	store.Holdings
	Currency string
}

// erasing takes everything that says who a customer is out of the books.
func (o *office) erasing() change {
	return change{Section: "Customers", Right: right.Erase, Show: o.showErasing, Do: o.doErasing}
}

func (o *office) showErasing(v visit, _ *form) (sheet, error) {
	c, err := o.Store.Customer(v.Context(), v.PathValue("id"))
	if err != nil {
		return sheet{}, err
	}
	if c.Erased() {
		return erasedSheet(c), nil
	}
	p := erasePage{Customer: c, Currency: v.settings.Rules.Currency}
	p.Holdings, err = o.Store.Holdings(v.Context(), c.ID)
	return sheet{Name: "customererase", Title: "Erase " + c.Name, Data: p}, err
}

// doErasing leaves the row of the journal to the store: it belongs to what is
// erased.
func (o *office) doErasing(v visit, f *form, t *store.Tx) (done, error) {
	c, err := t.Customer(v.PathValue("id"))
	if err != nil {
		return done{}, err
	}
	number := contact.Number(c.Number)
	if !strings.EqualFold(f.Get("account"), number) {
		f.Fail("account", "Type "+number+", the account number of this customer, to say that you mean it.")
		return done{}, nil
	}
	if _, err := t.EraseCustomer(c.ID, v.who.ID); err != nil {
		return done{}, err
	}
	return done{Leads: "/customers/" + c.ID, Says: number + " is erased. The last traces leave the hub's files within a minute."}, nil
}
