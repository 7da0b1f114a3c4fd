package money_test

import (
	"testing"

	"kickstand/protocol/money"
)

// BenchmarkCompute is a basket of ten lines with two taxes and an order discount.
func BenchmarkCompute(b *testing.B) {
	for _, scope := range []money.Scope{money.PerLine, money.PerDocument} {
		b.Run(string(scope), func(b *testing.B) {
			doc := money.Document{Rules: rules(true, "", scope), Discount: money.Discount{PPM: 50_000}}
			for i := range 10 {
				taxes := []money.Rate{gst, pst}[:1+i%2]
				doc.Lines = append(doc.Lines, line(int64(1+i%3), cents(int64(9_99+i*137)), taxes...))
			}
			b.ReportAllocs()
			for b.Loop() {
				if _, err := money.Compute(doc); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
