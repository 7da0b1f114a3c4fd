package money_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kickstand/protocol/money"
)

func TestTables(t *testing.T) {
	tests := []struct {
		table, category string
		total           money.Cents // of one piece priced 100.00
		tax             money.Cents
	}{
		{"ca-bc", "bicycle", 105_00, 5_00},
		{"ca-bc", "part", 105_00, 5_00},
		{"ca-bc", "labour", 105_00, 5_00},
		{"ca-bc", "accessory", 112_00, 12_00},
		{"ca-bc", "clothing", 112_00, 12_00},
		{"ca-bc", "rental", 105_00, 5_00},
		{"ca-bc", "exempt", 100_00, 0},
		{"de", "bicycle", 100_00, 15_97},
		{"de", "reduced", 100_00, 6_54},
		{"fr", "bicycle", 100_00, 16_67},
		{"fr", "reduced", 100_00, 5_21},
		{"uk", "bicycle", 100_00, 16_67},
		{"uk", "helmet", 100_00, 0},
		{"ch", "bicycle", 100_00, 7_49},
		{"us-nyc", "bicycle", 108_88, 8_88}, // 4.00 + 4.50 + 0.375 rounded
		{"us-nyc", "clothing-under-110", 100_00, 0},
	}
	for _, tt := range tests {
		t.Run(tt.table+" "+tt.category, func(t *testing.T) {
			table, err := money.TableByName(tt.table)
			if err != nil {
				t.Fatal(err)
			}
			rates, err := table.Taxes(tt.category)
			if err != nil {
				t.Fatal(err)
			}
			got := compute(t, money.Document{Rules: table.Rules, Lines: []money.Line{line(1, 100_00, rates...)}})
			if got.Total != tt.total || got.TaxSum != tt.tax {
				t.Errorf("100.00 gives total %v with tax %v, want %v with %v", got.Total, got.TaxSum, tt.total, tt.tax)
			}
		})
	}
}

func TestEveryTableIsSound(t *testing.T) {
	var names []string
	for _, table := range money.Tables() {
		names = append(names, table.Name)
		if err := table.Validate(); err != nil {
			t.Errorf("table %s: %v", table.Name, err)
		}
		if len(table.Country) != 2 || !strings.Contains(table.Notes, "accountant must confirm") {
			t.Errorf("table %s: country %q, notes %q: want two letters and the advice to ask an accountant", table.Name, table.Country, table.Notes)
		}
		for _, category := range []string{"bicycle", "part", "labour", "accessory", "clothing", "rental", "exempt"} {
			if _, err := table.Taxes(category); err != nil {
				t.Errorf("table %s: %v", table.Name, err)
			}
		}
	}
	if diff := cmp.Diff([]string{"ca-bc", "ch", "de", "fr", "uk", "us-nyc"}, names); diff != "" {
		t.Errorf("shipped tables (-want +got):\n%s", diff)
	}
}

func TestCashStepsOfTables(t *testing.T) {
	want := map[string]money.Cents{"ca-bc": 5, "ch": 5, "de": 0, "fr": 0, "uk": 0, "us-nyc": 0}
	got := map[string]money.Cents{}
	for _, table := range money.Tables() {
		got[table.Name] = table.Rules.CashStep
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("cash steps (-want +got):\n%s", diff)
	}
}

func TestUnknownTableAndCategory(t *testing.T) {
	if _, err := money.TableByName("atlantis"); !errors.Is(err, money.ErrNoTable) || !strings.Contains(err.Error(), "ca-bc") {
		t.Errorf("TableByName(atlantis) error = %v, want ErrNoTable and the shipped names", err)
	}
	table, err := money.TableByName("ca-bc")
	if err != nil {
		t.Fatal(err)
	}
	if rates, err := table.Taxes("submarine"); !errors.Is(err, money.ErrNoCategory) || rates != nil {
		t.Errorf("Taxes(submarine) = %v, %v, want ErrNoCategory", rates, err)
	}
}

func TestTableValidateRefuses(t *testing.T) {
	tests := []struct {
		name  string
		table money.Table
		field string
	}{
		{"no currency", money.Table{}, "rules.currency"},
		{"rate above 100 %", money.Table{Rules: rules(false, "", ""), Rates: []money.Rate{vat(200)}}, "taxes.ppm"},
		{"same code twice", money.Table{Rules: rules(false, "", ""), Rates: []money.Rate{gst, gst}}, "rates.code"},
		{"category of an unknown rate", money.Table{Rules: rules(false, "", ""), Categories: map[string][]string{"part": {"GST"}}}, "categories.part"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var limit *money.LimitError
			if err := tt.table.Validate(); !errors.As(err, &limit) || limit.Field != tt.field {
				t.Errorf("Validate() = %v, want a LimitError of %s", err, tt.field)
			}
		})
	}
}
