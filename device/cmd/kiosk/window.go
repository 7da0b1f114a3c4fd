//go:build !headless

package main

import (
	"context"

	"kickstand/display"
)

// showWindow shows the stage in a window until ctx ends or somebody closes it.
func showWindow(ctx context.Context, k *kiosk) error {
	return display.Run(ctx, display.Window{
		Stage: k.stage, Title: "Kickstand " + k.cfg.Device, Fullscreen: k.cfg.Full, HideCursor: k.cfg.Full, Log: k.log,
	})
}
