package money_test

import (
	"errors"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kickstand/protocol/money"
)

func cash(step money.Cents, mode money.Mode, only bool) money.Rules {
	return money.Rules{Currency: "CAD", CashStep: step, CashMode: mode, CashOnly: only}
}

func TestCashDue(t *testing.T) {
	tests := []struct {
		name          string
		amount        money.Cents
		step          money.Cents
		mode          money.Mode
		due, rounding money.Cents
	}{
		{"no step", 1502, 0, "", 1502, 0},
		{"step of one cent", 1502, 1, "", 1502, 0},
		{"Canada rounds 0.02 down", 1502, 5, "", 1500, -2},
		{"Canada rounds 0.03 up", 1503, 5, "", 1505, 2},
		{"already a multiple", 1505, 5, "", 1505, 0},
		{"half a step goes up", 150, 100, money.HalfUp, 200, 50},
		{"half a step to the even step", 250, 100, money.HalfEven, 200, -50},
		{"half a step to the even step above", 350, 100, money.HalfEven, 400, 50},
		{"up", 1501, 5, money.Up, 1505, 4},
		{"down", 1504, 5, money.Down, 1500, -4},
		{"refund mirrors the sale", -1503, 5, "", -1505, -2},
		{"refund mirrors the sale, up", -1501, 5, money.Up, -1505, -4},
		{"nothing due", 0, 5, money.Up, 0, 0},
		{"a cent rounds to nothing", 2, 5, "", 0, -2},
		{"absurd amounts are left alone", math.MaxInt64, 5, money.Up, math.MaxInt64, 0},
		{"absurd refunds are left alone", math.MinInt64, 5, money.Up, math.MinInt64, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			due, rounding := money.CashDue(tt.amount, cash(tt.step, tt.mode, true))
			if due != tt.due || rounding != tt.rounding {
				t.Errorf("CashDue(%v) = %v, %v, want %v, %v", tt.amount, due, rounding, tt.due, tt.rounding)
			}
		})
	}
}

func TestSplit(t *testing.T) {
	tests := []struct {
		name        string
		total, paid money.Cents
		rules       money.Rules
		want        money.Remainder
	}{
		{
			"mixed tender, only cash rounds", 1572, 68, cash(5, "", true),
			money.Remainder{Other: 1504, Cash: 1505, CashRounding: 1},
		},
		{
			"mixed tender, the total rounds", 1572, 68, cash(5, "", false),
			money.Remainder{Other: 1502, OtherRounding: -2, Cash: 1502, CashRounding: -2},
		},
		{
			"nothing paid yet", 1572, 0, cash(5, "", true),
			money.Remainder{Other: 1572, Cash: 1570, CashRounding: -2},
		},
		{
			"paid in full by card", 1572, 1572, cash(5, "", true),
			money.Remainder{},
		},
		{
			"two cents left are nothing in cash", 1572, 1570, cash(5, "", true),
			money.Remainder{Other: 2, CashRounding: -2},
		},
		{
			"refund, part to card", -1572, -68, cash(5, "", true),
			money.Remainder{Other: -1504, Cash: -1505, CashRounding: -1},
		},
		{
			"no rounding", 1572, 68, cash(0, "", true),
			money.Remainder{Other: 1504, Cash: 1504},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := money.Split(tt.total, tt.paid, tt.rules)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("Split(%v, %v) (-want +got):\n%s", tt.total, tt.paid, diff)
			}
			if tt.total+got.CashRounding != tt.paid+got.Cash {
				t.Errorf("total %v + rounding %v is not paid %v + cash %v", tt.total, got.CashRounding, tt.paid, got.Cash)
			}
		})
	}
}

func TestSplitRefuses(t *testing.T) {
	var over *money.OverError
	if _, err := money.Split(1572, 1573, cash(5, "", true)); !errors.As(err, &over) || !errors.Is(err, money.ErrOver) || over.Extra != 1 {
		t.Errorf("one cent too much by card: got %v, want an OverError of 0.01", err)
	}
	if _, err := money.Split(-1572, -1573, cash(5, "", true)); !errors.As(err, &over) || over.Extra != 1 {
		t.Errorf("one cent too much given back: got %v, want an OverError of 0.01", err)
	}
	var limit *money.LimitError
	if _, err := money.Split(math.MinInt64, 1, money.Rules{}); !errors.As(err, &limit) || limit.Field != "total" {
		t.Errorf("absurd total: got %v, want a LimitError of total", err)
	}
	if _, err := money.Split(1, math.MinInt64, money.Rules{}); !errors.As(err, &limit) || limit.Field != "paid" {
		t.Errorf("absurd payment: got %v, want a LimitError of paid", err)
	}
}

func TestChange(t *testing.T) {
	if got, err := money.Change(1505, 2000); err != nil || got != 495 {
		t.Errorf("Change(15.05, 20.00) = %v, %v, want 4.95", got, err)
	}
	if got, err := money.Change(1505, 1505); err != nil || got != 0 {
		t.Errorf("Change(15.05, 15.05) = %v, %v, want 0.00", got, err)
	}
	_, err := money.Change(1505, 1000)
	var short *money.ShortError
	if !errors.Is(err, money.ErrShort) || !errors.As(err, &short) || short.Missing != 505 {
		t.Errorf("Change(15.05, 10.00) error = %v, want ErrShort with 5.05 missing", err)
	}
	var limit *money.LimitError
	for _, pair := range [][2]money.Cents{{math.MinInt64, 1}, {1, math.MaxInt64}} {
		if _, err := money.Change(pair[0], pair[1]); !errors.As(err, &limit) {
			t.Errorf("Change(%v, %v) error = %v, want a LimitError", pair[0], pair[1], err)
		}
	}
}

func TestQuickCash(t *testing.T) {
	tests := []struct {
		name  string
		due   money.Cents
		notes []money.Cents
		want  []money.Cents
	}{
		{"usual", 2345, nil, []money.Cents{2345, 2500, 3000, 4000, 5000}},
		{"small", 820, nil, []money.Cents{820, 1000, 2000, 5000, 10000}},
		{"same next amount for two notes", 6310, nil, []money.Cents{6310, 6500, 7000, 8000, 10000}},
		{"exactly a note", 2000, nil, []money.Cents{2000, 5000, 10000}},
		{"above the largest note", 36210, nil, []money.Cents{36210, 36500, 37000, 38000, 40000}},
		{"own notes in any order", 820, []money.Cents{2000, 1000, 0, -5}, []money.Cents{820, 1000, 2000}},
		{"nothing due", 0, nil, nil},
		{"refund", -500, nil, nil},
		{"absurd amount", math.MaxInt64, nil, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, money.QuickCash(tt.due, tt.notes)); diff != "" {
				t.Errorf("QuickCash(%v) (-want +got):\n%s", tt.due, diff)
			}
		})
	}
}

// What a shop assistant may see says how much money is concerned.
func TestErrorsSayTheAmount(t *testing.T) {
	tests := []struct {
		err  error
		want string
	}{
		{&money.ShortError{Missing: 505}, "not enough money: 5.05 is missing"},
		{&money.OverError{Extra: 1}, "more than is due: 0.01 too much"},
		{&money.ParseError{Input: "x", Hint: "type an amount"}, `amount "x": type an amount`},
		{&money.LimitError{Field: "qty", Line: 2, Value: "0", Hint: "give 1"}, "line 2: qty 0: give 1"},
	}
	for _, tt := range tests {
		if got := tt.err.Error(); got != tt.want {
			t.Errorf("got %q, want %q", got, tt.want)
		}
	}
}
