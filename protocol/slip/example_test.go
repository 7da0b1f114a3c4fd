package slip_test

import (
	"fmt"

	"kickstand/protocol"
	"kickstand/protocol/money"
	"kickstand/protocol/slip"
)

// A receipt is lines of plain parts; whoever prints or draws it sets them.
func ExampleBuild() {
	sale := &protocol.Sale{
		Slip: "K3-000123", Name: "Ann", Shop: protocol.Letterhead{Name: "Demo Cycles"},
		Rules:    money.Rules{Currency: "CAD"},
		Lines:    []protocol.SaleLine{{N: 1, Name: "Bell", Money: money.Line{Qty: 1, Unit: 14_00}}},
		Totals:   money.Totals{Lines: []money.LineTotal{{Gross: 14_00, Price: 14_00}}, Total: 14_00},
		Payments: []protocol.Payment{{Tender: protocol.Cash, Amount: 14_00, Tendered: 20_00, Change: 6_00}},
	}
	for _, l := range slip.Build(sale, 0, "").Lines {
		if l.Right != "" {
			fmt.Printf("%s | %s\n", l.Left, l.Right)
		}
	}
	// Output:
	// Receipt | K3-000123
	// Date | 1970-01-01 00:00
	// Served by | Ann
	// Bell | 14.00
	// Subtotal | 14.00
	// TOTAL CAD | 14.00
	// Cash | 20.00
	// Change | 6.00
}
