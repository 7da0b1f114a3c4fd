package scene_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"kickstand/device/flow"
	"kickstand/display/raster"
	"kickstand/display/scene"
)

// everyLayout lays out all views on all panels in all themes, with normal and
// large text.
func everyLayout(t *testing.T, views map[string]flow.View, check func(t *testing.T, v flow.View, p scene.Panel, prefs scene.Prefs, l scene.List)) {
	t.Helper()
	fonts := painter(t)
	for _, name := range slices.Sorted(maps.Keys(views)) {
		for _, panel := range scene.Panels() {
			for _, theme := range scene.Themes() {
				for _, large := range []bool{false, true} {
					prefs := scene.Prefs{Theme: theme, Large: large}
					t.Run(fmt.Sprintf("%s on %s, %s, large %v", name, panel.Name, theme, large), func(t *testing.T) {
						check(t, views[name], panel, prefs, scene.Layout(views[name], panel, prefs, fonts, scene.UI{}))
					})
				}
			}
		}
	}
}

func allViews() map[string]flow.View {
	all := views()
	maps.Copy(all, extremes())
	return all
}

func TestEveryScreenKeepsThePromises(t *testing.T) {
	fonts := painter(t)
	everyLayout(t, allViews(), func(t *testing.T, v flow.View, p scene.Panel, prefs scene.Prefs, l scene.List) {
		checkGround(t, l)
		checkTargets(t, v, l)
		checkTouch(t, v, l)
		checkText(t, fonts, v, l)
		checkContrast(t, prefs.Theme, l)
	})
}

// checkGround wants nothing of the screen before to shine through.
func checkGround(t *testing.T, l scene.List) {
	t.Helper()
	first := l.Ops[0]
	if first.Kind != scene.OpFill || first.Rect != (scene.Rect{W: l.W, H: l.H}) || first.Color.A != 255 {
		t.Errorf("the first operation does not fill the panel: %+v", first)
	}
}

// checkTargets wants everything of the view that can be tapped, once, and no
// id twice.
func checkTargets(t *testing.T, v flow.View, l scene.List) {
	t.Helper()
	count := map[string]int{}
	for _, n := range l.Nodes {
		count[n.ID]++
		if n.ID == "" || n.Role == "" || count[n.ID] == 2 {
			t.Errorf("node %q (%s) has no id or role, or is there twice", n.ID, n.Role)
		}
	}
	for _, b := range v.Targets() {
		n, ok := l.Find(b.ID)
		if !ok || !n.Interactive() || n.Enabled != b.Enabled {
			t.Errorf("target %q: node %+v, found %v, want enabled %v", b.ID, n, ok, b.Enabled)
		}
	}
}

// checkTouch wants targets to be large, apart, and on the panel.
func checkTouch(t *testing.T, v flow.View, l scene.List) {
	t.Helper()
	least := 12.0
	if v.Kiosk {
		least = 20
	}
	var seen []scene.Node
	for _, n := range l.Nodes {
		r := n.Rect
		if r.X < 0 || r.Y < 0 || r.X+r.W > l.W || r.Y+r.H > l.H {
			t.Errorf("%q is at %v, not on the panel", n.ID, r)
		}
		if !n.Interactive() || r == (scene.Rect{}) {
			continue
		}
		for _, other := range seen {
			if overlap(r, other.Rect) {
				t.Errorf("%q at %v lies over %q at %v", n.ID, r, other.ID, other.Rect)
			}
		}
		seen = append(seen, n)
		w, h := least, least
		if n.Role == scene.RoleKey || (v.Search != nil || v.Code != nil || v.Mail != nil) && (n.ID == "back" || n.ID == "help") {
			w, h = 12, 12
		}
		if cut := l.Scroll.View; cut != (scene.Rect{}) && (r.Y == cut.Y || r.Y+r.H == cut.Y+cut.H) {
			continue
		}
		if float64(r.W+1) < w*l.PxPerMM || float64(r.H+1) < h*l.PxPerMM {
			t.Errorf("%q is %.1f x %.1f mm, want %v", n.ID, float64(r.W)/l.PxPerMM, float64(r.H)/l.PxPerMM, least)
		}
	}
}

func overlap(a, b scene.Rect) bool {
	return a.X < b.X+b.W && b.X < a.X+a.W && a.Y < b.Y+b.H && b.Y < a.Y+a.H
}

