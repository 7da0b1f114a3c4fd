package flow_test

import (
	"fmt"

	"kickstand/device/flow"
	"kickstand/protocol"
	"kickstand/protocol/catalogue"
	"kickstand/protocol/money"
)

// One scan at a counter, from the start of the process to the total on the
// screen. A runtime does the same with real clocks, and carries the effects out.
func Example() {
	bell := catalogue.Item{ID: "bell", Name: "Bell", Barcodes: []string{"0036000291452"}, Price: 14_00, OnHand: 5}
	state := flow.New(protocol.Counter, "C1")
	for i, happening := range []flow.Happening{
		flow.Booted{},
		flow.SettingsChanged{Settings: protocol.Settings{
			Version: 1, Rules: money.Rules{Currency: "CAD", CashStep: 5, CashOnly: true},
			Operators: []protocol.Operator{{ID: "ann", Name: "Ann"}},
		}},
		flow.CatalogueChanged{Index: catalogue.Build(1, []catalogue.Item{bell})},
		flow.Tapped{ID: "operator"},
		flow.Tapped{ID: "operator:ann"},
		flow.Scanned{Code: "0036000291452"},
	} {
		event := flow.Event{MonoMS: int64(i) * 1000, NewID: fmt.Sprint("id", i), Is: happening}
		state, _ = flow.Step(state, event)
	}
	view := state.View()
	fmt.Println(view.Screen, view.Cart.Lines[0].Name, view.Cart.Total)
	// Output: sale Bell 14.00
}
