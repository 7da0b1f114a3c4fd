//go:build headless

package main

import "context"

// showWindow waits: this build has no window, only the workbench.
func showWindow(ctx context.Context, _ *kiosk) error {
	<-ctx.Done()
	return nil
}
