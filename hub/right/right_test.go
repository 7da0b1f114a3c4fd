package right_test

import (
	"fmt"
	"slices"
	"testing"

	"kickstand/hub/right"
)

func Example() {
	fmt.Println(right.May(right.Sales, right.Receive), right.May(right.Sales, right.Prices))
	fmt.Println(right.Who(right.Receive))
	// Output:
	// true false
	// the owner, a service lead or sales staff
}

func TestNobodyHasARightByMistake(t *testing.T) {
	all := []right.Action{
		right.Items, right.Prices, right.Taxes, right.Stock, right.Receive, right.Count, right.Findings, right.Staff, right.Self,
		right.See, right.Customers, right.Merge, right.Export, right.Erase, right.Bundle, right.Settings,
	}
	mechanic := []right.Action{right.Self, right.See, right.Customers}
	for _, a := range all {
		if !right.May(right.Owner, a) {
			t.Errorf("the owner may not %s", a)
		}
		for _, role := range []string{"", "Owner", "admin", "service lead "} {
			if right.May(role, a) {
				t.Errorf("%q may %s", role, a)
			}
		}
		if right.May(right.Mechanic, a) != slices.Contains(mechanic, a) {
			t.Errorf("a mechanic and %s: %v", a, right.May(right.Mechanic, a))
		}
		if right.May(right.Junior, a) && a != right.Self {
			t.Errorf("a junior may %s", a)
		}
	}
	if right.May(right.Owner, "fly") || right.Who("fly") != "nobody" {
		t.Error("an action that is not listed is allowed")
	}
}
