//go:build x11

package display_test

import (
	"bytes"
	"image"
	"testing"
	"time"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
	"github.com/jezek/xgb/xtest"
)

// xserver is a person before the screen: it looks and touches.
type xserver struct {
	conn *xgb.Conn
	root xproto.Window
}

func connect(t testing.TB) *xserver {
	t.Helper()
	conn, err := xgb.NewConn()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(conn.Close)
	if err := xtest.Init(conn); err != nil {
		t.Fatal(err)
	}
	return &xserver{conn: conn, root: xproto.Setup(conn).DefaultScreen(conn).Root}
}

// look returns what is on the screen in r.
func (x *xserver) look(t testing.TB, r image.Rectangle) *image.RGBA {
	t.Helper()
	got, err := xproto.GetImage(x.conn, xproto.ImageFormatZPixmap, xproto.Drawable(x.root),
		int16(r.Min.X), int16(r.Min.Y), uint16(r.Dx()), uint16(r.Dy()), 0xffffffff).Reply()
	if err != nil {
		t.Fatal(err)
	}
	img := image.NewRGBA(image.Rect(0, 0, r.Dx(), r.Dy()))
	for i := 0; i+3 < len(got.Data) && i < len(img.Pix); i += 4 {
		img.Pix[i], img.Pix[i+1], img.Pix[i+2], img.Pix[i+3] = got.Data[i+2], got.Data[i+1], got.Data[i], 255
	}
	return img
}

// await looks until the screen shows want in a window of its size, and returns
// where that is.
func (x *xserver) await(t testing.TB, want *image.RGBA) image.Point {
	t.Helper()
	again := time.NewTicker(50 * time.Millisecond)
	defer again.Stop()
	late := time.After(20 * time.Second)
	for {
		at, ok := x.locate(t, want.Rect.Size())
		if ok && bytes.Equal(want.Pix, x.look(t, want.Rect.Add(at)).Pix) {
			return at
		}
		select {
		case <-again.C:
		case <-late:
			t.Fatal("the screen never showed the frame of the rasteriser")
		}
	}
}

// locate finds the place of the window of this size.
func (x *xserver) locate(t testing.TB, size image.Point) (image.Point, bool) {
	t.Helper()
	_, at, ok := x.window(t, size)
	return at, ok
}

// window finds the window of this size.
func (x *xserver) window(t testing.TB, size image.Point) (xproto.Window, image.Point, bool) {
	t.Helper()
	tree, err := xproto.QueryTree(x.conn, x.root).Reply()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range tree.Children {
		g, err := xproto.GetGeometry(x.conn, xproto.Drawable(c)).Reply()
		if err == nil && int(g.Width) == size.X && int(g.Height) == size.Y {
			return c, image.Pt(int(g.X), int(g.Y)), true
		}
	}
	return 0, image.Point{}, false
}

// cover lays a window over r until the function it returns is called.
func (x *xserver) cover(t testing.TB, r image.Rectangle) (remove func()) {
	t.Helper()
	id, err := xproto.NewWindowId(x.conn)
	if err != nil {
		t.Fatal(err)
	}
	err = xproto.CreateWindowChecked(x.conn, xproto.WindowClassCopyFromParent, id, x.root,
		int16(r.Min.X), int16(r.Min.Y), uint16(r.Dx()), uint16(r.Dy()), 0,
		xproto.WindowClassInputOutput, 0, xproto.CwBackPixel|xproto.CwOverrideRedirect, []uint32{0xff0000, 1}).Check()
	if err != nil {
		t.Fatal(err)
	}
	if err := xproto.MapWindowChecked(x.conn, id).Check(); err != nil {
		t.Fatal(err)
	}
	return func() {
		if err := xproto.DestroyWindowChecked(x.conn, id).Check(); err != nil {
			t.Fatal(err)
		}
	}
}

// close asks the window of this size to close, as a window manager does.
func (x *xserver) close(t testing.TB, size image.Point) {
	t.Helper()
	w, _, _ := x.window(t, size)
	atom := func(name string) xproto.Atom {
		r, err := xproto.InternAtom(x.conn, false, uint16(len(name)), name).Reply()
		if err != nil {
			t.Fatal(err)
		}
		return r.Atom
	}
	ev := xproto.ClientMessageEvent{
		Format: 32, Window: w, Type: atom("WM_PROTOCOLS"),
		Data: xproto.ClientMessageDataUnionData32New([]uint32{uint32(atom("WM_DELETE_WINDOW")), 0, 0, 0, 0}),
	}
	if err := xproto.SendEventChecked(x.conn, false, w, 0, string(ev.Bytes())).Check(); err != nil {
		t.Fatal(err)
	}
}

// move, button and key send input as a device would.
func (x *xserver) move(px, py int) {
	xtest.FakeInput(x.conn, xproto.MotionNotify, 0, 0, x.root, int16(px), int16(py), 0)
}

func (x *xserver) button(down bool) {
	kind := byte(xproto.ButtonRelease)
	if down {
		kind = xproto.ButtonPress
	}
	xtest.FakeInput(x.conn, kind, 1, 0, x.root, 0, 0, 0)
}

func (x *xserver) key(code byte) {
	xtest.FakeInput(x.conn, xproto.KeyPress, code, 0, x.root, 0, 0, 0)
	xtest.FakeInput(x.conn, xproto.KeyRelease, code, 0, x.root, 0, 0, 0)
}

// shifted presses keys while the left Shift is down.
func (x *xserver) shifted(codes ...byte) {
	const shift = 50
	xtest.FakeInput(x.conn, xproto.KeyPress, shift, 0, x.root, 0, 0, 0)
	for _, code := range codes {
		x.key(code)
	}
	xtest.FakeInput(x.conn, xproto.KeyRelease, shift, 0, x.root, 0, 0, 0)
}

// sync waits until the server has done all that was asked.
func (x *xserver) sync() { x.conn.Sync() }

// size is that of the screen.
func (x *xserver) size() image.Point {
	s := xproto.Setup(x.conn).DefaultScreen(x.conn)
	return image.Pt(int(s.WidthInPixels), int(s.HeightInPixels))
}

// focus gives the keyboard to whatever lies under the pointer, as a screen
// without a window manager does.
func (x *xserver) focus(t testing.TB) {
	t.Helper()
	err := xproto.SetInputFocusChecked(x.conn, xproto.InputFocusPointerRoot, xproto.InputFocusPointerRoot, xproto.TimeCurrentTime).Check()
	if err != nil {
		t.Fatal(err)
	}
}
