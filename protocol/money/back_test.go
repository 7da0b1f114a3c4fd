package money_test

import (
	"errors"
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"kickstand/protocol/money"
)

// tenders pays a total by chance: other tenders first or last, the rest in cash.
func tenders(t *rapid.T, total money.Cents, r money.Rules) []money.Paid {
	var paid []money.Paid
	var taken money.Cents
	for range rapid.IntRange(0, 3).Draw(t, "others") {
		rest, err := money.Split(total, taken, r)
		if err != nil || rest.Other <= 0 {
			break
		}
		a := money.Cents(rapid.Int64Range(1, int64(rest.Other)).Draw(t, "part"))
		paid, taken = append(paid, money.Paid{Amount: a}), taken+a
	}
	rest, err := money.Split(total, taken, r)
	if err != nil {
		t.Fatal(err)
	}
	if rest.Other == 0 {
		return paid
	}
	if rapid.Bool().Draw(t, "cash") && rest.Cash > 0 {
		return append(paid, money.Paid{Amount: rest.Cash, Cash: true})
	}
	return append(paid, money.Paid{Amount: rest.Other})
}

func TestAnyChainOfRefundsReturnsWhatWasPaid(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := money.Rules{
			Currency: "CAD", CashStep: rapid.SampledFrom([]money.Cents{0, 1, 5, 10, 100}).Draw(t, "step"),
			CashMode: rapid.SampledFrom([]money.Mode{money.HalfUp, money.HalfEven, money.Up, money.Down}).Draw(t, "mode"),
			CashOnly: rapid.Bool().Draw(t, "only"),
		}
		total := money.Cents(rapid.Int64Range(100, 50_000).Draw(t, "total"))
		paid := tenders(t, total, r)
		before := money.Cents(0)
		for before < total {
			now := money.Cents(rapid.Int64Range(1, int64(total-before)).Draw(t, "now"))
			parts, err := money.GiveBack(r, before, now, paid)
			if err != nil {
				t.Fatalf("%v after %v of %v: %v", now, before, total, err)
			}
			for i := range paid {
				if parts[i] < 0 {
					t.Fatalf("%v goes back to %+v", parts[i], paid[i])
				}
				if paid[i].Back += parts[i]; paid[i].Back > paid[i].Amount {
					t.Fatalf("%+v got back more than was paid", paid[i])
				}
			}
			before += now
		}
		for _, p := range paid {
			if p.Back != p.Amount {
				t.Fatalf("after everything came back, of %+v is left %v", paid, p.Amount-p.Back)
			}
		}
		if parts, err := money.GiveBack(r, before, 1_00, paid); err == nil && sum(parts) > 0 {
			t.Fatalf("another %v goes back", parts)
		}
	})
}

func sum(parts []money.Cents) (s money.Cents) {
	for _, p := range parts {
		s += p
	}
	return s
}

func TestGiveBackRefusesMoreThanWasPaid(t *testing.T) {
	r := money.Rules{Currency: "CAD", CashStep: 5, CashOnly: true}
	paid := []money.Paid{{Amount: 10_00}, {Amount: 5_00, Cash: true}}
	for _, now := range []money.Cents{-1, 15_05, 1 << 62} {
		if parts, err := money.GiveBack(r, 0, now, paid); err == nil {
			t.Errorf("%v gives %v", now, parts)
		}
	}
	if _, err := money.GiveBack(r, 10_00, 6_00, paid); !errors.Is(err, money.ErrBeyondPaid) {
		t.Errorf("got %v", err)
	}
}

func ExampleGiveBack() {
	r := money.Rules{Currency: "CAD", CashStep: 5, CashOnly: true}
	paid := []money.Paid{{Amount: 10_00}, {Amount: 5_70, Cash: true}} // of 15.72
	for n := range money.Cents(3) {
		parts, err := money.GiveBack(r, n*5_24, 5_24, paid)
		fmt.Println(parts, err)
		paid[0].Back += parts[0]
		paid[1].Back += parts[1]
	}
	// Output:
	// [5.24 0.00] <nil>
	// [4.76 0.50] <nil>
	// [0.00 5.20] <nil>
}
