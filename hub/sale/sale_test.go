package sale_test

import (
	"errors"
	"fmt"
	"maps"
	"strings"
	"testing"

	"kickstand/hub/hubtest"
	"kickstand/hub/sale"
	"kickstand/protocol"
	"kickstand/protocol/money"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// shop knows items 1 to 3, with two pieces of each.
func shop() sale.State {
	st := sale.State{
		Items: map[string]sale.Item{}, Catalogue: 1, Rules: hubtest.Rules(), Prefix: "C1",
		Operators: map[string]bool{"op-1": true}, NowMS: 1_700_000_100_000,
	}
	for n := range 3 {
		it := hubtest.Item(n + 1)
		st.Items[it.ID] = sale.Item{Price: it.Price, Taxes: it.Taxes, Stocked: true, OnHand: 2}
	}
	return st
}

func till() *hubtest.Till { return hubtest.NewTill("counter-1", "C1") }

func codes(f sale.Facts) []sale.Code {
	all := []sale.Code{}
	for _, d := range f.Differences {
		all = append(all, d.Code)
	}
	return all
}

// loadCard makes the sale one of a gift card and nothing else, paid in cash.
func loadCard(s *protocol.Sale, l money.Line) {
	s.Lines = s.Lines[:1]
	s.Lines[0].Loads, s.Lines[0].Item, s.Lines[0].Money = "KS1234", "gift-card", l
	s.Totals, _ = money.Compute(money.Document{Rules: s.Rules, Lines: []money.Line{l}})
	due, rounding := money.CashDue(s.Totals.Total, s.Rules)
	s.Payments = []protocol.Payment{{ID: "p-1", Tender: protocol.Cash, Amount: due, Tendered: due, Rounding: rounding}}
	s.Rounding = rounding
}

// TestMoneyComesBackOfACard takes off what is left, moves no stock, and notes what
// is missing.
func TestMoneyComesBackOfACard(t *testing.T) {
	for left, want := range map[money.Cents]money.Cents{50_00: 50_00, 20_00: 20_00, 0: 0} {
		st, m := shop(), till()
		load := m.Sale(hubtest.Item(1))
		loadCard(load, money.Line{Qty: 1, Unit: 50_00, Fixed: true})
		part, err := money.Part(load.Totals.Lines[0], 1, 0, 1)
		if err != nil {
			t.Fatal(err)
		}
		back := m.Sale(hubtest.Item(1))
		loadCard(back, money.Line{Qty: -1, Unit: 50_00, Fixed: true, Stored: &part})
		back.Lines[0].Loads, back.Lines[0].LoadsAs, back.Lines[0].Of = "", protocol.Gift, &protocol.Origin{Sale: load.ID, Line: 1}
		back.Payments[0].Of = load.Payments[0].ID
		st.Sold = map[string]sale.Sold{load.ID: {Sale: load}}
		st.OnCard = map[int]money.Cents{1: left}
		_, f, err := sale.Decide(st, sale.Command{Sale: back})
		if err != nil {
			t.Fatal(err)
		}
		if got := f.Unload(st, &back.Lines[0]); got != want || len(f.Moves) != 0 || f.Loaded(back) != -50_00 {
			t.Errorf("%v left: %v comes off, moves %v, loaded %v", left, got, f.Moves, f.Loaded(back))
		}
		if short := left < 50_00; (len(f.Differences) == 1 && f.Differences[0].Code == sale.LoadSpent) != short {
			t.Errorf("%v left: differences %v", left, codes(f))
		}
	}
}

func TestWhatHubAndDeviceDisagreeAboutIsRecorded(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*sale.State, *protocol.Sale)
		want   []sale.Code
	}{
		{"nothing", func(*sale.State, *protocol.Sale) {}, []sale.Code{}},
		{"the last piece twice", func(st *sale.State, s *protocol.Sale) {
			it := st.Items[s.Lines[0].Item]
			it.OnHand = 0
			st.Items[s.Lines[0].Item] = it
		}, []sale.Code{sale.StockShort}},
		{"a gift card, whose price is free", func(_ *sale.State, s *protocol.Sale) { loadCard(s, money.Line{Qty: 1, Unit: 37_00, Fixed: true}) }, []sale.Code{}},
		{"a gift card with tax", func(_ *sale.State, s *protocol.Sale) {
			loadCard(s, money.Line{Qty: 1, Unit: 37_00, Taxes: hubtest.Item(1).Taxes})
		}, []sale.Code{sale.LoadOdd}},
		{"a gift card paid with another one", func(st *sale.State, s *protocol.Sale) {
			loadCard(s, money.Line{Qty: 1, Unit: 37_00, Fixed: true})
			s.Payments[0].Tender, s.Payments[0].Rounding, s.Rounding = protocol.Gift, 0, 0
			st.Tenders = []sale.Tender{{ID: s.Payments[0].ID, Sale: s.ID, Tender: protocol.Gift, Moved: s.Totals.Total, Kept: s.Totals.Total, Phase: protocol.TenderTaken}}
			s.Payments[0].Amount, s.Payments[0].Tendered, s.Payments[0].Change = s.Totals.Total, s.Totals.Total, 0
		}, []sale.Code{sale.LoadByGift}},
		{"an item only the device knows", func(_ *sale.State, s *protocol.Sale) { s.Lines[0].Item = "ghost" }, []sale.Code{sale.UnknownItem}},
		{"an item only devices ever knew", func(st *sale.State, s *protocol.Sale) {
			s.Lines[0].Item = "ghost"
			st.Items["ghost"] = sale.Item{Unknown: true, OnHand: -3}
		}, []sale.Code{sale.UnknownItem}},
		{"a price changed meanwhile", func(st *sale.State, s *protocol.Sale) {
			st.Catalogue = 2
			reprice(st, s.Lines[0].Item, 12_00)
		}, []sale.Code{sale.PriceStale}},
		{"another price in the same catalogue", func(st *sale.State, s *protocol.Sale) { reprice(st, s.Lines[0].Item, 12_00) }, []sale.Code{sale.PriceDiffers}},
		{"another tax", func(st *sale.State, s *protocol.Sale) {
			it := st.Items[s.Lines[0].Item]
			it.Taxes = it.Taxes[:1]
			st.Items[s.Lines[0].Item] = it
		}, []sale.Code{sale.TaxDiffers}},
		{"a tax with another name only", func(st *sale.State, s *protocol.Sale) { s.Lines[0].Money.Taxes[0].Name = "TPS" }, []sale.Code{}},
		{"other rules", func(st *sale.State, _ *protocol.Sale) { st.Rules.Included = true }, []sale.Code{sale.RulesDiffer}},
		{"a person who left", func(st *sale.State, _ *protocol.Sale) { st.Operators = nil }, []sale.Code{sale.UnknownOperator}},
		{"another device's slip", func(_ *sale.State, s *protocol.Sale) { s.Slip = "C10-000001" }, []sale.Code{sale.SlipForeign}},
		{"a slip number used twice", func(st *sale.State, _ *protocol.Sale) { st.SlipUsed = "other" }, []sale.Code{sale.SlipTwice}},
		{"a clock a year ahead", func(_ *sale.State, s *protocol.Sale) { s.ClosedMS += 365 * 24 * 3600 * 1000 }, []sale.Code{sale.DeviceClockAhead}},
		{"a clock a year behind", func(_ *sale.State, s *protocol.Sale) { s.ClosedMS -= 365 * 24 * 3600 * 1000 }, []sale.Code{}},
		{"a device that adds up wrong", func(_ *sale.State, s *protocol.Sale) {
			s.Totals.Total -= 10
			s.Payments[0].Amount -= 10
			s.Payments[0].Change += 10
		}, []sale.Code{sale.PaidDiffers, sale.TotalDiffers}},
		{"a device that taxes wrong", func(_ *sale.State, s *protocol.Sale) { s.Totals.TaxSum++ }, []sale.Code{sale.TaxSumDiffers}},
		{"too much taken", func(_ *sale.State, s *protocol.Sale) { s.Payments[0].Amount += 5; s.Payments[0].Change -= 5 }, []sale.Code{sale.PaidDiffers}},
	} {
		t.Run(c.name, func(t *testing.T) {
			st, s := shop(), till().Sale(hubtest.Item(1))
			c.change(&st, s)
			_, f, err := sale.Decide(st, sale.Command{Sale: s})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, codes(f)); diff != "" {
				t.Errorf("differences (-want +got):\n%s", diff)
			}
			if f.Paid != s.Payments[0].Amount || f.Paid != f.Totals.Total+f.Rounding+f.Off {
				t.Errorf("paid %v does not balance with total %v, rounding %v and off %v", f.Paid, f.Totals.Total, f.Rounding, f.Off)
			}
		})
	}
}

