package scene_test

import (
	"testing"

	"kickstand/display/scene"
)

// glass is a hand-made screen: a list with two rows at the left, two buttons.
func glass(screen string) scene.List {
	return scene.List{
		Screen: screen, W: 1000, H: 600, PxPerMM: 5,
		Nodes: []scene.Node{
			{ID: "row:1", Role: scene.RoleRow, Enabled: true, Rect: scene.Rect{X: 0, Y: 100, W: 500, H: 80}},
			{ID: "row:2", Role: scene.RoleRow, Enabled: true, Rect: scene.Rect{X: 0, Y: 180, W: 500, H: 80}},
			{ID: "off", Role: scene.RoleButton, Rect: scene.Rect{X: 600, Y: 100, W: 100, H: 80}},
			{ID: "words", Role: scene.RoleText, Enabled: true, Rect: scene.Rect{X: 600, Y: 100, W: 300, H: 80}},
			{ID: screen + "-go", Role: scene.RoleButton, Enabled: true, Primary: true, Rect: scene.Rect{X: 600, Y: 500, W: 300, H: 80}},
		},
		Scroll: scene.Scroll{Key: "rows", Max: 400, View: scene.Rect{X: 0, Y: 100, W: 500, H: 300}},
	}
}

// stroke is one movement of a finger; it happens at ms on the screen named.
type stroke struct {
	kind   scene.PointerKind
	x, y   int
	ms     int64
	finger int
	screen string
}

func TestPointer(t *testing.T) {
	const press, move, release, cancel = scene.Press, scene.Move, scene.Release, scene.Cancel
	tests := map[string]struct {
		strokes []stroke
		want    []string
	}{
		"a tap of no length counts":             {[]stroke{{kind: press, x: 10, y: 110}, {kind: release, x: 10, y: 110}}, []string{"row:1"}},
		"a finger may wander inside a button":   {[]stroke{{kind: press, x: 610, y: 510}, {kind: move, x: 890, y: 570, ms: 9}, {kind: release, x: 890, y: 570, ms: 10}}, []string{"a-go"}},
		"a finger that leaves does not tap":     {[]stroke{{kind: press, x: 610, y: 510}, {kind: release, x: 610, y: 490, ms: 10}}, nil},
		"a finger that comes from outside":      {[]stroke{{kind: press, x: 590, y: 510}, {kind: release, x: 610, y: 510, ms: 10}}, nil},
		"a drag in a list does not tap":         {[]stroke{{kind: press, x: 10, y: 110}, {kind: move, x: 10, y: 128}, {kind: move, x: 10, y: 110}, {kind: release, x: 10, y: 110}}, nil},
		"less than 3 mm is no drag":             {[]stroke{{kind: press, x: 10, y: 110}, {kind: move, x: 10, y: 125}, {kind: release, x: 10, y: 125}}, []string{"row:1"}},
		"a touch that is taken away":            {[]stroke{{kind: press, x: 10, y: 110}, {kind: cancel}, {kind: release, x: 10, y: 110}}, nil},
		"a second finger is not seen":           {[]stroke{{kind: press, x: 10, y: 110}, {kind: press, x: 610, y: 510, finger: 1}, {kind: release, x: 610, y: 510, finger: 1}, {kind: release, x: 10, y: 110}}, []string{"row:1"}},
		"what is switched off is still told":    {[]stroke{{kind: press, x: 610, y: 110}, {kind: release, x: 610, y: 110}}, []string{"off"}},
		"words cannot be tapped":                {[]stroke{{kind: press, x: 800, y: 110}, {kind: release, x: 800, y: 110}}, nil},
		"a screen that changed under a finger":  {[]stroke{{kind: press, x: 10, y: 110}, {kind: release, x: 10, y: 110, screen: "b"}}, nil},
		"a release without a press":             {[]stroke{{kind: release, x: 10, y: 110}}, nil},
		"a double tap on the action counts one": {[]stroke{{kind: press, x: 610, y: 510, ms: 1000}, {kind: release, x: 610, y: 510, ms: 1000}, {kind: press, x: 610, y: 510, ms: 1100}, {kind: release, x: 610, y: 510, ms: 1149}}, []string{"a-go"}},
		"two deliberate taps on the action":     {[]stroke{{kind: press, x: 610, y: 510, ms: 1000}, {kind: release, x: 610, y: 510, ms: 1000}, {kind: press, x: 610, y: 510, ms: 1100}, {kind: release, x: 610, y: 510, ms: 1150}}, []string{"a-go", "a-go"}},
		"a double tap on a row counts twice":    {[]stroke{{kind: press, x: 10, y: 110}, {kind: release, x: 10, y: 110}, {kind: press, x: 10, y: 110}, {kind: release, x: 10, y: 110}}, []string{"row:1", "row:1"}},
		"the next screen's action is guarded":   {[]stroke{{kind: press, x: 610, y: 510, ms: 1000}, {kind: release, x: 610, y: 510, ms: 1000}, {kind: press, x: 610, y: 510, ms: 1200, screen: "b"}, {kind: release, x: 610, y: 510, ms: 1399, screen: "b"}}, []string{"a-go"}},
		"a double tap on a banknote":            {[]stroke{{kind: press, x: 610, y: 510, ms: 1000, screen: "pay"}, {kind: release, x: 610, y: 510, ms: 1000, screen: "pay"}, {kind: press, x: 610, y: 510, ms: 1200, screen: "done"}, {kind: release, x: 610, y: 510, ms: 1250, screen: "done"}, {kind: press, x: 610, y: 510, ms: 1500, screen: "done"}, {kind: release, x: 610, y: 510, ms: 1550, screen: "done"}}, []string{"pay-go", "done-go"}},
		"the next screen's action after a look": {[]stroke{{kind: press, x: 610, y: 510, ms: 1000}, {kind: release, x: 610, y: 510, ms: 1000}, {kind: press, x: 610, y: 510, ms: 1300, screen: "b"}, {kind: release, x: 610, y: 510, ms: 1400, screen: "b"}}, []string{"a-go", "b-go"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			var got []string
			ui := scene.UI{}
			for _, s := range tt.strokes {
				if s.screen == "" {
					s.screen = "a"
				}
				var id string
				ui, id = ui.Pointer(glass(s.screen), scene.Pointer{Kind: s.kind, X: s.x, Y: s.y, At: s.ms, Finger: s.finger})
				if id != "" {
					got = append(got, id)
				}
			}
			if len(got) != len(tt.want) || len(got) > 0 && got[0] != tt.want[0] || len(got) > 1 && got[1] != tt.want[1] {
				t.Errorf("tapped %q, want %q", got, tt.want)
			}
			if ui.Pressed != "" {
				t.Errorf("%q still looks pressed", ui.Pressed)
			}
		})
	}
}

