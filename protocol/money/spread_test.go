package money_test

import (
	"errors"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kickstand/protocol/money"
)

func TestSpread(t *testing.T) {
	tests := []struct {
		name    string
		amount  money.Cents
		weights []money.Cents
		want    []money.Cents
	}{
		{"ties go to the earlier line", 100, []money.Cents{1, 1, 1}, []money.Cents{34, 33, 33}},
		{"largest remainder first", 10, []money.Cents{15, 25, 60}, []money.Cents{2, 2, 6}},
		{"the last has the largest remainder", 10, []money.Cents{11, 11, 78}, []money.Cents{1, 1, 8}},
		{"negative mirrors positive", -100, []money.Cents{1, 1, 1}, []money.Cents{-34, -33, -33}},
		{"a line without price gets nothing", 5, []money.Cents{0, 3, 0}, []money.Cents{0, 5, 0}},
		{"nothing over nothing", 0, []money.Cents{0, 0}, []money.Cents{0, 0}},
		{"nothing over no lines", 0, nil, []money.Cents{}},
		{"the largest amounts", money.MaxAmount, []money.Cents{money.MaxAmount - 1, 1}, []money.Cents{money.MaxAmount - 1, 1}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := money.Spread(tt.amount, tt.weights)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("Spread(%v, %v) (-want +got):\n%s", tt.amount, tt.weights, diff)
			}
		})
	}
}

func TestSpreadRefuses(t *testing.T) {
	tests := []struct {
		name    string
		amount  money.Cents
		weights []money.Cents
		field   string
	}{
		{"nowhere to put it", 1, nil, "weights"},
		{"only zero weights", 1, []money.Cents{0, 0}, "weights"},
		{"negative weight", 1, []money.Cents{2, -1}, "weights"},
		{"weights beyond all sums", 1, []money.Cents{money.MaxAmount, money.MaxAmount}, "weights"},
		{"absurd weight", 1, []money.Cents{math.MaxInt64}, "weights"},
		{"absurd amount", math.MinInt64, []money.Cents{1}, "amount"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := money.Spread(tt.amount, tt.weights)
			var limit *money.LimitError
			if !errors.As(err, &limit) || limit.Field != tt.field {
				t.Errorf("Spread(%v, %v) error = %v, want a LimitError of %s", tt.amount, tt.weights, err, tt.field)
			}
		})
	}
}