func reprice(st *sale.State, id string, price money.Cents) {
	it := st.Items[id]
	it.Price = price
	st.Items[id] = it
}

// TestAnotherWayToPay takes a card back before the sale is finished, and the cash
// instead.
func TestAnotherWayToPay(t *testing.T) {
	s := till().Sale(hubtest.Item(1))
	cash := s.Payments[0]
	card := protocol.Payment{ID: "p8", Tender: protocol.Card, Amount: 5_00, Tendered: 5_00}
	back := protocol.Payment{ID: "p9", Tender: protocol.Card, Amount: -5_00, Tendered: -5_00, Of: "p8"}
	s.Payments = []protocol.Payment{card, back, cash}
	st := shop()
	st.Tenders = []sale.Tender{
		{ID: "p8", Sale: s.ID, Tender: protocol.Card, Phase: protocol.TenderTaken, Moved: 5_00},
		{ID: "p9", Sale: s.ID, Tender: protocol.Card, Phase: protocol.TenderTaken, Moved: -5_00},
	}
	if _, f, err := sale.Decide(st, sale.Command{Sale: s}); err != nil || len(f.Differences) != 0 {
		t.Errorf("differences %+v, %v", f.Differences, err)
	}
	s.Payments[1].Amount, s.Payments[1].Tendered = -6_00, -6_00
	s.Payments[2].Amount, s.Payments[2].Tendered = cash.Amount+1_00, cash.Tendered+1_00
	if _, f, _ := sale.Decide(st, sale.Command{Sale: s}); !strings.Contains(fmt.Sprint(codes(f)), string(sale.RefundBeyond)) {
		t.Errorf("more went back than came: %v", codes(f))
	}
}

