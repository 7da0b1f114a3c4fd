package till_test

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"kickstand/protocol"
	"kickstand/protocol/money"
	"kickstand/protocol/till"
)

var rules = money.Rules{Currency: "CAD", CashStep: 5, CashOnly: true}

// anySale is a sale or refund of any size in any tenders, with a gift card now
// and then.
func anySale(t *rapid.T, n int) *protocol.Sale {
	s := &protocol.Sale{ID: fmt.Sprintf("s%d", n), Slip: fmt.Sprintf("C1-%06d", n), Rules: rules}
	doc := money.Document{Rules: rules}
	for i := range rapid.IntRange(1, 3).Draw(t, "lines") {
		l := protocol.SaleLine{N: i + 1, Money: money.Line{Qty: 1, Unit: money.Cents(rapid.Int64Range(1, 90_00).Draw(t, "unit"))}}
		if rapid.IntRange(0, 4).Draw(t, "gift") == 0 {
			l.Loads = "9000"
		} else {
			l.Money.Taxes = []money.Rate{{Code: "GST", Name: "GST", PPM: 50_000}}
		}
		s.Lines, doc.Lines = append(s.Lines, l), append(doc.Lines, l.Money)
	}
	sold, err := money.Compute(doc)
	if err != nil {
		t.Fatal(err)
	}
	s.Totals = sold
	if rapid.IntRange(0, 3).Draw(t, "refund") == 0 {
		giveBack(t, s)
	}
	pay(t, s)
	return s
}

func giveBack(t *rapid.T, s *protocol.Sale) {
	doc := money.Document{Rules: rules}
	for i := range s.Lines {
		part, err := money.Part(s.Totals.Lines[i], 1, 0, 1)
		if err != nil {
			t.Fatal(err)
		}
		s.Lines[i].LoadsAs, s.Lines[i].Loads = s.Lines[i].LoadKind(), ""
		s.Lines[i].Money.Qty, s.Lines[i].Money.Stored = -1, &part
		doc.Lines = append(doc.Lines, s.Lines[i].Money)
	}
	back, err := money.Compute(doc)
	if err != nil {
		t.Fatal(err)
	}
	s.Totals = back
}

func pay(t *rapid.T, s *protocol.Sale) {
	cash, other := s.Totals.Total, money.Cents(0)
	if rapid.Bool().Draw(t, "split") {
		other = cash / 3
	}
	due, rounding := money.CashDue(cash-other, rules)
	s.Payments = []protocol.Payment{{Tender: protocol.Cash, Amount: due, Rounding: rounding}}
	s.Rounding = rounding
	if other != 0 {
		s.Payments = append(s.Payments, protocol.Payment{Tender: protocol.Card, Amount: other})
	}
}

func TestASessionBalances(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := protocol.TillFigures{Float: money.Cents(rapid.Int64Range(0, 500_00).Draw(t, "float"))}
		drawer, docs := f.Float, rapid.IntRange(0, 30).Draw(t, "docs")
		for n := range docs {
			s := anySale(t, n)
			before := f
			f = till.Add(f, s)
			if len(before.Tenders) > 0 && before.Total == f.Total && s.Totals.Total != 0 {
				t.Fatal("nothing was added")
			}
			for _, p := range s.Payments {
				if p.Tender == protocol.Cash {
					drawer += p.Amount
				}
			}
			if rapid.IntRange(0, 9).Draw(t, "move") == 0 {
				amount := money.Cents(rapid.Int64Range(-50_00, 50_00).Draw(t, "amount"))
				f, drawer = till.Move(f, amount), drawer+amount
			}
		}
		if f.Expected() != drawer {
			t.Fatalf("%v should be in the drawer, %v is", f.Expected(), drawer)
		}
		if f.Net+f.Tax+f.Loaded != f.Total || f.Sales+f.Refunds != int64(docs) {
			t.Fatalf("%+v does not add up", f)
		}
		tenders, taxes := money.Cents(0), money.Cents(0)
		for _, x := range f.Tenders {
			tenders += x.Taken - x.Back
		}
		for _, x := range f.Taxes {
			taxes += x.Tax
		}
		if tenders != f.Total+f.Rounding || taxes != f.Tax {
			t.Fatalf("tenders %v, taxes %v of %+v", tenders, taxes, f)
		}
	})
}

func TestAddLeavesTheOldFigures(t *testing.T) {
	s := &protocol.Sale{Totals: money.Totals{Total: 5, Tax: []money.TaxAmount{{Code: "GST", Tax: 1}}}, Payments: []protocol.Payment{{Tender: protocol.Cash, Amount: 5}}}
	one := till.Add(protocol.TillFigures{}, s)
	till.Add(one, s)
	if one.Tenders[0].Taken != 5 || one.Taxes[0].Tax != 1 {
		t.Errorf("the old figures changed: %+v", one)
	}
}

func ExampleAdd() {
	f := protocol.TillFigures{Float: 200_00}
	f = till.Add(f, &protocol.Sale{
		Totals:   money.Totals{Net: 10_00, TaxSum: 50, Total: 10_50},
		Payments: []protocol.Payment{{Tender: protocol.Cash, Amount: 10_50}},
	})
	f = till.Move(f, -100_00)
	fmt.Println(f.Expected())
	// Output: 110.50
}