// capHeight is that of Roboto, of the em.
const capHeight = 0.711

// checkText wants text to be large enough, whole, and not over other text.
func checkText(t *testing.T, fonts scene.Fonts, v flow.View, l scene.List) {
	t.Helper()
	least := 2.5
	if v.Kiosk {
		least = 3.5
	}
	var seen []scene.Op
	for _, op := range l.Ops {
		if op.Kind == scene.OpFill {
			seen = slices.DeleteFunc(seen, func(text scene.Op) bool { return overlap(shown(text), shown(op)) })
		}
		if op.Kind != scene.OpText {
			continue
		}
		up, down := fonts.Height(op.Face)
		if w := fonts.Width(op.Face, op.Text); w > op.Rect.W || up+down > op.Rect.H {
			t.Errorf("%q is %d x %d pixels, its place %v", op.Text, w, up+down, op.Rect)
		}
		if r := op.Rect; r.X < 0 || r.X+r.W > l.W || op.Clip == (scene.Rect{}) && (r.Y < 0 || r.Y+r.H > l.H) {
			t.Errorf("%q stands at %v, not on the panel", op.Text, r)
		}
		if mm := float64(op.Face.Px) * capHeight / l.PxPerMM; mm < least {
			t.Errorf("%q has capitals of %.2f mm, want %v", op.Text, mm, least)
		}
		for _, other := range seen {
			if overlap(shown(op), shown(other)) {
				t.Errorf("%q at %v is painted over %q at %v", op.Text, op.Rect, other.Text, other.Rect)
			}
		}
		seen = append(seen, op)
	}
}

// shown is what the clip leaves of an operation.
func shown(op scene.Op) scene.Rect {
	r := raster.Bounds(op)
	if op.Kind == scene.OpText {
		r.Min.X, r.Max.X = op.Rect.X, op.Rect.X+op.Rect.W
	}
	return scene.Rect{X: r.Min.X, Y: r.Min.Y, W: r.Dx(), H: r.Dy()}
}

func TestPrimaryAndBackStayWhereTheyAre(t *testing.T) {
	type place struct {
		panel string
		kiosk bool
		id    string
	}
	at := map[place]scene.Rect{}
	everyLayout(t, allViews(), func(t *testing.T, v flow.View, p scene.Panel, prefs scene.Prefs, l scene.List) {
		if v.Dialog != nil {
			return
		}
		for _, n := range l.Nodes {
			key := place{p.Name, v.Kiosk, n.ID}
			if n.Primary {
				key.id = "primary"
			}
			if v.Search != nil || v.Code != nil || v.Mail != nil || key.id != "primary" && n.ID != "back" {
				continue // beside a keyboard there is no room at the foot
			}
			if was, ok := at[key]; ok && was != n.Rect {
				t.Errorf("%s is at %v, elsewhere at %v", key.id, n.Rect, was)
			}
			at[key] = n.Rect
		}
	})
	if len(at) != 12 {
		t.Errorf("found %d places, want primary and back on 3 panels for staff and for customers", len(at))
	}
}

func TestAmountsReadAsPeopleWriteThem(t *testing.T) {
	l := scene.Layout(views()["pay-short"], scene.Panels()[0], scene.Prefs{}, painter(t), scene.UI{})
	want := map[string]string{"due": "$307.25", "entered": "$20.00", "short": "$287.25"}
	for id, value := range want {
		if n, ok := l.Find(id); !ok || n.Value != value {
			t.Errorf("%s is %+v, want %s", id, n, value)
		}
	}
	l = scene.Layout(views()["done-rounded"], scene.Panels()[0], scene.Prefs{}, painter(t), scene.UI{})
	for id, value := range map[string]string{"paid": "$20.00", "total": "$16.79", "rounded": "$16.80", "change": "$3.20"} {
		if n, ok := l.Find(id); !ok || n.Value != value {
			t.Errorf("rounded: %s is %+v, want %s", id, n, value)
		}
	}
	l = scene.Layout(views()["done"], scene.Panels()[0], scene.Prefs{}, painter(t), scene.UI{})
	want = map[string]string{"slip": "C1-000001", "change": "$92.75", "paid": "$400.00", "total": "$307.25", "receipt-state": "ok"}
	for id, value := range want {
		if n, ok := l.Find(id); !ok || n.Value != value {
			t.Errorf("%s is %+v, want %s", id, n, value)
		}
	}
}

