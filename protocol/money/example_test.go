package money_test

import (
	"fmt"

	"kickstand/protocol/money"
)

// A light and a tube in British Columbia, paid in cash.
func Example() {
	table, err := money.TableByName("ca-bc")
	if err != nil {
		fmt.Println(err)
		return
	}
	accessory, _ := table.Taxes("accessory")
	part, _ := table.Taxes("part")
	totals, err := money.Compute(money.Document{
		Rules: table.Rules,
		Lines: []money.Line{
			{Qty: 1, Unit: 49_95, Taxes: accessory},
			{Qty: 2, Unit: 8_99, Taxes: part, Discount: money.Discount{PPM: 100_000}},
		},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, tax := range totals.Tax {
		fmt.Println(tax.Name, tax.Base, tax.Tax)
	}
	due, rounding := money.CashDue(totals.Total, table.Rules)
	change, _ := money.Change(due, 80_00)
	fmt.Println("total", totals.Total, "rounding", rounding, "due", due, "change", change)
	// Output:
	// GST 66.13 3.31
	// PST 49.95 3.50
	// total 72.94 rounding 0.01 due 72.95 change 7.05
}
