package scene_test

import (
	"fmt"

	"kickstand/device/flow"
	"kickstand/display/raster"
	"kickstand/display/scene"
)

func Example() {
	fonts, err := raster.New(raster.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	panel, _ := scene.PanelNamed(scene.Panel10)
	view := flow.View{
		Screen: flow.ScreenPrice, Kiosk: true, Currency: "CAD",
		Price:   &flow.Price{Name: "Brass bell", Price: 34_00, Tax: "plus tax"},
		Buttons: []flow.Button{{ID: "back", Label: "Done", Icon: "back", Enabled: true}},
	}
	list := scene.Layout(view, panel, scene.Prefs{}, fonts, scene.UI{})
	price, _ := list.Find("price")
	fmt.Println(price.Label, price.Value)

	back, _ := list.Find("back")
	x, y := back.Rect.X+back.Rect.W/2, back.Rect.Y+back.Rect.H/2
	ui, _ := scene.UI{}.Pointer(list, scene.Pointer{Kind: scene.Press, X: x, Y: y})
	fmt.Println("pressed", ui.Pressed)
	_, id := ui.Pointer(list, scene.Pointer{Kind: scene.Release, X: x, Y: y, At: 80})
	fmt.Println("tapped", id)

	// Output:
	// Price $34.00
	// pressed back
	// tapped back
}
