package scene_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kickstand/display/scene"
)

var update = flag.Bool("update", false, "write testdata/*.txt anew")

// TestKeyScreens compares what is painted, and where, with what a person last
// looked at and found good.
func TestKeyScreens(t *testing.T) {
	fonts := painter(t)
	for _, name := range []string{"attract", "sale-0", "sale-chosen", "pay-change", "done", "search", "price", "dialog-void", "banner-toast"} {
		got := words(scene.Layout(views()[name], scene.Panels()[0], scene.Prefs{}, fonts, scene.UI{}))
		file := filepath.Join("testdata", name+".txt")
		if *update {
			if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), got); diff != "" {
			t.Errorf("%s has changed; look at it with -look and accept it with -update (-want +got):\n%s", name, diff)
		}
	}
}

// words is a list as text: operations, then nodes.
func words(l scene.List) string {
	var b strings.Builder
	fmt.Fprintf(&b, "screen %s, %d x %d\n", l.Screen, l.W, l.H)
	if l.Scroll != (scene.Scroll{}) {
		fmt.Fprintf(&b, "scroll %s %d of %d in %s\n", l.Scroll.Key, l.Scroll.Offset, l.Scroll.Max, place(l.Scroll.View))
	}
	for _, op := range l.Ops {
		fmt.Fprintf(&b, "%s\n", opWords(op))
	}
	for _, n := range l.Nodes {
		fmt.Fprintf(&b, "%s %s %s %q", n.Role, n.ID, place(n.Rect), n.Label)
		if n.Value != "" {
			fmt.Fprintf(&b, " = %q", n.Value)
		}
		if n.Primary {
			b.WriteString(" primary")
		}
		if !n.Enabled {
			b.WriteString(" off")
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func opWords(op scene.Op) string {
	c := fmt.Sprintf("%02x%02x%02x%02x", op.Color.R, op.Color.G, op.Color.B, op.Color.A)
	where := place(op.Rect) + " " + c
	if op.Clip != (scene.Rect{}) {
		where += " in " + place(op.Clip)
	}
	switch op.Kind {
	case scene.OpFill:
		return fmt.Sprintf("  fill %s round %d", where, op.Radius)
	case scene.OpStroke:
		return fmt.Sprintf("  outline %s round %d width %d", where, op.Radius, op.Width)
	case scene.OpText:
		return fmt.Sprintf("  text %s %d px weight %d %q", where, op.Face.Px, op.Face.Weight, op.Text)
	case scene.OpIcon:
		return fmt.Sprintf("  icon %s %s", where, op.Icon)
	case scene.OpShadow:
		return fmt.Sprintf("  shadow %s round %d", where, op.Radius)
	case scene.OpQR:
		return fmt.Sprintf("  qr %s %q", where, op.Code)
	}
	return "  ?"
}

func place(r scene.Rect) string { return fmt.Sprintf("%d,%d %dx%d", r.X, r.Y, r.W, r.H) }
