package stage

import (
	"errors"
	"image"
	"slices"
	"sync"
	"time"

	"kickstand/device/flow"
	"kickstand/display/raster"
	"kickstand/display/scene"
)

// Config is what a Stage is made of. Panel and Painter are required. OnTap and
// OnType may take their time, but must return when the program ends: a window
// waits for them.
type Config struct {
	Panel   scene.Panel
	Prefs   scene.Prefs
	Painter *raster.Painter
	OnTap   func(id string)   // nil ignores taps
	OnType  func(text string) // nil ignores the keyboard
	Now     func() time.Time  // nil is time.Now
}

// Stage is one screen.
type Stage struct {
	cfg   Config
	start time.Time

	in struct {
		sync.Mutex
		view    flow.View
		prefs   scene.Prefs
		seq     uint64        // of view and prefs; 0 before the first view
		changed chan struct{} // closed by the next change
	}

	// glass is all that looking and touching work on. Its lock is taken before
	// that of in, never after.
	glass struct {
		sync.Mutex
		ui      scene.UI
		touched bool   // ui changed since the layout
		seq     uint64 // of what list shows
		list    scene.List
		version uint64
		img     *image.RGBA
		painted scene.List
		patient time.Duration // by how much the stage's clock is ahead
	}
}

// New returns a dark stage; it stays so until the first Show.
func New(cfg Config) (*Stage, error) {
	if cfg.Painter == nil || cfg.Panel.W <= 0 || cfg.Panel.H <= 0 {
		return nil, errors.New("a stage needs a painter and a panel with a size")
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	s := &Stage{cfg: cfg, start: cfg.Now()}
	s.in.prefs = cfg.Prefs
	s.in.changed = make(chan struct{})
	s.glass.list = scene.List{W: cfg.Panel.W, H: cfg.Panel.H, PxPerMM: cfg.Panel.PxPerMM}
	return s, nil
}

// Panel is the panel the stage lays out for.
func (s *Stage) Panel() scene.Panel { return s.cfg.Panel }

// Show makes v the view. The caller must not change what v points to.
func (s *Stage) Show(v flow.View) {
	s.in.Lock()
	defer s.in.Unlock()
	s.in.view = v
	s.in.seq++
	s.tell()
}

// SetPrefs changes how the screens look from now on.
func (s *Stage) SetPrefs(p scene.Prefs) {
	s.in.Lock()
	defer s.in.Unlock()
	if p == s.in.prefs || s.in.seq == 0 {
		s.in.prefs = p
		return
	}
	s.in.prefs = p
	s.in.seq++
	s.tell()
}

// Changed returns a channel that is closed when the screen may look different
// from now on. To miss nothing take the channel first, then look, then wait.
func (s *Stage) Changed() <-chan struct{} {
	s.in.Lock()
	defer s.in.Unlock()
	return s.in.changed
}

// tell wakes all who wait. The lock of in is held.
func (s *Stage) tell() {
	close(s.in.changed)
	s.in.changed = make(chan struct{})
}

// layout brings the list up to date. The lock of glass is held.
func (s *Stage) layout() {
	s.in.Lock()
	view, prefs, seq := s.in.view, s.in.prefs, s.in.seq
	s.in.Unlock()
	g := &s.glass
	if seq == 0 || seq == g.seq && !g.touched {
		return
	}
	l := scene.Layout(view, s.cfg.Panel, prefs, s.cfg.Painter, g.ui)
	g.seq, g.touched, g.ui.Scroll = seq, false, l.Scroll
	if !same(l, g.list) {
		g.list = l
		g.version++
	}
}

// same reports whether two lists show the same.
func same(a, b scene.List) bool {
	return a.Screen == b.Screen && a.W == b.W && a.H == b.H && a.Scroll == b.Scroll &&
		slices.Equal(a.Ops, b.Ops) && slices.Equal(a.Nodes, b.Nodes)
}

// paint brings the image up to date. The lock of glass is held.
func (s *Stage) paint() {
	s.layout()
	g := &s.glass
	if g.img == nil {
		g.img = image.NewRGBA(image.Rect(0, 0, g.list.W, g.list.H))
	}
	s.cfg.Painter.PaintRects(g.img, g.list, raster.Diff(g.painted, g.list))
	g.painted = g.list
}
