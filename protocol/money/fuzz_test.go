package money_test

import (
	"encoding/json"
	"errors"
	"testing"

	"kickstand/protocol/money"
)

func FuzzCompute(f *testing.F) {
	f.Add([]byte(`{"rules":{"currency":"CAD","scope":"document"},"lines":[{"qty":1,"unit":1000,"taxes":[{"code":"GST","ppm":50000}]}]}`))
	f.Add([]byte(`{"rules":{"currency":"CHF","included":true,"mode":"up"},"lines":[{"qty":-3,"unit":999,"discount":{"ppm":333333}},{"qty":10000,"unit":1000000000}],"discount":{"amount":7}}`))
	f.Add([]byte(`{"rules":{"currency":"EUR","included":true,"scope":"document","mode":"half-even"},"lines":[{"qty":1,"unit":1,"taxes":[{"code":"A","ppm":999983},{"code":"B","ppm":1}]},{"qty":1,"unit":5,"taxes":[{"code":"A","ppm":999983}]},{"qty":-1,"unit":7,"taxes":[{"code":"A","ppm":999983},{"code":"B","ppm":7}]}]}`))
	f.Add([]byte(`{"rules":{"currency":"CAD"},"lines":[{"qty":-9223372036854775808,"unit":-9223372036854775808,"discount":{"amount":-9223372036854775808}}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var doc money.Document
		if json.Unmarshal(data, &doc) != nil {
			return
		}
		totals, err := money.Compute(doc)
		if err != nil {
			var limit *money.LimitError
			if !errors.As(err, &limit) {
				t.Fatalf("got error %v, want a LimitError", err)
			}
			return
		}
		checkSums(t, doc, totals)
	})
}
