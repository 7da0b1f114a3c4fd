//go:build x11

package display_test

import (
	"fmt"
	"image"
	"testing"
	"time"

	"kickstand/display/scene"
	"kickstand/display/stage"
)

// middle is where the node lies on the panel.
func middle(t testing.TB, st *stage.Stage, id string) image.Point {
	t.Helper()
	for _, n := range st.Scene().Nodes {
		if n.ID == id {
			return image.Pt(n.Rect.X+n.Rect.W/2, n.Rect.Y+n.Rect.H/2)
		}
	}
	t.Fatalf("no node %q on the screen", id)
	return image.Point{}
}

// show opens a window and waits until its frame stands on the screen.
func show(t testing.TB, how string) (*window, *xserver, *stage.Stage, image.Point) {
	t.Helper()
	st, err := newStage(nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	x := connect(t)
	w := open(t, how)
	at := x.await(t, st.Frame())
	t.Logf("first frame seen after %v", time.Since(w.start).Round(time.Millisecond))
	return w, x, st, at
}

// TestFrame holds the window to the rasteriser's pixels, byte by byte.
func TestFrame(t *testing.T) {
	show(t, "still")
}

// TestShortTaps sends taps of no length at all, faster than any frame.
func TestShortTaps(t *testing.T) {
	w, x, st, at := show(t, "still")
	x.settle(t, w, at.Add(middle(t, st, "park")))
	const taps = 200
	for range taps {
		x.button(true)
		x.button(false)
	}
	for range taps {
		w.next(t, "tap")
	}
}

// TestHeldTaps sends taps as a finger does, and wants to see the pressed look
// while the finger is down.
func TestHeldTaps(t *testing.T) {
	w, x, st, at := show(t, "still")
	p := middle(t, st, "park")
	x.settle(t, w, at.Add(p))
	st.Pointer(scene.Press, p.X, p.Y)
	pressed := st.Frame()
	for range 20 {
		x.button(true)
		x.await(t, pressed)
		x.button(false)
		if got := w.next(t, "tap"); got != "park" {
			t.Fatalf("tapped park, the window says %q", got)
		}
	}
}

// settle taps until the window has answered once: its input opens a moment
// after its first frame.
func (x *xserver) settle(t testing.TB, w *window, p image.Point) {
	t.Helper()
	x.move(p.X, p.Y)
	again := time.NewTicker(300 * time.Millisecond)
	defer again.Stop()
	late := time.After(10 * time.Second)
	for {
		x.button(true)
		x.button(false)
		x.sync()
		select {
		case <-w.lines:
			return
		case <-again.C:
		case <-late:
			t.Fatal("the window takes no taps")
		}
	}
}

// TestKeys types on a keyboard; a code with its Enter may come in one burst.
func TestKeys(t *testing.T) {
	w, x, st, at := show(t, "still")
	x.settle(t, w, at.Add(middle(t, st, "park")))
	x.focus(t)
	for _, code := range []byte{10, 11, 38, 22, 36, 9} { // 1 2 a Backspace Return Escape on any PC keyboard
		x.key(code)
	}
	x.shifted(11, 38)
	for _, want := range []string{`"1"`, `"2"`, `"a"`, `"\b"`, `"\n"`, `"\x1b"`, `"@"`, `"A"`} {
		if got := w.next(t, "type"); got != want {
			t.Errorf("want %s, got %s", want, got)
		}
	}
}

// TestFullscreen taps in a window that is larger than the panel.
func TestFullscreen(t *testing.T) {
	st, err := newStage(nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	x := connect(t)
	w := open(t, "wide")
	size := x.size()
	panel := st.Panel()
	scale := min(float64(size.X)/float64(panel.W), float64(size.Y)/float64(panel.H))
	p := middle(t, st, "park")
	x.settle(t, w, image.Pt(
		int((float64(size.X)-float64(panel.W)*scale)/2+float64(p.X)*scale),
		int((float64(size.Y)-float64(panel.H)*scale)/2+float64(p.Y)*scale),
	))
}

// TestChange brings a new view to the screen without any input.
func TestChange(t *testing.T) {
	w, x, st, _ := show(t, "still")
	for _, clock := range []string{"14:06", "14:07", "15:00"} {
		fmt.Fprintln(w.stdin, clock)
		st.Show(sale(clock))
		x.await(t, st.Frame())
	}
}

// TestUncovered repairs what another window lay over.
func TestUncovered(t *testing.T) {
	_, x, st, at := show(t, "still")
	for range 6 { // Ebitengine itself repeats the last frame four times
		x.cover(t, image.Rect(100, 100, 500, 400).Add(at))()
		x.await(t, st.Frame())
	}
}

// TestClosed ends well when somebody closes the window.
func TestClosed(t *testing.T) {
	w, x, st, _ := show(t, "still")
	x.close(t, st.Frame().Rect.Size())
	for range w.lines { // ends when the window has
	}
	if err := w.cmd.Wait(); err != nil {
		t.Error(err)
	}
}
