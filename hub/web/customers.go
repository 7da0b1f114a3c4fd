package web

import (
	"net/url"
	"strings"
	"time"

	"kickstand/hub/contact"
	"kickstand/hub/store"
)

// How many rows the pages of customers have.
const (
	customerRows = 100
	historyRows  = 200
)

// customersPage is a list of customers.
type customersPage struct {
	Query string
	Rows  []store.Customer
	Next  string // address of the next page
	Count int64
}

// customers lists or searches the people who buy.
func (o *office) customers(v visit) (sheet, error) {
	q := v.URL.Query()
	p := customersPage{Query: strings.TrimSpace(q.Get("q"))}
	var err error
	if p.Count, err = o.Store.CustomerCount(v.Context()); err != nil {
		return sheet{}, err
	}
	if p.Query != "" {
		p.Rows, err = o.found.Find(v.Context(), p.Query, customerRows)
	} else {
		p.Rows, err = o.Store.Customers(v.Context(), store.CustomersAfter{Name: q.Get("name"), ID: q.Get("id")}, customerRows+1)
	}
	if len(p.Rows) > customerRows {
		p.Rows = p.Rows[:customerRows]
		last := p.Rows[customerRows-1]
		p.Next = "/customers?" + url.Values{"name": {last.Name}, "id": {last.ID}}.Encode()
	}
	return sheet{Name: "customers", Title: "Customers", Data: p}, err
}

// customerPage is everything the office shows of a customer.
type customerPage struct {
	store.Customer
	store.Holdings
	Since    time.Time
	Changed  time.Time // zero: never
	Gone     time.Time // when erased
	Consents []consentRow
	Said     []consentRow // everything that was ever said, when it is more than that
	Sales    []saleOf
	More     bool // there are more sales
	Accounts []accountOf
	Specials []specialRow
	Others   []store.Customer // merged into this one
	Twins    []store.Customer // with the same phone or e-mail
	Currency string
}

// consentRow is what holds of a channel, or what was said about it once.
type consentRow struct {
	store.Consent
	Words string
	Asked bool // somebody has said something
	At    time.Time
	Way   string
	Who   string
}

// saleOf is a sale of a customer.
type saleOf struct {
	store.CustomerSale
	At    time.Time
	Where string
}

// accountOf is money that a customer has with the shop.
type accountOf struct {
	store.CustomerAccount
	At   time.Time
	What string
}

// customer gathers one customer. A merged one leads to whom it was merged into.
func (o *office) customer(v visit) (sheet, error) {
	c, err := o.Store.Customer(v.Context(), v.PathValue("id"))
	if err != nil {
		return sheet{}, err
	}
	p := customerPage{Customer: c, Since: v.time(c.CreatedMS), Currency: v.settings.Rules.Currency}
	if c.ChangedMS > 0 {
		p.Changed = v.time(c.ChangedMS)
	}
	title := c.Name
	if c.Erased() {
		p.Gone, title = v.time(c.ErasedMS), "Erased customer"
	}
	if p.Holdings, err = o.Store.Holdings(v.Context(), c.ID); err == nil {
		err = o.fillCustomer(v, &p)
	}
	return sheet{Name: "customer", Title: title, Data: p}, err
}

func (o *office) fillCustomer(v visit, p *customerPage) error {
	said, err := o.Store.Consents(v.Context(), p.ID)
	if err != nil {
		return err
	}
	p.Consents = v.consents(said)
	if len(said) > len(store.Holds(said)) {
		for _, c := range said {
			p.Said = append(p.Said, v.consent(c))
		}
	}
	if p.Others, err = o.Store.MergedCustomers(v.Context(), p.ID); err != nil {
		return err
	}
	if p.Twins, err = o.Store.Twins(v.Context(), p.Customer); err != nil {
		return err
	}
	return o.fillHistory(v, p)
}

func (o *office) fillHistory(v visit, p *customerPage) error {
	sales, err := o.Store.CustomerSales(v.Context(), p.ID, historyRows+1)
	if err != nil {
		return err
	}
	devices, err := o.Store.Devices(v.Context())
	if err != nil {
		return err
	}
	where := map[string]string{}
	for _, d := range devices {
		where[d.ID] = called(d)
	}
	p.More = len(sales) > historyRows
	for _, s := range sales[:min(len(sales), historyRows)] {
		p.Sales = append(p.Sales, saleOf{CustomerSale: s, At: v.time(s.AtMS), Where: where[s.Device]})
	}
	specials, err := o.Store.CustomerSpecials(v.Context(), p.ID)
	if err != nil {
		return err
	}
	for _, s := range specials {
		p.Specials = append(p.Specials, v.specialRow(s))
	}
	accounts, err := o.Store.CustomerAccounts(v.Context(), p.ID)
	for _, a := range accounts {
		p.Accounts = append(p.Accounts, accountOf{CustomerAccount: a, At: v.time(a.OpenedMS), What: accountWords(a)})
	}
	return err
}

func accountWords(a store.CustomerAccount) string {
	switch a.Kind {
	case "gift":
		return "Gift card … " + a.Last4
	case "credit":
		return "Store credit … " + a.Last4
	case "deposit":
		return "Deposit … " + a.Last4
	}
	return string(a.Kind) + " … " + a.Last4
}

// consents are all channels with what holds of each.
func (v visit) consents(said []store.Consent) []consentRow {
	holds := store.Holds(said)
	var rows []consentRow
	for _, channel := range contact.Channels() {
		row := consentRow{Consent: store.Consent{Channel: channel}, Words: channel.Words()}
		if c, ok := holds[channel]; ok {
			row = v.consent(c)
		}
		rows = append(rows, row)
	}
	return rows
}

func (v visit) consent(c store.Consent) consentRow {
	return consentRow{Consent: c, Words: c.Channel.Words(), Asked: true, At: v.time(c.AtMS), Way: c.How.Words(), Who: v.nameOf(c.Operator)}
}
