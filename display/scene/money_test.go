package scene_test

import (
	"testing"

	"kickstand/device/flow"
	"kickstand/display/scene"
)

func TestMoney(t *testing.T) {
	tests := []struct {
		currency string
		cents    flow.Cents
		want     string
	}{
		{"CAD", 0, "$0.00"},
		{"", 5, "$0.05"},
		{"USD", 123_450, "$1,234.50"},
		{"EUR", -500, "−€5.00"},
		{"GBP", 100_000_000, "£1,000,000.00"},
		{"CHF", 1200, "CHF 12.00"},
		{"CAD", -9_223_372_036_854_775_808, "−$92,233,720,368,547,758.08"},
	}
	for _, tt := range tests {
		if got := scene.Money(tt.currency, tt.cents); got != tt.want {
			t.Errorf("Money(%q, %d) is %q, want %q", tt.currency, tt.cents, got, tt.want)
		}
	}
}
