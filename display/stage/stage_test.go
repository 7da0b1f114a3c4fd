package stage_test

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kickstand/device/flow"
	"kickstand/display/raster"
	"kickstand/display/scene"
	"kickstand/display/stage"
)

// person stands before a stage and notes what comes out of it.
type person struct {
	*stage.Stage
	mu    sync.Mutex
	taps  []string
	typed []string
	now   time.Time
}

func newPerson(t testing.TB) *person {
	t.Helper()
	painter, err := raster.New(raster.Options{})
	if err != nil {
		t.Fatal(err)
	}
	panel, _ := scene.PanelNamed(scene.Panel7)
	p := &person{now: time.Date(2026, 5, 1, 9, 0, 0, 0, time.UTC)}
	note := func(list *[]string) func(string) {
		return func(s string) {
			p.mu.Lock()
			defer p.mu.Unlock()
			*list = append(*list, s)
		}
	}
	p.Stage, err = stage.New(stage.Config{
		Panel: panel, Painter: painter,
		OnTap: note(&p.taps), OnType: note(&p.typed),
		Now: func() time.Time { p.mu.Lock(); defer p.mu.Unlock(); return p.now },
	})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// sale is a sale screen with n lines; without lines there is nothing to pay.
func sale(n int) flow.View {
	v := flow.View{
		Screen: flow.ScreenSale,
		Title:  "Sale",
		Strip:  flow.Strip{Shop: "Demo Cycles", Operator: "Ana", Time: fmt.Sprintf("14:%02d", n)},
		Buttons: []flow.Button{
			{ID: "park", Label: "Park", Enabled: true},
			{ID: "pay", Label: "Pay cash", Icon: "cash", Kind: flow.Primary, Enabled: n > 0, Why: "nothing to pay"},
		},
		Cart: &flow.Cart{Empty: "Scan an item, or type its name"},
	}
	for i := range n {
		v.Cart.Lines = append(v.Cart.Lines, flow.CartLine{ID: fmt.Sprintf("line-%d", i), Name: fmt.Sprintf("Inner tube %d", i), Qty: 1, Unit: 1099, Price: 1099})
		v.Cart.Total += 1099
		v.Cart.Count++
	}
	return v
}

// middle is the middle of a node.
func (p *person) middle(t testing.TB, id string) (x, y int) {
	t.Helper()
	for _, n := range p.Scene().Nodes {
		if n.ID == id {
			return n.Rect.X + n.Rect.W/2, n.Rect.Y + n.Rect.H/2
		}
	}
	t.Fatalf("no node %q on the screen", id)
	return 0, 0
}

// TestDark shows nothing before the first view.
func TestDark(t *testing.T) {
	p := newPerson(t)
	img, words := p.Look()
	if got, want := img.RGBAAt(500, 300), (color.RGBA{A: 255}); got != want || len(words.Nodes) != 0 {
		t.Errorf("a stage without a view shows %v and %d nodes", got, len(words.Nodes))
	}
	p.Tap(500, 300)
	if err := p.TapID("pay"); err == nil {
		t.Error("a tap on an empty stage succeeds")
	}
	if len(p.taps) != 0 {
		t.Errorf("a stage without a view reports taps %v", p.taps)
	}
}

// TestTaps brings taps out by their ids, whoever makes them.
func TestTaps(t *testing.T) {
	p := newPerson(t)
	p.Show(sale(2))
	x, y := p.middle(t, "park")
	p.Tap(x, y)
	if err := p.TapID("park"); err != nil {
		t.Error(err)
	}
	p.Pointer(scene.Press, x, y)
	p.Pointer(scene.Move, x+2, y)
	p.Pointer(scene.Release, x+2, y)
	p.Pointer(scene.Press, x, y)
	p.Pointer(scene.Release, 1, 599) // slid off: no tap
	p.Type("12\n")
	p.Type("")
	if diff := cmp.Diff([]string{"park", "park", "park"}, p.taps); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"12\n"}, p.typed); diff != "" {
		t.Error(diff)
	}
}

// TestRefusals says in words why an id cannot be tapped, and taps nothing.
func TestRefusals(t *testing.T) {
	p := newPerson(t)
	p.Show(sale(0))
	for id, want := range map[string]string{"nonsense": "there is no", "pay": "switched off"} {
		if err := p.TapID(id); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: want an error with %q, got %v", id, want, err)
		}
	}
	v := sale(1)
	v.Dialog = &flow.Dialog{Title: "Void the sale?", Buttons: []flow.Button{{ID: "dialog:no", Label: "Keep", Enabled: true}}}
	p.Show(v)
	if err := p.TapID("park"); err == nil {
		t.Error("what lies under a dialog can be tapped")
	}
	if err := p.TapID("dialog:no"); err != nil {
		t.Error(err)
	}
	if diff := cmp.Diff([]string{"dialog:no"}, p.taps); diff != "" {
		t.Error(diff)
	}
}

// TestTapOutOfView scrolls a long sale to the row that a script taps, and leaves a
// list alone that a dialog covers.
func TestTapOutOfView(t *testing.T) {
	p := newPerson(t)
	v := sale(60)
	for i := range v.Cart.Lines {
		v.Cart.Lines[i].ID = fmt.Sprintf("line:%d", i+1)
	}
	v.Cart.Lines[59].Fresh = true
	p.Show(v)
	ids := []string{"line:60", "line:1", "line:31", "line:60", "line:2", "line:59"}
	for _, id := range ids {
		if err := p.TapID(id); err != nil {
			t.Error(err)
		}
		x, y := p.middle(t, id)
		if (image.Point{X: x, Y: y}).In(image.Rect(0, 60, 1024, 600)) {
			continue
		}
		t.Errorf("%s was tapped and is not in view", id)
	}
	if diff := cmp.Diff(ids, p.taps); diff != "" {
		t.Error(diff)
	}
	v.Dialog = &flow.Dialog{Title: "Void the sale?", Buttons: []flow.Button{{ID: "dialog:no", Label: "Keep", Enabled: true}}}
	p.Show(v)
	if err := p.TapID("line:1"); err == nil {
		t.Error("a row under a dialog can be tapped")
	}
}