func TestWhatCannotHaveHappenedIsRefused(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*protocol.Sale)
		says   string
	}{
		{"no payment", func(s *protocol.Sale) { s.Payments = nil }, "no payment"},
		{"a cent too little", func(s *protocol.Sale) { s.Payments[0].Amount--; s.Payments[0].Tendered-- }, "do not cover"},
		{"negative tender", func(s *protocol.Sale) { s.Payments[0].Tendered = -1 }, "negative"},
		{"negative change", func(s *protocol.Sale) { s.Payments[0].Change = -1 }, "negative"},
		{"more change than tender", func(s *protocol.Sale) { s.Payments[0].Amount = -1 }, "more change"},
		{"absurd tender", func(s *protocol.Sale) { s.Payments[0].Tendered = 1 << 62 }, "too large"},
		{"absurd total", func(s *protocol.Sale) { s.Totals.Total = -1 << 63 }, "too large"},
		{"absurd quantity", func(s *protocol.Sale) { s.Lines[0].Money.Qty = 1 << 40 }, "cannot be calculated"},
		{"absurd price", func(s *protocol.Sale) { s.Lines[0].Money.Unit = 1 << 60 }, "cannot be calculated"},
		{"absurd discount", func(s *protocol.Sale) { s.Discount.PPM = 2_000_000 }, "cannot be calculated"},
		{"a refund", func(s *protocol.Sale) { s.Lines[0].Money.Qty = -1 }, "refunds"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := till().Sale(hubtest.Item(1))
			c.change(s)
			st := shop()
			after, _, err := sale.Decide(st, sale.Command{Sale: s})
			var no *sale.ImpossibleError
			if !errors.As(err, &no) || !strings.Contains(no.Detail, c.says) {
				t.Errorf("got %v, want a refusal that says %q", err, c.says)
			}
			if diff := cmp.Diff(st, after); diff != "" {
				t.Errorf("the state changed: %s", diff)
			}
		})
	}
}

