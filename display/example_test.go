//go:build x11

package display_test

import (
	"context"
	"fmt"
	"os"
	"os/signal"

	"kickstand/device/flow"
	"kickstand/display"
	"kickstand/display/raster"
	"kickstand/display/scene"
	"kickstand/display/stage"
)

// Show a screen until Ctrl-C. The stage's taps would go to the device.
func Example() {
	painter, err := raster.New(raster.Options{System: os.DirFS("/usr/share/fonts")})
	if err != nil {
		fmt.Println(err)
		return
	}
	panel, _ := scene.PanelNamed(scene.Panel7)
	st, err := stage.New(stage.Config{Panel: panel, Painter: painter, OnTap: func(id string) { fmt.Println("tapped", id) }})
	if err != nil {
		fmt.Println(err)
		return
	}
	st.Show(flow.View{Screen: flow.ScreenAttract, Attract: &flow.Attract{Shop: "Demo Cycles", Invite: "Scan an item to begin"}})

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := display.Run(ctx, display.Window{Stage: st, Title: "Kickstand", Fullscreen: true, HideCursor: true}); err != nil {
		fmt.Println(err)
	}
}
