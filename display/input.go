package display

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"

	"kickstand/display/scene"
)

// input reads the window's events on an X connection of our own.
//
// Button presses can be selected by one client only, and on the window that is
// GLFW. So an invisible (InputOnly) child window lies over it, and the events
// of that are ours: every press and every release, in order, each with its
// place. Keys are selected on the window itself, which several clients may do.
type input struct {
	conn   *xgb.Conn
	parent xproto.Window // Ebitengine's window
	fit    fit
	keys   keymap
	down   bool // the first button is pressed
}

// errNoWindow says that our window did not appear on the X server.
var errNoWindow = errors.New("the window is not on the X server")

// openInput finds our window and lays the pane over it.
func openInput(ctx context.Context) (*input, error) {
	conn, err := xgb.NewConn()
	if err != nil {
		return nil, fmt.Errorf("connect to the X server: %w", err)
	}
	in := &input{conn: conn}
	if err := in.open(ctx); err != nil {
		conn.Close()
		return nil, err
	}
	return in, nil
}

func (in *input) open(ctx context.Context) error {
	w, err := in.await(ctx)
	if err != nil {
		return err
	}
	in.parent = w
	const mask = xproto.EventMaskKeyPress | xproto.EventMaskStructureNotify | xproto.EventMaskExposure
	if err := xproto.ChangeWindowAttributesChecked(in.conn, w, xproto.CwEventMask, []uint32{mask}).Check(); err != nil {
		return fmt.Errorf("select the window's events: %w", err)
	}
	if err := in.pane(); err != nil {
		return fmt.Errorf("lay a pane over the window: %w", err)
	}
	g, err := xproto.GetGeometry(in.conn, xproto.Drawable(w)).Reply()
	if err != nil {
		return fmt.Errorf("ask for the window's size: %w", err)
	}
	in.fit.w, in.fit.h = int(g.Width), int(g.Height)
	in.keys, err = readKeymap(in.conn)
	return err
}

// pane makes the invisible child. It is larger than any window and cut by its
// parent, so it need not follow a change of size.
func (in *input) pane() error {
	id, err := xproto.NewWindowId(in.conn)
	if err != nil {
		return err
	}
	const (
		side   = 16384
		events = xproto.EventMaskButtonPress | xproto.EventMaskButtonRelease | xproto.EventMaskButton1Motion
	)
	err = xproto.CreateWindowChecked(in.conn, 0, id, in.parent, 0, 0, side, side, 0,
		xproto.WindowClassInputOnly, 0, xproto.CwEventMask|xproto.CwDontPropagate,
		[]uint32{events, xproto.EventMaskPointerMotion}).Check()
	if err != nil {
		return err
	}
	return xproto.MapWindowChecked(in.conn, id).Check()
}

// await looks for our window until it is there, for at most ten seconds.
func (in *input) await(ctx context.Context) (xproto.Window, error) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	pid, err := xproto.InternAtom(in.conn, false, uint16(len("_NET_WM_PID")), "_NET_WM_PID").Reply()
	if err != nil {
		return 0, fmt.Errorf("ask for the property of process ids: %w", err)
	}
	root := xproto.Setup(in.conn).DefaultScreen(in.conn).Root
	again := time.NewTicker(20 * time.Millisecond)
	defer again.Stop()
	for {
		if w, ok := in.find(root, pid.Atom, 3); ok {
			return w, nil
		}
		select {
		case <-again.C:
		case <-ctx.Done():
			return 0, errNoWindow
		}
	}
}

// find searches the children of w, depth levels down (a window manager puts
// frames around windows), for a visible window of this process.
func (in *input) find(w xproto.Window, pid xproto.Atom, depth int) (xproto.Window, bool) {
	tree, err := xproto.QueryTree(in.conn, w).Reply()
	if err != nil {
		return 0, false // w has just gone
	}
	for _, c := range tree.Children {
		if in.isOurs(c, pid) {
			return c, true
		}
		if depth > 1 {
			if found, ok := in.find(c, pid, depth-1); ok {
				return found, true
			}
		}
	}
	return 0, false
}

// isOurs reports whether w is visible and belongs to this process.
func (in *input) isOurs(w xproto.Window, pid xproto.Atom) bool {
	p, err := xproto.GetProperty(in.conn, false, w, pid, xproto.AtomCardinal, 0, 1).Reply()
	if err != nil || len(p.Value) != 4 || int(xgb.Get32(p.Value)) != os.Getpid() {
		return false
	}
	a, err := xproto.GetWindowAttributes(in.conn, w).Reply()
	return err == nil && a.MapState == xproto.MapStateViewable
}

// run hands events to g until ctx ends or the window is gone.
func (in *input) run(ctx context.Context, g *game) error {
	stop := context.AfterFunc(ctx, in.conn.Close)
	defer func() {
		if stop() {
			in.conn.Close()
		}
	}()
	for {
		ev, xerr := in.conn.WaitForEvent()
		if ev == nil && xerr == nil {
			if ctx.Err() != nil {
				return nil
			}
			return errors.New("the X server closed the connection for input")
		}
		if _, gone := ev.(xproto.DestroyNotifyEvent); gone {
			return nil
		}
		in.handle(ev, g)
	}
}

// handle turns one event into input.
func (in *input) handle(ev xgb.Event, g *game) {
	switch e := ev.(type) {
	case xproto.ButtonPressEvent:
		if e.Detail == xproto.ButtonIndex1 && !in.down {
			in.down = true
			in.point(g, scene.Press, e.EventX, e.EventY)
		}
	case xproto.ButtonReleaseEvent:
		if e.Detail == xproto.ButtonIndex1 && in.down {
			in.down = false
			in.point(g, scene.Release, e.EventX, e.EventY)
		}
	case xproto.MotionNotifyEvent:
		if in.down {
			in.point(g, scene.Move, e.EventX, e.EventY)
		}
	case xproto.KeyPressEvent:
		if text := in.keys.text(e.Detail, e.State); text != "" {
			g.stage.Type(text)
		}
	case xproto.MappingNotifyEvent:
		if keys, err := readKeymap(in.conn); err == nil {
			in.keys = keys
		}
	case xproto.ConfigureNotifyEvent:
		if e.Window == in.parent {
			in.fit.w, in.fit.h = int(e.Width), int(e.Height)
		}
	case xproto.ExposeEvent:
		if e.Count == 0 {
			g.expose()
		}
	}
}

// point reports a place in pixels of the panel.
func (in *input) point(g *game, kind scene.PointerKind, x, y int16) {
	px, py := in.fit.panel(g.stage.Panel(), int(x), int(y))
	g.stage.Pointer(kind, px, py)
}

// fit is how the panel lies in the window: as large as it can, in the middle.
type fit struct{ w, h int }

// panel turns a place in the window into one on the panel.
func (f fit) panel(p scene.Panel, x, y int) (int, int) {
	if f.w <= 0 || f.h <= 0 {
		return x, y
	}
	scale := min(float64(f.w)/float64(p.W), float64(f.h)/float64(p.H))
	left, top := (float64(f.w)-float64(p.W)*scale)/2, (float64(f.h)-float64(p.H)*scale)/2
	return int((float64(x) - left) / scale), int((float64(y) - top) / scale)
}
