package money_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kickstand/protocol/money"
)

var (
	gst = money.Rate{Code: "GST", Name: "GST", PPM: 50_000}
	pst = money.Rate{Code: "PST", Name: "PST", PPM: 70_000}
)

func vat(percent int64) money.Rate {
	return money.Rate{Code: "VAT", Name: "VAT", PPM: percent * 10_000}
}

func rules(included bool, mode money.Mode, scope money.Scope) money.Rules {
	return money.Rules{Currency: "CAD", Included: included, Mode: mode, Scope: scope}
}

func line(qty int64, unit money.Cents, taxes ...money.Rate) money.Line {
	return money.Line{Qty: qty, Unit: unit, Taxes: taxes}
}

// figures are the totals that a row of a table test states.
type figures struct{ Gross, Discount, Net, TaxSum, Total money.Cents }

func figuresOf(t money.Totals) figures {
	return figures{t.Gross, t.Discount, t.Net, t.TaxSum, t.Total}
}

func TestCompute(t *testing.T) {
	percent := func(l money.Line, ppm int64) money.Line { l.Discount.PPM = ppm; return l }
	amount := func(l money.Line, off money.Cents) money.Line { l.Discount.Amount = off; return l }
	tests := []struct {
		name string
		doc  money.Document
		want figures
	}{
		{
			"no lines",
			money.Document{Rules: rules(false, "", "")},
			figures{},
		},
		{
			"an order discount leaves a gift card alone",
			money.Document{
				Rules:    rules(false, "", ""),
				Lines:    []money.Line{line(1, 100_00, gst), {Qty: 1, Unit: 50_00, Fixed: true}},
				Discount: money.Discount{PPM: 100_000},
			},
			figures{Gross: 150_00, Discount: 10_00, Net: 140_00, TaxSum: 4_50, Total: 144_50},
		},
		{
			"bicycle and light in British Columbia",
			money.Document{Rules: rules(false, "", money.PerDocument), Lines: []money.Line{line(1, 899_00, gst), line(1, 49_95, gst, pst)}},
			figures{Gross: 948_95, Net: 948_95, TaxSum: 50_95, Total: 999_90}, // GST 47.4475, PST 3.4965
		},
		{
			"52.50 with 12 % included, half-up: 5.63",
			money.Document{Rules: rules(true, money.HalfUp, ""), Lines: []money.Line{line(1, 52_50, vat(12))}},
			figures{Gross: 52_50, Net: 46_87, TaxSum: 5_63, Total: 52_50},
		},
		{
			"52.50 with 12 % included, half-even: 5.62",
			money.Document{Rules: rules(true, money.HalfEven, ""), Lines: []money.Line{line(1, 52_50, vat(12))}},
			figures{Gross: 52_50, Net: 46_88, TaxSum: 5_62, Total: 52_50},
		},
		{
			"52.50 with 5 % and 7 % included, each rounded: 2.34 + 3.28",
			money.Document{Rules: rules(true, "", money.PerDocument), Lines: []money.Line{line(1, 52_50, gst, pst)}},
			figures{Gross: 52_50, Net: 46_88, TaxSum: 5_62, Total: 52_50},
		},
		{
			"2 x 17.79 with 3 % included stays the sticker sum, per line",
			money.Document{Rules: rules(true, "", money.PerLine), Lines: []money.Line{line(1, 17_79, vat(3)), line(1, 17_79, vat(3))}},
			figures{Gross: 35_58, Net: 34_54, TaxSum: 1_04, Total: 35_58},
		},
		{
			"2 x 17.79 with 3 % included stays the sticker sum, per document",
			money.Document{Rules: rules(true, "", money.PerDocument), Lines: []money.Line{line(2, 17_79, vat(3))}},
			figures{Gross: 35_58, Net: 34_54, TaxSum: 1_04, Total: 35_58},
		},
		{
			"three cents of tax dust, rounded on each line",
			money.Document{Rules: rules(false, "", money.PerLine), Lines: []money.Line{line(1, 10, gst), line(1, 10, gst), line(1, 10, gst)}},
			figures{Gross: 30, Net: 30, TaxSum: 3, Total: 33},
		},
		{
			"three cents of tax dust, rounded once",
			money.Document{Rules: rules(false, "", money.PerDocument), Lines: []money.Line{line(1, 10, gst), line(1, 10, gst), line(1, 10, gst)}},
			figures{Gross: 30, Net: 30, TaxSum: 2, Total: 32},
		},
		{
			"round up",
			money.Document{Rules: rules(false, money.Up, ""), Lines: []money.Line{line(1, 1_01, gst)}},
			figures{Gross: 1_01, Net: 1_01, TaxSum: 6, Total: 1_07},
		},
		{
			"round down",
			money.Document{Rules: rules(false, money.Down, ""), Lines: []money.Line{line(1, 1_19, gst)}},
			figures{Gross: 1_19, Net: 1_19, TaxSum: 5, Total: 1_24},
		},
		{
			"percent and amount discounts on lines",
			money.Document{Rules: rules(false, "", ""), Lines: []money.Line{percent(line(3, 9_99, gst), 100_000), amount(line(1, 20_00, gst), 5_00)}},
			figures{Gross: 49_97, Discount: 8_00, Net: 41_97, TaxSum: 2_10, Total: 44_07},
		},
		{
			"order discount before tax",
			money.Document{Rules: rules(false, "", money.PerDocument), Lines: []money.Line{line(1, 100_00, gst), line(1, 50_00)}, Discount: money.Discount{PPM: 100_000}},
			figures{Gross: 150_00, Discount: 15_00, Net: 135_00, TaxSum: 4_50, Total: 139_50},
		},
		{
			"everything off",
			money.Document{Rules: rules(true, "", ""), Lines: []money.Line{line(1, 100_00, vat(20))}, Discount: money.Discount{Amount: 100_00}},
			figures{Gross: 100_00, Discount: 100_00},
		},
		{
			"exchange: the order discount is on what is sold",
			money.Document{Rules: rules(false, "", ""), Lines: []money.Line{line(-1, 80_00), line(1, 100_00)}, Discount: money.Discount{PPM: 100_000}},
			figures{Gross: 20_00, Discount: 10_00, Net: 10_00, Total: 10_00},
		},
		{
			"refund of an order discount",
			money.Document{Rules: rules(false, "", ""), Lines: []money.Line{line(-1, 80_00), line(-1, 20_00)}, Discount: money.Discount{Amount: 10_00}},
			figures{Gross: -100_00, Discount: -10_00, Net: -90_00, Total: -90_00},
		},
		{
			"the largest line with the largest taxes",
			money.Document{Rules: rules(false, "", money.PerDocument), Lines: []money.Line{line(money.MaxQty, money.MaxUnit, vat(100))}},
			figures{Gross: 10_000_000_000_000, Net: 10_000_000_000_000, TaxSum: 10_000_000_000_000, Total: 20_000_000_000_000},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := money.Compute(tt.doc)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, figuresOf(got)); diff != "" {
				t.Errorf("totals (-want +got):\n%s", diff)
			}
		})
	}
}