func TestPressedFollowsTheFinger(t *testing.T) {
	l := glass("a")
	steps := []struct {
		kind scene.PointerKind
		x, y int
		want string
	}{
		{scene.Press, 10, 110, "row:1"},
		{scene.Move, 10, 115, "row:1"},
		{scene.Move, 10, 140, ""}, // drags from here on
		{scene.Move, 10, 110, ""},
		{scene.Release, 10, 110, ""},
		{scene.Press, 610, 510, "a-go"},
		{scene.Move, 610, 400, ""},
		{scene.Move, 610, 510, "a-go"},
		{scene.Cancel, 0, 0, ""},
		{scene.Press, 610, 110, ""}, // switched off
	}
	ui := scene.UI{}
	for i, s := range steps {
		ui, _ = ui.Pointer(l, scene.Pointer{Kind: s.kind, X: s.x, Y: s.y})
		if ui.Pressed != s.want {
			t.Errorf("step %d: %q looks pressed, want %q", i, ui.Pressed, s.want)
		}
	}
}

func TestDragScrollsBetweenTheEnds(t *testing.T) {
	d := signedOn()
	d.bolts(60)
	v, fonts, panel := d.state.View(), painter(t), scene.Panels()[0]
	ui := scene.UI{}
	l := scene.Layout(v, panel, scene.Prefs{}, fonts, ui)
	if l.Scroll.Offset != l.Scroll.Max || l.Scroll.Max == 0 {
		t.Fatalf("the last line is not in view: %+v", l.Scroll)
	}
	x, y := l.Scroll.View.X+50, l.Scroll.View.Y+20
	drag := func(kind scene.PointerKind, y int) {
		ui, _ = ui.Pointer(l, scene.Pointer{Kind: kind, X: x, Y: y})
		l = scene.Layout(v, panel, scene.Prefs{}, fonts, ui)
	}
	end := l.Scroll.Max
	drag(scene.Press, y)
	drag(scene.Move, y+120)
	if l.Scroll.Offset != end-120 {
		t.Errorf("after a drag of 120 pixels the offset is %d, want %d", l.Scroll.Offset, end-120)
	}
	drag(scene.Move, y+100_000)
	if l.Scroll.Offset != 0 {
		t.Errorf("the list can be dragged beyond its beginning: %d", l.Scroll.Offset)
	}
	drag(scene.Release, y+100_000)
	drag(scene.Press, y)
	drag(scene.Move, y-100_000)
	if l.Scroll.Offset != end {
		t.Errorf("the list can be dragged beyond its end: %d of %d", l.Scroll.Offset, end)
	}
}
