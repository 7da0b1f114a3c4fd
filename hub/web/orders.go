package web

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"kickstand/hub/goods"
	"kickstand/hub/right"
	"kickstand/hub/store"
	"kickstand/protocol/money"
)

const (
	orderRows   = 100
	reorderRows = 300
	// soldSpan is how far back sales speak for a new order.
	soldSpan = 30 * 24 * time.Hour
)

// orderPage is one order.
type orderPage struct {
	store.Order
	Lines    []store.OrderLine
	At       time.Time
	Currency string
	Over     bool // more arrived than was ordered, and somebody must say that this is right
	MayOrder bool
}

// ordersPage lists orders.
type ordersPage struct {
	Open, Closed []orderRow
}

type orderRow struct {
	store.Order
	At   time.Time
	Late bool
}

// orders lists purchase orders.
func (o *office) orders(v visit) (sheet, error) {
	var p ordersPage
	today := v.now.Format(time.DateOnly)
	for state, into := range map[string]*[]orderRow{"open": &p.Open, "closed": &p.Closed} {
		all, err := o.Store.Orders(v.Context(), state, orderRows)
		if err != nil {
			return sheet{}, err
		}
		for _, one := range all {
			one.Operator = v.nameOf(one.Operator)
			*into = append(*into, orderRow{Order: one, At: v.time(one.MadeMS), Late: state == "open" && one.Expected != "" && one.Expected < today})
		}
	}
	return sheet{Name: "orders", Title: "Purchase orders", Data: p}, nil
}

// ordering makes an order, with the items that a page of low stock ticked.
func (o *office) ordering() change {
	return change{Section: "Purchase orders", Right: right.Stock, Show: o.showOrdering, Do: o.doOrdering}
}

func (o *office) showOrdering(v visit, f *form) (sheet, error) {
	low, err := o.Store.Reorders(v.Context(), v.now.Add(-soldSpan).UnixMilli(), reorderRows)
	if err != nil {
		return sheet{}, err
	}
	if !f.sent && v.URL.Query().Get("low") == "" {
		low = nil
	}
	for _, r := range low {
		if n := r.Suggest(); n > 0 {
			f.Default("n-"+r.ID, strconv.FormatInt(n, 10))
		}
	}
	names, err := o.Store.Suppliers(v.Context())
	return sheet{Name: "ordernew", Title: "New order", Data: struct {
		Low       []store.Reorder
		Suppliers []string
		Currency  string
	}{low, names, v.settings.Rules.Currency}}, err
}

func (o *office) doOrdering(v visit, f *form, t *store.Tx) (done, error) {
	order := store.Order{Token: f.Token, Supplier: f.Get("supplier"), Expected: dayField(f, "expected"), Note: f.Get("note"), Operator: v.who.ID}
	if order.Supplier == "" || len(order.Supplier) > 100 {
		f.Fail("supplier", "Say from whom, in up to 100 letters.")
	}
	if len(order.Note) > 500 {
		f.Fail("note", "Keep it below 500 letters.")
	}
	if err := t.PutOrder(order); err != nil {
		return done{}, err
	}
	lines := 0
	for name := range f.values {
		item, ok := strings.CutPrefix(name, "n-")
		if !ok {
			continue
		}
		n := wholeField(f, name, 0, 100_000)
		if n == 0 {
			continue
		}
		it, err := t.Item(item)
		if err != nil {
			return done{}, err
		}
		if _, err := t.PutOrderLine(order.Token, store.OrderLine{Item: item, Ordered: n, Cost: it.Cost}); err != nil {
			return done{}, err
		}
		lines++
	}
	if !f.good() {
		return done{}, nil
	}
	return done{Leads: "/orders/" + order.Token, Says: "The order is made. Add what else is needed, then send it to the supplier."},
		v.audit(t, "order.made", order.Token, map[string]any{"lines": lines})
}

// dayField reads a day, or nothing.
func dayField(f *form, name string) string {
	typed := f.Get(name)
	if _, err := time.Parse(time.DateOnly, typed); typed != "" && err != nil {
		f.Fail(name, "Choose a day, or leave it empty.")
	}
	return typed
}