func TestWhatIsAddedComesIntoView(t *testing.T) {
	d := signedOn()
	fonts := painter(t)
	ui := scene.UI{}
	for i := range 60 {
		d.scan(fmt.Sprintf("BOLT%d", i+1))
		l := scene.Layout(d.state.View(), scene.Panels()[0], scene.Prefs{}, fonts, ui)
		ui.Scroll = l.Scroll
		n, ok := l.Find(fmt.Sprintf("line:%d", i+1))
		if !ok || float64(n.Rect.H) < 12*l.PxPerMM {
			t.Fatalf("line %d is at %v", i+1, n.Rect)
		}
	}
	d.tap("line:3")
	l := scene.Layout(d.state.View(), scene.Panels()[0], scene.Prefs{}, fonts, ui)
	if n, _ := l.Find("line:3:remove"); float64(n.Rect.H) < 12*l.PxPerMM {
		t.Errorf("the buttons of the chosen line are at %v", n.Rect)
	}
}

func TestLayoutIsAFunction(t *testing.T) {
	fonts := painter(t)
	for name, v := range views() {
		first := scene.Layout(v, scene.Panels()[1], scene.Prefs{}, fonts, scene.UI{})
		again := scene.Layout(v, scene.Panels()[1], scene.Prefs{}, fonts, scene.UI{})
		if !slices.Equal(first.Ops, again.Ops) || !slices.Equal(first.Nodes, again.Nodes) {
			t.Errorf("%s: two layouts of one view differ", name)
		}
	}
}

func TestPressedLooksPressed(t *testing.T) {
	fonts := painter(t)
	everyPress := map[string][]string{
		"sale-chosen": {"pay", "search", "line:1", "line:4:plus", "line:4:remove", "operator"},
		"pay":         {"key:1", "key:clear", "back", "cash:31000"},
		"search":      {"key:a", "key:space", "hit:glove-m"},
		"operators":   {"operator:mae"}, "toast": {"toast:undo"}, "dialog-more": {"dialog:device"},
	}
	for name, ids := range everyPress {
		v := views()[name]
		rest := scene.Layout(v, scene.Panels()[0], scene.Prefs{}, fonts, scene.UI{})
		for _, id := range ids {
			l := scene.Layout(v, scene.Panels()[0], scene.Prefs{}, fonts, scene.UI{Pressed: id, Scroll: rest.Scroll})
			if slices.Equal(l.Ops, rest.Ops) {
				t.Errorf("%s: %q looks the same under a finger", name, id)
			}
		}
	}
}

func TestBeneathADialogNothingCanBeTapped(t *testing.T) {
	l := scene.Layout(views()["dialog-void"], scene.Panels()[0], scene.Prefs{}, painter(t), scene.UI{})
	for _, n := range l.Nodes {
		if n.Interactive() && !strings.HasPrefix(n.ID, "dialog:") {
			t.Errorf("%q can be tapped", n.ID)
		}
	}
	l = scene.Layout(views()["dialog-toast"], scene.Panels()[0], scene.Prefs{}, painter(t), scene.UI{})
	if n, ok := l.Find("toast"); !ok || !paintedIn(l, n.Rect, "Answer the question") {
		t.Errorf("the toast above the dialog is %+v", n)
	}
	if l.Scroll.View != (scene.Rect{}) {
		t.Errorf("the list beneath can be dragged: %+v", l.Scroll)
	}
}

func TestADialogLeavesTheListWhereItIs(t *testing.T) {
	d := signedOn()
	d.bolts(60)
	fonts, panel := painter(t), scene.Panels()[0]
	before := scene.Layout(d.state.View(), panel, scene.Prefs{}, fonts, scene.UI{}).Scroll
	before.Offset = 333
	d.tap("void")
	asked := scene.Layout(d.state.View(), panel, scene.Prefs{}, fonts, scene.UI{Scroll: before}).Scroll
	d.tap("dialog:keep")
	after := scene.Layout(d.state.View(), panel, scene.Prefs{}, fonts, scene.UI{Scroll: asked}).Scroll
	if after != before {
		t.Errorf("the list is at %+v, was at %+v", after, before)
	}
}
