// Package hubtest is a till that needs no device: it makes real envelopes of
// real sales, for tests and benchmarks of the hub.
//
// It promises that its sales add up and its numbers have no gaps, unless the
// test asks otherwise. It carries nothing: the test hands the bytes to a hub or
// a broker. Start with [Open] for a shop on a fresh file and [NewTill].
package hubtest

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"

	"kickstand/hub/store"
	"kickstand/hub/store/storetest"
	"kickstand/protocol"
	"kickstand/protocol/catalogue"
	"kickstand/protocol/money"
)

// Shop is the id of the shop Open makes.
const Shop = "demo"

// Rules are the rules of that shop.
func Rules() money.Rules {
	return money.Rules{Currency: "CAD", CashStep: 5, CashOnly: true}
}

// Item returns item number n of the shop: a bell that costs 10.00 and n cents.
func Item(n int) store.Item {
	return store.Item{Item: catalogue.Item{
		ID: fmt.Sprintf("itm-%06d", n), SKU: fmt.Sprintf("BELL-%d", n), Name: fmt.Sprintf("Bell %d", n),
		Barcodes: []string{fmt.Sprintf("20%010d", n)}, Price: money.Cents(10_00 + n), TaxCategory: "accessory",
		Taxes: []money.Rate{{Code: "GST", Name: "GST", PPM: 50_000}, {Code: "PST", Name: "PST", PPM: 70_000}},
	}}
}

// Open opens a shop in a file of dir, or what stands for it in the database of
// this run, with n items of 100 pieces each, one
// operator "op-1" and the given devices.
func Open(tb testing.TB, dir string, n int, devices ...string) *store.Store {
	tb.Helper()
	ctx := context.Background()
	s, err := store.Open(ctx, storetest.On(tb, store.Config{Path: filepath.Join(dir, Shop+".db"), Shop: Shop}))
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := s.Close(); err != nil {
			tb.Error(err)
		}
	})
	if err := Fill(ctx, s, n, devices...); err != nil {
		tb.Fatal(err)
	}
	return s
}

// Fill puts the shop of Open into a store that is empty.
func Fill(ctx context.Context, s *store.Store, n int, devices ...string) error {
	set := store.ShopSettings{Shop: protocol.Letterhead{Name: "Test Cycles"}, Rules: Rules(), Notes: []money.Cents{20_00}}
	if err := s.PutSettings(ctx, set); err != nil {
		return err
	}
	if err := s.PutOperator(ctx, protocol.Operator{ID: "op-1", Name: "Ada", Role: "owner"}); err != nil {
		return err
	}
	items, stock := make([]store.Item, n), make([]store.StockChange, n)
	for i := range n {
		items[i] = Item(i + 1)
		stock[i] = store.StockChange{Item: items[i].ID, Delta: 100, Reason: "opening"}
	}
	if _, err := s.PutItems(ctx, items); err != nil {
		return err
	}
	if err := s.MoveStock(ctx, stock); err != nil {
		return err
	}
	for i, d := range devices {
		if err := s.Enrol(ctx, store.Device{ID: d, Role: protocol.Counter, Prefix: fmt.Sprintf("C%d", i+1)}); err != nil {
			return err
		}
	}
	return nil
}

// Till makes the events of one device.
type Till struct {
	Device  string
	Prefix  string // of slip numbers
	Epoch   string
	Seq     uint64 // of the last event
	WallMS  int64  // device clock
	Version int64  // of its catalogue
	Chained bool   // each event carries the digest of the one made before it
	head    string // that digest
	sales   int
}

// NewTill returns the till of a device whose journal is fresh.
func NewTill(device, prefix string) *Till {
	return &Till{Device: device, Prefix: prefix, Epoch: device + "-e1", WallMS: 1_700_000_000_000, Version: 1}
}

// Address is where the till speaks.
func (t *Till) Address() protocol.Address { return protocol.Address{Shop: Shop, Device: t.Device} }

// Topic is the parsed topic of one of its channels.
func (t *Till) Topic(c protocol.Channel) protocol.Topic {
	return protocol.Topic{Address: t.Address(), Channel: c}
}

// Event returns a body as the till's next event.
func (t *Till) Event(body protocol.Body) []byte {
	t.Seq++
	return t.At(t.Seq, body)
}

// Salt stands for a random one, the same every time.
func Salt(epoch string, seq uint64) string {
	return protocol.Digest(fmt.Appendf(nil, "%s %d", epoch, seq))[:protocol.SaltLen]
}

// At returns a body as the event with a number of choice; Seq stays.
func (t *Till) At(seq uint64, body protocol.Body) []byte {
	env, err := protocol.Seal(t.Device, body, protocol.Stamp{WallMS: t.WallMS, BootID: "boot"})
	if err != nil {
		panic(err)
	}
	env.Epoch, env.Seq, env.Salt = t.Epoch, seq, Salt(t.Epoch, seq)
	if env.Prev = t.head; t.Chained && seq == 1 {
		env.Prev = protocol.FirstPrev(t.Device, t.Epoch)
	}
	raw, err := env.Encode()
	if err != nil {
		panic(err)
	}
	if t.Chained {
		t.head = protocol.Digest(raw)
	}
	return raw
}

// Plain returns a body outside the outbox, such as a birth or a question.
func (t *Till) Plain(body protocol.Body) []byte {
	env, err := protocol.Seal(t.Device, body, protocol.Stamp{WallMS: t.WallMS, BootID: "boot"})
	if err != nil {
		panic(err)
	}
	raw, err := env.Encode()
	if err != nil {
		panic(err)
	}
	return raw
}

// Reset returns the first event of a fresh journal.
func (t *Till) Reset() []byte { return t.Event(&protocol.JournalReset{Why: "first start"}) }

// Sale returns a finished sale of one piece of each item, paid in cash with
// the next 20.00 above what is due.
func (t *Till) Sale(items ...store.Item) *protocol.Sale {
	t.sales++
	s := &protocol.Sale{
		ID: fmt.Sprintf("%s-s%06d", t.Device, t.sales), Slip: fmt.Sprintf("%s-%06d", t.Prefix, t.sales),
		Operator: "op-1", Name: "Ada", OpenedMS: t.WallMS, ClosedMS: t.WallMS + 1000, Items: t.Version,
		Shop: protocol.Letterhead{Name: "Test Cycles", Address: []string{"1 Main Street"}}, Rules: Rules(),
	}
	doc := money.Document{Rules: s.Rules}
	for i, it := range items {
		l := money.Line{Qty: 1, Unit: it.Price, Taxes: it.Taxes}
		doc.Lines = append(doc.Lines, l)
		s.Lines = append(s.Lines, protocol.SaleLine{
			N: i + 1, Item: it.ID, SKU: it.SKU, Name: it.Name, Barcode: it.Barcodes[0], TaxCategory: it.TaxCategory, Money: l,
		})
	}
	totals, err := money.Compute(doc)
	if err != nil {
		panic(err)
	}
	s.Totals = totals
	due, rounding := money.CashDue(totals.Total, s.Rules)
	given := (due + 19_99) / 20_00 * 20_00
	s.Payments = []protocol.Payment{{
		ID: s.ID + "-p1", Tender: protocol.Cash, Amount: due, Tendered: given, Change: given - due, Rounding: rounding,
	}}
	s.Rounding = rounding
	return s
}