func TestStockIsTheSumOfItsMoves(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		st, c1 := shop(), till()
		first := maps.Clone(st.Items)
		moved := map[string]int64{}
		for range rapid.IntRange(1, 10).Draw(t, "sales") {
			s := c1.Sale(hubtest.Item(rapid.IntRange(1, 4).Draw(t, "a")), hubtest.Item(rapid.IntRange(1, 4).Draw(t, "b")))
			before := maps.Clone(st.Items)
			next, f, err := sale.Decide(st, sale.Command{Sale: s})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(before, st.Items); diff != "" {
				t.Fatalf("the given state changed: %s", diff)
			}
			for _, m := range f.Moves {
				moved[m.Item] += m.Delta
				if m.OnHand != first[m.Item].OnHand+moved[m.Item] {
					t.Fatalf("%+v does not follow from %d pieces and moves of %d", m, first[m.Item].OnHand, moved[m.Item])
				}
				if known := m.Item != hubtest.Item(4).ID; known && m.Short != (m.OnHand < 0) {
					t.Fatalf("%+v: short means below zero", m)
				}
			}
			st = next
		}
	})
}

func FuzzDecide(f *testing.F) {
	f.Add(int64(1), int64(1000), int64(2245), int64(4000), int64(1755), int64(0), int64(2243))
	f.Add(int64(-1), int64(1)<<62, int64(-1)<<63, int64(1), int64(0), int64(1_000_000), int64(0))
	f.Fuzz(func(t *testing.T, qty, unit, amount, tendered, change, ppm, total int64) {
		s := till().Sale(hubtest.Item(1))
		s.Lines[0].Money.Qty, s.Lines[0].Money.Unit, s.Discount.PPM = qty, money.Cents(unit), ppm
		s.Totals.Total = money.Cents(total)
		p := &s.Payments[0]
		p.Amount, p.Tendered, p.Change = money.Cents(amount), money.Cents(tendered), money.Cents(change)
		_, facts, err := sale.Decide(shop(), sale.Command{Sale: s})
		if err != nil {
			return
		}
		if facts.Paid != p.Amount || facts.Paid != facts.Totals.Total+facts.Rounding+facts.Off {
			t.Errorf("%+v does not balance", facts)
		}
		if facts.Paid < s.Totals.Total-money.Cents(4) {
			t.Errorf("%v was accepted for %v", facts.Paid, s.Totals.Total)
		}
	})
}

func ExampleDecide() {
	known := sale.State{
		Items:     map[string]sale.Item{"bell": {Price: 10_00, Stocked: true, OnHand: 0}},
		Rules:     money.Rules{Currency: "CAD"},
		Operators: map[string]bool{"ada": true},
	}
	sold := &protocol.Sale{
		ID: "s1", Slip: "C1-000001", Operator: "ada", Rules: known.Rules,
		Lines:    []protocol.SaleLine{{N: 1, Item: "bell", Name: "Bell", Money: money.Line{Qty: 1, Unit: 10_00}}},
		Totals:   money.Totals{Total: 10_00},
		Payments: []protocol.Payment{{ID: "p1", Tender: protocol.Cash, Amount: 10_00, Tendered: 20_00, Change: 10_00}},
	}
	_, facts, err := sale.Decide(known, sale.Command{Sale: sold})
	fmt.Println(facts.Totals.Total, err)
	for _, d := range facts.Differences {
		fmt.Println(d.Code, d.Note)
	}
	// Output:
	// 10.00 <nil>
	// STOCK_SHORT Bell: 1 sold, 0 were on hand
}
