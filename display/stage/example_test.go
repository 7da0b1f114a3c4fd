package stage_test

import (
	"fmt"

	"kickstand/device/flow"
	"kickstand/display/raster"
	"kickstand/display/scene"
	"kickstand/display/stage"
)

// A test shows a view and taps it by its ids, with no window.
func Example() {
	painter, err := raster.New(raster.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	panel, _ := scene.PanelNamed(scene.Panel10)
	s, err := stage.New(stage.Config{
		Panel:   panel,
		Painter: painter,
		OnTap:   func(id string) { fmt.Println("tapped", id) },
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	s.Show(flow.View{
		Screen:  flow.ScreenSale,
		Title:   "Sale",
		Cart:    &flow.Cart{},
		Buttons: []flow.Button{{ID: "park", Label: "Park", Enabled: true}},
	})
	if err := s.TapID("park"); err != nil {
		fmt.Println(err)
	}
	fmt.Println(s.TapID("pay"))
	// Output:
	// tapped park
	// there is no "pay" on the screen "sale"
}
