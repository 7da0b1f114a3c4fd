package seed

import (
	"context"
	"errors"
	"fmt"
	"time"
	_ "time/tzdata" // the shop's time zone on machines that have none installed

	"kickstand/hub/staff"
	"kickstand/hub/store"
	"kickstand/protocol"
	"kickstand/protocol/money"
)

const (
	zoneName      = "America/Vancouver"
	demoCustomers = 30
)

// Report is what a seed did.
type Report struct {
	Already   bool // the shop was seeded before and is left as it is
	Items     int
	Customers int
	Sales     int
}

// Demo makes the demo shop in an empty database: items with stock, staff,
// customers, two counters and a kiosk. now decides only whether the shop's
// clocks are on summer time. A second run changes nothing; a run that was
// interrupted is completed.
func Demo(ctx context.Context, s *store.Store, now time.Time) (Report, error) {
	r, err := demo(ctx, s, now)
	if err != nil {
		return r, fmt.Errorf("seed demo: %w", err)
	}
	return r, nil
}

func demo(ctx context.Context, s *store.Store, now time.Time) (Report, error) {
	items, err := articles()
	if err != nil {
		return Report{}, err
	}
	done, err := opened(ctx, s, items[0].ID)
	if done || err != nil {
		return Report{Already: done}, err
	}
	if err := settle(ctx, s, now); err != nil {
		return Report{}, err
	}
	if err := s.PutCustomers(ctx, customers(demoCustomers)); err != nil {
		return Report{}, err
	}
	return Report{Items: len(items), Customers: demoCustomers}, open(ctx, s, items)
}

// opened reports whether an item has its opening stock. It is put last, for
// all items in one transaction, so it says that the seed is complete.
func opened(ctx context.Context, s *store.Store, item string) (bool, error) {
	_, moves, err := s.Stock(ctx, item, 1)
	if errors.Is(err, store.ErrNotFound) {
		return false, nil
	}
	return len(moves) > 0, err
}

// settle writes taxes, settings, staff and devices.
func settle(ctx context.Context, s *store.Store, now time.Time) error {
	table, err := money.TableByName("ca-bc")
	if err != nil {
		return err
	}
	if err := s.PutTaxTable(ctx, table); err != nil {
		return err
	}
	shop, err := letterhead(now)
	if err != nil {
		return err
	}
	notes := []money.Cents{5_00, 10_00, 20_00, 50_00, 100_00}
	if err := s.PutSettings(ctx, store.ShopSettings{Shop: shop, Rules: table.Rules, Notes: notes, Till: tillRules(), Gift: protocol.GiftRules{Amounts: []money.Cents{25_00, 50_00, 100_00}}}); err != nil {
		return err
	}
	for _, o := range staffOf() {
		if err := s.PutOperator(ctx, o); err != nil {
			return err
		}
	}
	if err := s.Write(ctx, demoPasswords); err != nil {
		return err
	}
	for _, d := range devices() {
		if err := errors.Join(s.Enrol(ctx, d), s.SetReader(ctx, d.ID, d.Reader)); err != nil {
			return err
		}
	}
	return nil
}

// tillRules are those of a Canadian shop: what is in a drawer there, and up to
// 2.00 of difference without a word.
func tillRules() protocol.TillRules {
	return protocol.TillRules{
		Sessions: true, Accept: 2_00,
		Coins: []money.Cents{100_00, 50_00, 20_00, 10_00, 5_00, 2_00, 1_00, 25, 10, 5},
	}
}

// demoPasswords lets everybody sign in to the office with the demo password.
func demoPasswords(t *store.Tx) error {
	for _, o := range staffOf() {
		if err := t.SetPassword(store.Password{Operator: o.ID, Hash: staff.DemoHash, Demo: true}); err != nil {
			return err
		}
	}
	return nil
}

func letterhead(now time.Time) (protocol.Letterhead, error) {
	zone, err := time.LoadLocation(zoneName)
	if err != nil {
		return protocol.Letterhead{}, fmt.Errorf("time zone of the shop: %w", err)
	}
	_, offset := now.In(zone).Zone()
	return protocol.Letterhead{
		Name:      "Harbour Wheelworks",
		Address:   []string{"12 Wharfside Lane", "Victoria BC  V0V 0V0", "250-555-0142"},
		TaxNumber: "GST 12345 6789 RT0001",
		Footer:    []string{"Returns within 30 days with this receipt.", "Thank you for riding with us!"},
		UTCOffset: offset,
		Zone:      zoneName,
	}, nil
}

// open puts the items on the shelves. Stock comes last, see opened.
func open(ctx context.Context, s *store.Store, items []article) error {
	put := make([]store.Item, len(items))
	var stock []store.StockChange
	for i, a := range items {
		put[i] = a.Item
		if !a.Unstocked {
			stock = append(stock, store.StockChange{Item: a.ID, Delta: a.opening, Reason: "opening", Note: "counted when the shop opened", Operator: "op-maren"})
		}
	}
	if _, err := s.PutItems(ctx, put); err != nil {
		return err
	}
	if err := hang(ctx, s, items); err != nil {
		return err
	}
	return s.MoveStock(ctx, stock)
}