func TestComputeGivesEveryFigureOfALine(t *testing.T) {
	doc := money.Document{
		Rules: rules(false, "", money.PerDocument),
		Lines: []money.Line{
			{Qty: 2, Unit: 10_00, Discount: money.Discount{PPM: 50_000}, Taxes: []money.Rate{gst, pst}},
			{Qty: 1, Unit: 5_00, Taxes: []money.Rate{gst}},
		},
		Discount: money.Discount{Amount: 1_00},
	}
	got, err := money.Compute(doc)
	if err != nil {
		t.Fatal(err)
	}
	// 1.00 over 19.00 and 5.00: 0.7917 and 0.2083. GST on 23.00 is 1.15, PST on
	// 18.21 is 1.2747.
	want := money.Totals{
		Lines: []money.LineTotal{
			{
				Gross: 20_00, Discount: 1_00, OrderDiscount: 79, Price: 18_21, Net: 18_21, Total: 20_39,
				Tax: []money.TaxAmount{
					{Code: "GST", Name: "GST", PPM: 50_000, Base: 18_21, Tax: 91},
					{Code: "PST", Name: "PST", PPM: 70_000, Base: 18_21, Tax: 1_27},
				},
			},
			{
				Gross: 5_00, OrderDiscount: 21, Price: 4_79, Net: 4_79, Total: 5_03,
				Tax: []money.TaxAmount{{Code: "GST", Name: "GST", PPM: 50_000, Base: 4_79, Tax: 24}},
			},
		},
		Gross: 25_00, Discount: 2_00, Net: 23_00,
		Tax: []money.TaxAmount{
			{Code: "GST", Name: "GST", PPM: 50_000, Base: 23_00, Tax: 1_15},
			{Code: "PST", Name: "PST", PPM: 70_000, Base: 18_21, Tax: 1_27},
		},
		TaxSum: 2_42, Total: 25_42,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("totals (-want +got):\n%s", diff)
	}
}