// changingOrder adds and changes lines of an order, and closes it.
func (o *office) changingOrder() change {
	return change{Section: "Purchase orders", Right: right.Stock, Show: o.showOrder, Do: o.doOrder}
}

// receiving books what arrived of an order.
func (o *office) receiving() change {
	return change{Section: "Purchase orders", Right: right.Receive, Show: o.showOrder, Do: o.doReceive}
}

// order shows an order to everybody.
func (o *office) order(v visit) (sheet, error) { return o.showOrder(v, newForm()) }

func (o *office) showOrder(v visit, f *form) (sheet, error) {
	order, lines, err := o.Store.Order(v.Context(), v.PathValue("token"))
	if err != nil {
		return sheet{}, err
	}
	p := orderPage{Order: order, Lines: lines, At: v.time(order.MadeMS), Currency: v.settings.Rules.Currency, Over: f.Wrong("over") != "", MayOrder: right.May(v.who.Role, right.Stock)}
	p.Operator = v.nameOf(order.Operator)
	return sheet{Name: "order", Title: fmt.Sprintf("Order P-%d", order.N), Data: p, Form: f}, nil
}

func (o *office) doOrder(v visit, f *form, t *store.Tx) (done, error) {
	order, _, err := t.Order(v.PathValue("token"))
	if err != nil {
		return done{}, err
	}
	d := done{Leads: "/orders/" + order.Token}
	if f.Get("do") == "close" {
		ok, err := t.CloseOrder(order.Token)
		if err != nil || !ok {
			d.Says = "It was closed before."
			return d, err
		}
		d.Says = "Closed. What did not arrive is no longer expected."
		return d, v.audit(t, "order.closed", order.Token, struct{}{})
	}
	n, cost := wholeField(f, "pieces", 0, 100_000), orderCost(f)
	if !f.good() {
		return d, nil
	}
	it, err := t.ItemByCode(f.Get("code"))
	if err != nil || it.Unstocked {
		f.Fail("code", "No single item with stock has this shelf code or barcode.")
		return d, nil
	}
	if cost == 0 {
		cost = it.Cost
	}
	ok, err := t.PutOrderLine(order.Token, store.OrderLine{Item: it.ID, Ordered: n, Cost: cost})
	if err != nil {
		return d, err
	}
	if !ok {
		f.Fail("code", "The order is closed, or has no such line that could be taken away.")
		return d, nil
	}
	d.Says = fmt.Sprintf("%s: %s.", it.Name, count(n, "piece", "pieces"))
	return d, v.audit(t, "order.changed", order.Token, map[string]any{"item": it.ID, "ordered": n})
}

// orderCost reads a purchase price that may be left out.
func orderCost(f *form) money.Cents {
	if f.Get("cost") == "" {
		return 0
	}
	c, err := goods.Amount(f.Get("cost"))
	if err != nil || c < 0 {
		f.Fail("cost", "Type an amount such as 12.50, or leave it empty.")
		return 0
	}
	return c
}

func (o *office) doReceive(v visit, f *form, t *store.Tx) (done, error) {
	order, lines, err := t.Order(v.PathValue("token"))
	if err != nil {
		return done{}, err
	}
	d := done{Leads: "/orders/" + order.Token}
	if order.State != "open" {
		f.Fail("", "The order is closed, so nothing can arrive of it.")
		return d, nil
	}
	pieces, got := int64(0), map[string]int64{}
	for _, l := range lines {
		n := wholeField(f, "got-"+l.Item, 0, 100_000)
		if n == 0 {
			continue
		}
		ok, err := t.Receive(order, l.Item, n, f.Get("more") == "1", v.who.ID)
		if err != nil {
			return d, err
		}
		if !ok {
			f.Fail("got-"+l.Item, fmt.Sprintf("Only %s expected.", count(l.Open(), "piece is", "pieces are")))
			f.Fail("over", "more")
		}
		pieces += n
		got[l.Item] = n
	}
	if pieces == 0 {
		f.Fail("", "Type how many pieces arrived.")
	}
	if !f.good() {
		return d, nil
	}
	d.Says = fmt.Sprintf("Received %s. They are on hand now.", count(pieces, "piece", "pieces"))
	return d, v.audit(t, "stock.received", order.Token, got)
}
