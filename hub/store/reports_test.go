package store_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kickstand/hub"
	"kickstand/hub/hubtest"
	"kickstand/hub/seed"
	"kickstand/hub/store"
	"kickstand/hub/store/storetest"
	"kickstand/protocol"
	"kickstand/protocol/money"
)

var opened = time.Date(2026, time.June, 1, 7, 0, 0, 0, time.UTC)

const reportItems = 12

// randomShop sells at random over eight days: quantities, discounts, exchanges,
// items the hub does not know, payments that are a few cents off, and people who
// are not on the list.
func randomShop(t *testing.T, chance *rand.Rand) *store.Store {
	t.Helper()
	clock := seed.NewClock(opened)
	s, err := store.Open(t.Context(), storetest.On(t, store.Config{Path: filepath.Join(t.TempDir(), "demo.db"), Shop: hubtest.Shop, Now: clock.Now}))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := hubtest.Fill(t.Context(), s, reportItems, "counter-1"); err != nil {
		t.Fatal(err)
	}
	var priced []store.Item
	for n := range reportItems {
		it := hubtest.Item(n + 1)
		it.Category, it.Cost = [...]string{"Bells", "Tyres", ""}[n%3], money.Cents(n%4)*150
		priced = append(priced, it)
	}
	if _, err := s.PutItems(t.Context(), priced); err != nil {
		t.Fatal(err)
	}
	h, till := hub.New(hub.Config{Store: s, Now: clock.Now}), hubtest.NewTill("counter-1", "C1")
	msgs := [][]byte{till.Reset()}
	for range 60 + chance.IntN(60) {
		msgs = append(msgs, till.Event(randomSale(t, chance, till)))
	}
	for _, raw := range msgs {
		clock.Set(clock.Now().Add(time.Duration(chance.IntN(3*3600)) * time.Second))
		if _, err := h.Handle(t.Context(), till.Topic(protocol.Evt), raw); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

func randomSale(t *testing.T, chance *rand.Rand, till *hubtest.Till) *protocol.Sale {
	t.Helper()
	items := make([]store.Item, 1+chance.IntN(4))
	for i := range items {
		items[i] = hubtest.Item(1 + chance.IntN(reportItems+1)) // the last one is unknown
	}
	sale := till.Sale(items...)
	doc := money.Document{Rules: sale.Rules}
	for i := range sale.Lines {
		l := &sale.Lines[i].Money
		if l.Qty = int64(1 + chance.IntN(3)); i > 0 && chance.IntN(8) == 0 {
			giveBack(t, &sale.Lines[i], sale.Totals.Lines[i]) // an exchange
		}
		if l.Qty > 0 && chance.IntN(9) == 0 { // a gift card or a deposit
			sale.Lines[i].Loads, sale.Lines[i].LoadsAs = fmt.Sprintf("CODE%d", chance.IntN(9)), [...]protocol.Tender{"", protocol.Deposit}[chance.IntN(2)]
			l.Qty, l.Taxes, l.Fixed = 1, nil, true
		} else if l.Qty > 0 && chance.IntN(4) == 0 {
			l.Discount = money.Discount{PPM: int64(chance.IntN(200_000)), Reason: "mark"}
		}
		doc.Lines = append(doc.Lines, *l)
	}
	if chance.IntN(5) == 0 && !slices.ContainsFunc(doc.Lines, func(l money.Line) bool { return l.Qty < 0 || l.Fixed }) {
		doc.Discount = money.Discount{Amount: money.Cents(chance.IntN(300)), Reason: "club"}
	}
	totals, err := money.Compute(doc)
	if err != nil {
		t.Fatal(err)
	}
	sale.Discount, sale.Totals = doc.Discount, totals
	due, rounding := money.CashDue(totals.Total, sale.Rules)
	if chance.IntN(6) == 0 {
		due += money.Cents(chance.IntN(50))
	}
	sale.Rounding = rounding
	sale.Payments = []protocol.Payment{{ID: sale.ID + "-p1", Tender: protocol.Cash, Amount: due, Tendered: due, Rounding: rounding}}
	if chance.IntN(4) == 0 {
		sale.Payments[0].Tender = [...]protocol.Tender{protocol.Gift, protocol.Credit, protocol.Deposit}[chance.IntN(3)]
	}
	if chance.IntN(3) == 0 {
		sale.Operator, sale.Name = "op-gone", "Bo"
	}
	return sale
}

// giveBack makes a line the return of one piece that was sold earlier.
func giveBack(t *testing.T, l *protocol.SaleLine, sold money.LineTotal) {
	t.Helper()
	part, err := money.Part(sold, 1, 0, 1)
	if err != nil {
		t.Fatal(err)
	}
	l.Money.Qty, l.Money.Stored, l.Of = -1, &part, &protocol.Origin{Sale: "sold-before", Line: 1}
}

// counted adds a report up from the rows of each single sale.
func counted(t *testing.T, s *store.Store, from, to int64) store.Report {
	t.Helper()
	rows, err := s.Sales(t.Context(), from, to, 0, 10_000)
	if err != nil {
		t.Fatal(err)
	}
	hours, items := map[string]store.HourSales{}, map[string]store.ItemSales{}
	taxes, tenders := map[string]money.TaxAmount{}, map[protocol.Tender]store.Tendered{}
	for _, row := range rows {
		f, err := s.SaleFile(t.Context(), row.ID)
		if err != nil {
			t.Fatal(err)
		}
		n := (row.AtMS - from) / time.Hour.Milliseconds()
		h := hours[fmt.Sprintf("%09d %s", n, row.Operator)]
		h.N, h.Operator, h.Name = n, row.Operator, map[string]string{"op-1": "Ada"}[row.Operator]
		h.Sales, h.Net, h.Tax = h.Sales+1, h.Net+row.Net, h.Tax+row.Tax
		for i, l := range f.Document.Lines {
			if l.Loads != "" {
				h.Net, h.Loaded = h.Net-f.Lines[i].Total, h.Loaded+f.Lines[i].Total
			}
		}
		h.Rounding, h.Off, h.Paid = h.Rounding+row.Rounding, h.Off+row.Off, h.Paid+row.Paid
		hours[fmt.Sprintf("%09d %s", n, row.Operator)] = h
		for i, l := range f.Lines {
			if f.Document.Lines[i].Loads == "" {
				countLine(t, s, items, l)
			}
		}
		for _, x := range f.Taxes {
			sum := taxes[x.Code]
			taxes[x.Code] = money.TaxAmount{Code: x.Code, Name: x.Name, PPM: x.PPM, Base: sum.Base + x.Base, Tax: sum.Tax + x.Tax}
		}
		for _, p := range f.Payments {
			tenders[p.Tender] = store.Tendered{Tender: p.Tender, Amount: tenders[p.Tender].Amount + p.Amount, Back: tenders[p.Tender].Back + max(0, -p.Amount)}
		}
	}
	return store.Report{Hours: inOrder(hours), Items: inOrder(items), Taxes: inOrder(taxes), Tenders: inOrder(tenders), Owed: countedOwed(t, s, from, to)}
}

// countedOwed adds the debts up from the documents of all sales until the end.
func countedOwed(t *testing.T, s *store.Store, from, to int64) []store.Owed {
	t.Helper()
	rows, err := s.Sales(t.Context(), 0, to, 0, 10_000)
	if err != nil {
		t.Fatal(err)
	}
	all := []store.Owed{{Kind: protocol.Gift}, {Kind: protocol.Credit}, {Kind: protocol.Deposit}}
	see := func(kind protocol.Tender, early bool, loaded, redeemed money.Cents) {
		for i := range all {
			if o := &all[i]; o.Kind == kind && early {
				o.Opening += loaded - redeemed
			} else if o.Kind == kind {
				o.Loaded, o.Redeemed = o.Loaded+loaded, o.Redeemed+redeemed
			}
		}
	}
	for _, row := range rows {
		f, err := s.SaleFile(t.Context(), row.ID)
		if err != nil {
			t.Fatal(err)
		}
		for i, l := range f.Document.Lines {
			see(l.LoadKind(), row.AtMS < from, f.Lines[i].Total, 0)
		}
		for _, p := range f.Payments {
			see(p.Tender, row.AtMS < from, max(0, -p.Amount), max(0, p.Amount))
		}
	}
	for i := range all {
		all[i].Closing = all[i].Opening + all[i].Loaded - all[i].Redeemed
	}
	return all
}

func countLine(t *testing.T, s *store.Store, items map[string]store.ItemSales, l store.SaleLine) {
	t.Helper()
	i := items[l.Item]
	i.Item, i.SKU, i.Name = l.Item, l.SKU, l.Name
	i.Pieces, i.Net, i.Tax, i.Total = i.Pieces+l.Qty, i.Net+l.Net, i.Tax+l.Tax, i.Total+l.Total
	if row, _, err := s.Stock(t.Context(), l.Item, 0); err == nil {
		i.Category, i.Cost = row.Category, row.Cost
	}
	items[l.Item] = i
}

// inOrder are the values of a map in the order of their keys.
func inOrder[K ~string, V any](m map[K]V) (all []V) {
	for _, k := range slices.Sorted(maps.Keys(m)) {
		all = append(all, m[k])
	}
	return all
}

func TestReportIsTheSumOfTheRows(t *testing.T) {
	for range 4 {
		number := rand.Uint64()
		t.Run(fmt.Sprintf("seed %d", number), func(t *testing.T) {
			chance := rand.New(rand.NewPCG(number, 0))
			s := randomShop(t, chance)
			for range 12 {
				from := opened.Add(time.Duration(chance.IntN(9*24*60))*time.Minute - 12*time.Hour).UnixMilli()
				to := from + int64(1+chance.IntN(9*24*3600))*1000
				got, err := s.Report(t.Context(), from, to)
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(counted(t, s, from, to), got); diff != "" {
					t.Errorf("from %d to %d (-rows +report):\n%s", from, to, diff)
				}
				balanced(t, got)
			}
		})
	}
}

// balanced wants every part of a report to come to the same.
func balanced(t *testing.T, r store.Report) {
	t.Helper()
	var net, tax, rest, paid, itemNet, itemTax, taxes, tenders money.Cents
	for _, h := range r.Hours {
		net, tax, rest, paid = net+h.Net, tax+h.Tax, rest+h.Loaded+h.Rounding+h.Off, paid+h.Paid
	}
	for _, i := range r.Items {
		itemNet, itemTax = itemNet+i.Net, itemTax+i.Tax
	}
	for _, x := range r.Taxes {
		taxes += x.Tax
	}
	for _, p := range r.Tenders {
		tenders += p.Amount
	}
	got := []money.Cents{net, tax, tax, net + tax + rest, paid}
	if diff := cmp.Diff([]money.Cents{itemNet, itemTax, taxes, paid, tenders}, got); diff != "" {
		t.Errorf("the report does not balance:\n%s", diff)
	}
}

func TestStockValueIsTheSumOfTheShelves(t *testing.T) {
	s := randomShop(t, rand.New(rand.NewPCG(7, 0)))
	retired := hubtest.Item(2)
	retired.Retired, retired.Barcodes, retired.Category, retired.Cost = true, nil, "Old", 300
	service := hubtest.Item(3)
	service.Unstocked, service.Category = true, "Labour"
	if _, err := s.PutItems(t.Context(), []store.Item{retired, service}); err != nil {
		t.Fatal(err)
	}
	if err := s.MoveStock(t.Context(), []store.StockChange{{Item: hubtest.Item(1).ID, Delta: -500, Reason: "count"}}); err != nil {
		t.Fatal(err)
	}
	by := map[string]store.ShelfValue{}
	for n := range reportItems {
		r, _, err := s.Stock(t.Context(), hubtest.Item(n+1).ID, 0)
		if err != nil {
			t.Fatal(err)
		}
		if r.Unstocked || r.OnHand <= 0 {
			continue
		}
		v := by[r.Category]
		v.Category, v.Items, v.Pieces = r.Category, v.Items+1, v.Pieces+r.OnHand
		v.Price += r.Price * money.Cents(r.OnHand)
		if v.Cost += r.Cost * money.Cents(r.OnHand); r.Cost == 0 {
			v.Unpriced += r.OnHand
		}
		by[r.Category] = v
	}
	got, err := s.StockValue(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(inOrder(by), got); diff != "" {
		t.Errorf("stock value (-shelves +got):\n%s", diff)
	}
	if _, ok := by["Old"]; !ok {
		t.Error("no retired item has stock, so the test shows nothing of it")
	}
}

// BenchmarkReport reads a report over all of 20,000 sales.
func BenchmarkReport(b *testing.B) {
	ctx, now := b.Context(), opened
	clock := seed.NewClock(now)
	s, err := store.Open(ctx, storetest.On(b, store.Config{Path: filepath.Join(b.TempDir(), "demo.db"), Shop: "demo", Now: clock.Now}))
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = s.Close() }() // only measured
	size := seed.Size{Items: 20_000, Customers: 10, Sales: 20_000}
	if _, err := seed.Volume(ctx, s, clock, now, size, func(string, int, int) {}); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		r, err := s.Report(ctx, 0, now.UnixMilli())
		if err != nil || len(r.Items) == 0 {
			b.Fatal(len(r.Items), err)
		}
	}
}
