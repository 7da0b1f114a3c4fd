//go:build x11

package main_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestWindowSellsByTouch rings up a sale in the kiosk's real window: every tap
// is a pointer press that xdotool makes on the X screen.
func TestWindowSellsByTouch(t *testing.T) {
	if os.Getenv("DISPLAY") == "" {
		t.Fatal("needs an X screen: demo --xvfb -- go test -tags x11 …")
	}
	s := openShop(t)
	c := exec.Command("go", "build", "-o", filepath.Join(s.bin, "window"), "./device/cmd/kiosk")
	c.Dir = "../../.."
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("build the kiosk with its window: %v\n%s", err, out)
	}
	k := s.tillOf("window", "counter-1", "counter", "C1")
	var window string
	await(t, "the window is up", func() bool {
		out, err := exec.Command("xdotool", "search", "--onlyvisible", "--name", "Kickstand counter-1").Output()
		window = strings.TrimSpace(string(out))
		return err == nil && window != ""
	})
	k.scan(s.articles()[0].Code)
	k.touch(window, "operator")
	await(t, "people to choose from", func() bool { _, ok := k.scene().first("operator:"); return ok })
	who, _ := k.scene().first("operator:")
	k.touch(window, who.ID)
	k.touch(window, "pay")
	await(t, "the payment", func() bool { return k.scene().Screen == "pay" })
	quick, _ := k.scene().first("cash:")
	k.touch(window, quick.ID)
	await(t, "the sale is done", func() bool { return k.scene().Screen == "done" })
	await(t, "the receipt is printed", func() bool { return len(k.complete()) == 1 })
	await(t, "the hub has it", func() bool { return k.state().Outbox == 0 && s.count("SELECT count(*) AS n FROM sales") == 1 })
	k.stop()
}

// touch presses the middle of a node with the pointer until the scene shows
// that it was taken.
func (k *till) touch(window, id string) {
	k.t.Helper()
	await(k.t, id+" is there", func() bool { _, ok := k.scene().node(id); return ok })
	before := k.scene()
	n, _ := before.node(id)
	x, y := n.Rect.X+n.Rect.W/2, n.Rect.Y+n.Rect.H/2
	out, err := exec.Command("xdotool", "mousemove", "--window", window, fmt.Sprint(x), fmt.Sprint(y), "click", "1").CombinedOutput()
	if err != nil {
		k.t.Fatalf("xdotool: %v\n%s", err, out)
	}
	await(k.t, "the tap on "+id+" is taken", func() bool { return k.scene().Version != before.Version })
}
