package web

import (
	"strconv"
	"time"

	"kickstand/hub/goods"
	"kickstand/hub/right"
	"kickstand/hub/store"
	"kickstand/protocol/money"
)

// pricePage is what an item costs, did cost and will cost.
type pricePage struct {
	store.StockRow
	History  []priceRow
	Plans    []priceRow
	Currency string
}

// priceRow is a price with its time.
type priceRow struct {
	N    int64 // of a plan
	Unit money.Cents
	From time.Time
	Who  string
}

const priceRows = 50

// pricing changes a price, now or from a later time.
func (o *office) pricing() change {
	return change{Section: "Items", Right: right.Prices, Show: o.showPrice, Do: o.doPrice}
}

func (o *office) showPrice(v visit, _ *form) (sheet, error) {
	row, _, err := o.Store.Stock(v.Context(), v.PathValue("item"), 0)
	if err != nil {
		return sheet{}, err
	}
	p := pricePage{StockRow: row, Currency: v.settings.Rules.Currency}
	held, err := o.Store.PriceHistory(v.Context(), row.ID, priceRows)
	if err != nil {
		return sheet{}, err
	}
	for _, h := range held {
		p.History = append(p.History, priceRow{Unit: h.Unit, From: v.time(h.FromMS)})
	}
	plans, err := o.Store.PricePlans(v.Context(), row.ID)
	for _, h := range plans {
		p.Plans = append(p.Plans, priceRow{N: h.N, Unit: h.Unit, From: v.time(h.FromMS), Who: v.nameOf(h.Operator)})
	}
	return sheet{Name: "price", Title: "Price of " + row.Name, Data: p}, err
}

// nameOf is what an operator is called, or the id of somebody who has left.
func (v visit) nameOf(operator string) string {
	for _, op := range v.settings.Operators {
		if op.ID == operator {
			return op.Name
		}
	}
	return operator
}

func (o *office) doPrice(v visit, f *form, t *store.Tx) (done, error) {
	it, err := t.Item(v.PathValue("item"))
	if err != nil {
		return done{}, err
	}
	back := "/stock/" + it.ID + "/price"
	if drop := f.Get("drop"); drop != "" {
		return o.dropPlan(v, t, it.ID, drop)
	}
	unit, err := goods.Amount(f.Get("price"))
	switch {
	case err != nil:
		f.Fail("price", sentence(err.Error()))
	case unit < 0:
		f.Fail("price", "The price is below zero.")
	case unit > money.MaxUnit:
		f.Fail("price", "The price is too large.")
	}
	from := v.whenField(f, "from")
	if !f.good() {
		return done{}, nil
	}
	if !from.IsZero() {
		err := t.PlanPrice(store.PricePlan{Item: it.ID, Unit: unit, FromMS: from.UnixMilli(), Operator: v.who.ID})
		if err == nil {
			err = v.audit(t, "price.planned", it.ID, map[string]any{"price": unit, "from_ms": from.UnixMilli()})
		}
		return done{Leads: back, Says: "Planned: " + priced(v.settings.Rules.Currency, unit) + " from " + stamp(v, from) + "."}, err
	}
	if it.Price == unit {
		return done{Leads: back, Says: "That is the price already."}, nil
	}
	it.Price = unit
	if _, err := t.PutItems([]store.Item{it}); err != nil {
		return done{}, err
	}
	return done{Leads: back, Says: "The price is " + priced(v.settings.Rules.Currency, unit) + ". The tills know within moments."},
		v.audit(t, "price.changed", it.ID, map[string]any{"price": unit})
}

func (o *office) dropPlan(v visit, t *store.Tx, item, text string) (done, error) {
	d := done{Leads: "/stock/" + item + "/price", Says: "Dropped."}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return d, store.ErrNotFound
	}
	ok, err := t.DropPlan(n, item)
	if err != nil {
		return d, err
	}
	if !ok {
		d.Says = "It was carried out or dropped before."
		return d, nil
	}
	return d, v.audit(t, "price.dropped", item, map[string]any{"plan": n})
}

// whenField reads a time of the shop that lies ahead; an empty field is now, the
// zero time.
func (v visit) whenField(f *form, name string) time.Time {
	typed := f.Get(name)
	if typed == "" {
		return time.Time{}
	}
	at, err := time.ParseInLocation("2006-01-02T15:04", typed, v.zone)
	switch {
	case err != nil:
		f.Fail(name, "Choose a day and a time, or leave it empty for now.")
	case !at.After(v.now):
		f.Fail(name, "This time is over. Leave it empty for now.")
	case at.After(v.now.AddDate(2, 0, 0)):
		f.Fail(name, "That is more than two years ahead.")
	default:
		return at
	}
	return time.Time{}
}
