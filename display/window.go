package display

import (
	"context"
	"errors"
	"fmt"
	"image"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/hajimehoshi/ebiten/v2"

	"kickstand/display/stage"
)

// Window is what Run shows and how. Stage is required.
type Window struct {
	Stage      *stage.Stage
	Title      string
	Fullscreen bool
	HideCursor bool         // for a touch panel
	Log        *slog.Logger // nil is slog.Default
}

// Run opens the window and shows the stage in it until ctx ends or somebody
// closes the window; both return nil. It must be called on the main goroutine,
// once in a process.
func Run(ctx context.Context, w Window) error {
	if w.Stage == nil {
		return errors.New("a window needs a stage")
	}
	if w.Log == nil {
		w.Log = slog.Default()
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	g := newGame(w.Stage, stop)
	g.others.Go(func() { g.watch(ctx) })
	g.others.Go(func() { g.listen(ctx, w.Log) })

	prepare(w)
	err := ebiten.RunGameWithOptions(g, &ebiten.RunGameOptions{
		SingleThread:    true,
		X11ClassName:    "Kickstand",
		X11InstanceName: "kickstand",
	})
	stop()
	g.end()
	if err != nil {
		return fmt.Errorf("run the window: %w", err)
	}
	return g.failure()
}

// prepare sets what the window is to be like before it opens.
func prepare(w Window) {
	p := w.Stage.Panel()
	ebiten.SetWindowTitle(w.Title)
	ebiten.SetWindowSize(p.W, p.H)
	ebiten.SetWindowResizingMode(ebiten.WindowResizingModeEnabled)
	ebiten.SetWindowClosingHandled(true)
	ebiten.SetFullscreen(w.Fullscreen)
	ebiten.SetScreenClearedEveryFrame(false)
	ebiten.SetTPS(ebiten.SyncWithFPS)
	waitForEvents()
	if w.HideCursor {
		ebiten.SetCursorMode(ebiten.CursorModeHidden)
	}
}

// game is what Ebitengine runs: Update looks at the stage, Draw uploads.
type game struct {
	stage  *stage.Stage
	stop   context.CancelFunc
	others sync.WaitGroup // goroutines that may wake the window

	first   sync.Once     // guards up
	last    sync.Once     // guards gone
	up      chan struct{} // closed by the first Update, or when there will be none
	gone    chan struct{} // closed when no frame follows
	begun   chan struct{} // of one place: an Update has begun
	closing atomic.Bool   // set by watch when the context has ended
	reload  atomic.Bool   // the next Draw is to upload everything
	exposed chan struct{} // of one place: the X server lost pixels of the window
	err     atomic.Pointer[error]

	mirror stage.Mirror
	dirty  []image.Rectangle
	pixels []byte // of one rectangle, reused
}

func newGame(s *stage.Stage, stop context.CancelFunc) *game {
	return &game{
		stage: s, stop: stop,
		up: make(chan struct{}), gone: make(chan struct{}), begun: make(chan struct{}, 1),
		exposed: make(chan struct{}, 1),
	}
}

// end waits for the goroutines; no frame follows.
func (g *game) end() {
	g.first.Do(func() { close(g.up) })
	g.last.Do(func() { close(g.gone) })
	g.others.Wait()
}

// Layout fixes the size of the screen; Ebitengine scales it into the window.
func (g *game) Layout(int, int) (int, int) {
	p := g.stage.Panel()
	return p.W, p.H
}

// Update brings the mirror up to date, or ends the window when it is time. It
// waits for the goroutines then: none may wake a window that is gone.
func (g *game) Update() error {
	g.first.Do(func() { close(g.up) })
	select {
	case g.begun <- struct{}{}:
	default:
	}
	if ebiten.IsWindowBeingClosed() {
		g.stop()
	}
	if g.closing.Load() {
		g.end()
		return ebiten.Termination
	}
	g.dirty = append(g.dirty, g.stage.Update(&g.mirror)...)
	if g.reload.Swap(false) {
		g.dirty = []image.Rectangle{g.mirror.Image.Rect}
	}
	return nil
}

// Draw uploads the rectangles that changed. The screen keeps all others.
func (g *game) Draw(screen *ebiten.Image) {
	for _, r := range g.dirty {
		screen.SubImage(r).(*ebiten.Image).WritePixels(g.pack(r))
	}
	g.dirty = g.dirty[:0]
}

// pack puts the rows of r one after the other, as an upload wants them.
func (g *game) pack(r image.Rectangle) []byte {
	g.pixels = g.pixels[:0]
	img := g.mirror.Image
	for y := r.Min.Y; y < r.Max.Y; y++ {
		g.pixels = append(g.pixels, img.Pix[img.PixOffset(r.Min.X, y):img.PixOffset(r.Max.X, y)]...)
	}
	return g.pixels
}

// watch wakes the window whenever the stage may look different, and a last time
// at the end of ctx.
func (g *game) watch(ctx context.Context) {
	select {
	case <-g.up:
	case <-ctx.Done():
		g.closing.Store(true)
		<-g.up
	}
	for {
		changed := g.stage.Changed()
		g.rouse()
		if g.closing.Load() {
			return
		}
		select {
		case <-changed:
		case <-g.exposed:
			g.reload.Store(true)
		case <-ctx.Done():
			g.closing.Store(true)
		}
	}
}

// rouse wakes the window until an Update has begun after the call. Once is not
// enough: while the window is shown, moved or made fullscreen, Ebitengine polls
// events without running a frame, and a wake that falls into that is lost.
func (g *game) rouse() {
	select {
	case <-g.begun:
	default:
	}
	wake()
	again := time.NewTicker(50 * time.Millisecond)
	defer again.Stop()
	for {
		select {
		case <-g.begun:
			return
		case <-g.gone:
			return
		case <-again.C:
			wake()
		}
	}
}

// listen brings the input of the window to the stage until ctx ends.
func (g *game) listen(ctx context.Context, log *slog.Logger) {
	select {
	case <-g.up:
	case <-ctx.Done():
		return
	}
	in, err := openInput(ctx)
	if err != nil {
		if ctx.Err() == nil {
			g.fail(fmt.Errorf("read the input of the window: %w", err))
		}
		return
	}
	log.Debug("window input open", "window", in.parent)
	if err := in.run(ctx, g); err != nil {
		g.fail(err)
	}
}

// fail ends the window: a screen that takes no taps is worse than none, which
// the supervisor restarts.
func (g *game) fail(err error) {
	g.err.CompareAndSwap(nil, &err)
	g.stop()
}

// failure is what ended the window, if it was a failure.
func (g *game) failure() error {
	if err := g.err.Load(); err != nil {
		return *err
	}
	return nil
}

// expose has the whole window uploaded again.
func (g *game) expose() {
	select {
	case g.exposed <- struct{}{}:
	default:
	}
}
