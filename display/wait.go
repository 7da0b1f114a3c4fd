package display

import "github.com/hajimehoshi/ebiten/v2"

// This file holds the two calls that Ebitengine has marked for removal
// (hajimehoshi/ebiten issues 2338 and 2342). What replaces them keeps polling:
// 30 ms of CPU time a second for a screen that stands still, against none.

// waitForEvents makes the window sleep until an event or wake.
func waitForEvents() {
	//lint:ignore SA1019 see above
	ebiten.SetFPSMode(ebiten.FPSModeVsyncOffMinimum)
}

// wake makes a sleeping window run one frame. Any goroutine may call it while
// the window runs.
func wake() {
	//lint:ignore SA1019 see above
	ebiten.ScheduleFrame()
}