func TestSameCodeAtTwoRatesIsTwoTaxes(t *testing.T) {
	got, err := money.Compute(money.Document{
		Rules: rules(true, "", money.PerDocument),
		Lines: []money.Line{line(1, 10_70, vat(7)), line(1, 11_90, vat(19)), line(1, 10_70, vat(7))},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := []money.TaxAmount{
		{Code: "VAT", Name: "VAT", PPM: 70_000, Base: 20_00, Tax: 1_40},
		{Code: "VAT", Name: "VAT", PPM: 190_000, Base: 10_00, Tax: 1_90},
	}
	if diff := cmp.Diff(want, got.Tax); diff != "" {
		t.Errorf("taxes (-want +got):\n%s", diff)
	}
}

func TestComputeRefuses(t *testing.T) {
	tests := []struct {
		name  string
		spoil func(*money.Document)
		field string
		line  int
	}{
		{"no currency", func(d *money.Document) { d.Rules.Currency = "" }, "rules.currency", 0},
		{"small currency letters", func(d *money.Document) { d.Rules.Currency = "cad" }, "rules.currency", 0},
		{"currency without cents", func(d *money.Document) { d.Rules.Currency = "JPY" }, "rules.currency", 0},
		{"unknown mode", func(d *money.Document) { d.Rules.Mode = "nearest" }, "rules.mode", 0},
		{"unknown scope", func(d *money.Document) { d.Rules.Scope = "shop" }, "rules.scope", 0},
		{"unknown cash mode", func(d *money.Document) { d.Rules.CashMode = "nearest" }, "rules.cash_mode", 0},
		{"negative cash step", func(d *money.Document) { d.Rules.CashStep = -5 }, "rules.cash_step", 0},
		{"absurd cash step", func(d *money.Document) { d.Rules.CashStep = 1_000_00 }, "rules.cash_step", 0},
		{"no pieces", func(d *money.Document) { d.Lines[1].Qty = 0 }, "qty", 2},
		{"too many pieces", func(d *money.Document) { d.Lines[1].Qty = 10_001 }, "qty", 2},
		{"too many returns", func(d *money.Document) { d.Lines[1].Qty = -10_001 }, "qty", 2},
		{"absurd price", func(d *money.Document) { d.Lines[0].Unit = money.MaxUnit + 1 }, "unit", 1},
		{"absurd negative price", func(d *money.Document) { d.Lines[0].Unit = -money.MaxUnit - 1 }, "unit", 1},
		{"percent and amount", func(d *money.Document) { d.Lines[0].Discount = money.Discount{PPM: 1, Amount: 1} }, "discount", 1},
		{"discount above 100 %", func(d *money.Document) { d.Lines[0].Discount.PPM = 1_000_001 }, "discount.ppm", 1},
		{"negative percent", func(d *money.Document) { d.Lines[0].Discount.PPM = -1 }, "discount.ppm", 1},
		{"negative discount", func(d *money.Document) { d.Lines[0].Discount.Amount = -1 }, "discount.amount", 1},
		{"discount above the line", func(d *money.Document) { d.Lines[0].Discount.Amount = 10_01 }, "discount.amount", 1},
		{"order discount above the order", func(d *money.Document) { d.Discount.Amount = 15_01 }, "discount.amount", 0},
		{"negative order percent", func(d *money.Document) { d.Discount.PPM = -1 }, "discount.ppm", 0},
		{"rate above 100 %", func(d *money.Document) { d.Lines[1].Taxes = []money.Rate{vat(101)} }, "taxes.ppm", 2},
		{"negative rate", func(d *money.Document) { d.Lines[1].Taxes = []money.Rate{vat(-1)} }, "taxes.ppm", 2},
		{"tax without a code", func(d *money.Document) { d.Lines[1].Taxes = []money.Rate{{PPM: 1}} }, "taxes.code", 2},
		{"same tax twice on a line", func(d *money.Document) { d.Lines[1].Taxes = []money.Rate{gst, gst} }, "taxes.code", 2},
		{"too many taxes on a line", func(d *money.Document) { d.Lines[1].Taxes = make([]money.Rate, money.MaxRates+1) }, "taxes", 2},
		{"too many lines", func(d *money.Document) { d.Lines = make([]money.Line, money.MaxLines+1) }, "lines", 0},
		{"too many different taxes", func(d *money.Document) { d.Lines = differentTaxes(money.MaxTaxes + 1) }, "taxes", 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			doc := money.Document{Rules: rules(false, "", ""), Lines: []money.Line{line(1, 10_00, gst), line(1, 5_00, gst)}}
			tt.spoil(&doc)
			_, err := money.Compute(doc)
			var limit *money.LimitError
			if !errors.As(err, &limit) {
				t.Fatalf("got error %v, want a LimitError", err)
			}
			if limit.Field != tt.field || limit.Line != tt.line || limit.Hint == "" || limit.Value == "" {
				t.Errorf("got %+v, want field %s, line %d, a value and a hint", limit, tt.field, tt.line)
			}
			if !strings.Contains(err.Error(), limit.Hint) {
				t.Errorf("%q does not say the hint %q", err, limit.Hint)
			}
		})
	}
}

func differentTaxes(n int) []money.Line {
	lines := make([]money.Line, n)
	for i := range lines {
		lines[i] = line(1, 1_00, money.Rate{Code: "T", PPM: int64(i)})
	}
	return lines
}

// The names in JSON are stored on sales and may not change.
func TestTotalsJSON(t *testing.T) {
	totals, err := money.Compute(money.Document{Rules: rules(false, "", ""), Lines: []money.Line{line(1, 10_00, gst)}})
	if err != nil {
		t.Fatal(err)
	}
	got, err := json.Marshal(totals)
	if err != nil {
		t.Fatal(err)
	}
	want := `{"lines":[{"gross":1000,"discount":0,"order_discount":0,"price":1000,"net":1000,` +
		`"tax":[{"code":"GST","name":"GST","ppm":50000,"base":1000,"tax":50}],"total":1050}],` +
		`"gross":1000,"discount":0,"net":1000,` +
		`"tax":[{"code":"GST","name":"GST","ppm":50000,"base":1000,"tax":50}],"tax_sum":50,"total":1050}`
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("JSON (-want +got):\n%s", diff)
	}
}
