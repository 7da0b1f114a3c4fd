package money_test

import (
	"errors"
	"math"
	"testing"

	"kickstand/protocol/money"
)

func TestCentsString(t *testing.T) {
	tests := []struct {
		cents money.Cents
		want  string
	}{
		{0, "0.00"},
		{5, "0.05"},
		{-5, "-0.05"},
		{1234, "12.34"},
		{-1200, "-12.00"},
		{math.MaxInt64, "92233720368547758.07"},
		{math.MinInt64, "-92233720368547758.08"},
	}
	for _, tt := range tests {
		if got := tt.cents.String(); got != tt.want {
			t.Errorf("Cents(%d).String() = %q, want %q", int64(tt.cents), got, tt.want)
		}
	}
}

func TestParse(t *testing.T) {
	tests := []struct {
		text string
		want money.Cents
	}{
		{"12", 1200},
		{"12.3", 1230},
		{"12.34", 1234},
		{" 12.34\t", 1234},
		{"12,34", 1234},
		{"12,3", 1230},
		{".5", 50},
		{"5.", 500},
		{"0", 0},
		{"-0.05", -5},
		{"\u22124", -400},
		{"+4", 400},
		{"$1,234.50", 123450},
		{"-$5", -500},
		{"€ 7,20", 720},
		{"£3", 300},
		{"1,234", 123400},
		{"12,345,678", 1234567800},
		{"007", 700},
		{"1000000000000000.00", money.MaxAmount},
	}
	for _, tt := range tests {
		got, err := money.Parse(tt.text)
		if err != nil || got != tt.want {
			t.Errorf("Parse(%q) = %v, %v, want %v", tt.text, got, err, tt.want)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	texts := []string{
		"", " ", ".", "-", "$", "abc", "12.345", "1.2.3", "1.2.", "--5", "-+5", "$-5", "$$5",
		"1,23,456", "1,2345", ",5,", "12,", ",123", "1,,234", "12 34", "1e3", "0x10", "12.3a", "٣",
		"1000000000000000.01", "99999999999999999999999", "1\x00",
	}
	for _, text := range texts {
		got, err := money.Parse(text)
		var parse *money.ParseError
		if !errors.As(err, &parse) || parse.Input != text || parse.Hint == "" || got != 0 {
			t.Errorf("Parse(%q) = %v, %v, want a ParseError with a hint", text, got, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{"12.34", "$1,234.50", "-.5", "12,3", "", "1,2,3", "\u22125", "99999999999999999999"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		amount, err := money.Parse(text)
		if err != nil {
			return
		}
		if amount > money.MaxAmount || amount < -money.MaxAmount {
			t.Fatalf("Parse(%q) = %v, beyond MaxAmount", text, amount)
		}
		again, err := money.Parse(amount.String())
		if err != nil || again != amount {
			t.Fatalf("Parse(%q) = %v, but its text gives %v, %v", text, amount, again, err)
		}
	})
}