// TestPatience lets a script tap the primary action as often as it says, and a
// nervous finger once.
func TestPatience(t *testing.T) {
	p := newPerson(t)
	p.Show(sale(1))
	for range 3 {
		if err := p.TapID("pay"); err != nil {
			t.Error(err)
		}
	}
	x, y := p.middle(t, "pay")
	p.now = p.now.Add(10 * time.Second)
	for range 3 {
		p.Pointer(scene.Press, x, y)
		p.Pointer(scene.Release, x, y)
	}
	if got := len(p.taps); got != 4 {
		t.Errorf("three scripted taps and a triple one of a finger: want 4, got %d", got)
	}
}

// TestPressedLook changes the picture while the finger is down.
func TestPressedLook(t *testing.T) {
	p := newPerson(t)
	p.Show(sale(1))
	before := p.Frame()
	changed := p.Changed()
	x, y := p.middle(t, "park")
	p.Pointer(scene.Press, x, y)
	select {
	case <-changed:
	default:
		t.Error("nobody is told that a button is pressed")
	}
	if bytes.Equal(before.Pix, p.Frame().Pix) {
		t.Error("a pressed button looks as before")
	}
	p.Pointer(scene.Release, x, y)
	if !bytes.Equal(before.Pix, p.Frame().Pix) {
		t.Error("a released button looks different from before")
	}
}

// TestMirror holds a mirror that takes changed rectangles to the picture that a
// fresh stage paints in full.
func TestMirror(t *testing.T) {
	p := newPerson(t)
	var m, rare stage.Mirror
	if p.Update(&m); m.Image == nil {
		t.Fatal("no image")
	}
	for i, n := range []int{1, 2, 2, 0, 7, 40, 41, 0, 3} {
		p.Show(sale(n))
		p.Update(&m)
		if i%3 == 0 {
			p.Update(&rare)
		}
		fresh := newPerson(t)
		fresh.Show(sale(n))
		if !bytes.Equal(fresh.Frame().Pix, m.Image.Pix) {
			t.Fatalf("step %d: the mirror differs from a fresh picture of %d lines", i, n)
		}
	}
	p.Update(&rare)
	if !bytes.Equal(rare.Image.Pix, m.Image.Pix) {
		t.Error("a mirror that is seldom brought up to date differs")
	}
	if dirty := p.Update(&m); dirty != nil {
		t.Errorf("nothing changed, and yet %v", dirty)
	}
}

// TestClock dirties little when only the clock changes.
func TestClock(t *testing.T) {
	p := newPerson(t)
	v := sale(3)
	p.Show(v)
	var m stage.Mirror
	p.Update(&m)
	v.Strip.Time = "14:59"
	p.Show(v)
	dirty := p.Update(&m)
	if len(dirty) != 1 || dirty[0].Dx()*dirty[0].Dy() > 150*60 {
		t.Errorf("the clock dirties %v", dirty)
	}
}

// TestVersion grows when the screen changes and only then.
func TestVersion(t *testing.T) {
	p := newPerson(t)
	p.Show(sale(1))
	one := p.Version()
	p.Show(sale(1))
	if got := p.Version(); got != one {
		t.Errorf("the same view again: version %d became %d", one, got)
	}
	changed := p.Changed()
	p.Show(sale(2))
	<-changed
	if got := p.Version(); got <= one {
		t.Errorf("a new view: version %d became %d", one, got)
	}
	two := p.Version()
	p.SetPrefs(scene.Prefs{Theme: scene.Dark})
	if _, words := p.Look(); words.Version <= two || words.Screen != "sale" {
		t.Errorf("the dark theme: version %d, screen %q", words.Version, words.Screen)
	}
}

// TestTogether has views, lookers and fingers at work at the same time; the race
// detector watches.
func TestTogether(t *testing.T) {
	p := newPerson(t)
	p.Show(sale(1))
	var all sync.WaitGroup
	for _, do := range []func(int){
		func(i int) { p.Show(sale(1 + i%5)) },
		func(int) { p.Look() },
		func(int) { p.Version() },
		func(i int) { p.Tap(i*40, 300) },
		func(int) { p.TapID("park") },
		func(int) { p.Changed() },
	} {
		all.Go(func() {
			for i := range 20 {
				do(i)
			}
		})
	}
	all.Go(func() {
		var m stage.Mirror
		for range 20 {
			p.Update(&m)
		}
	})
	all.Wait()
	p.Show(sale(2))
	fresh := newPerson(t)
	fresh.Show(sale(2))
	if want := fresh.Scene().Screen; p.Scene().Screen != want {
		t.Errorf("want screen %q, got %q", want, p.Scene().Screen)
	}
}

// TestNeeds refuses a stage that could not show anything.
func TestNeeds(t *testing.T) {
	if _, err := stage.New(stage.Config{}); err == nil {
		t.Error("a stage without painter and panel is made")
	}
}

// BenchmarkScan is what a view costs from Show to the changed pixels (aim: 20 ms).
func BenchmarkScan(b *testing.B) {
	p := newPerson(b)
	var m stage.Mirror
	var dirty []image.Rectangle
	b.ReportAllocs()
	for n := 0; b.Loop(); n++ {
		p.Show(sale(3 + n%5))
		dirty = p.Update(&m)
	}
	if len(dirty) == 0 {
		b.Error("nothing changed")
	}
}
