package scene_test

import (
	"strings"
	"testing"

	"kickstand/device/flow"
	"kickstand/display/scene"
)

// TestWhatANodeSaysIsPainted wants every node to be seen: the amount of a text,
// the words or the sign of something to tap.
func TestWhatANodeSaysIsPainted(t *testing.T) {
	everyLayout(t, views(), func(t *testing.T, v flow.View, _ scene.Panel, _ scene.Prefs, l scene.List) {
		if v.Dialog != nil {
			return
		}
		for _, n := range l.Nodes {
			if cut := l.Scroll.View; n.Rect == (scene.Rect{}) || cut != (scene.Rect{}) && overlap(n.Rect, cut) && (n.Rect.Y == cut.Y || n.Rect.Y+n.Rect.H == cut.Y+cut.H) {
				continue
			}
			switch {
			case n.Interactive() && !paintedIn(l, n.Rect, ""):
				t.Errorf("%q is an empty place", n.ID)
			case n.Role == scene.RoleText && strings.Contains(n.Value, "$") && !paintedIn(l, n.Rect, n.Value):
				t.Errorf("%q says %q and does not show it", n.ID, n.Value)
			}
		}
	})
}

// TestEmptyListsSayAllTheirWords wants what to do next in full, also above the
// keyboard of a small panel.
func TestEmptyListsSayAllTheirWords(t *testing.T) {
	everyLayout(t, views(), func(t *testing.T, _ flow.View, _ scene.Panel, _ scene.Prefs, l scene.List) {
		n, ok := l.Find("empty")
		if !ok {
			return
		}
		words := strings.Fields(n.Label)
		if last := words[len(words)-1]; !paintedIn(l, n.Rect, last) {
			t.Errorf("%q does not show its last word %q", n.Label, last)
		}
	})
}

// TestDialogsSayAllTheirWords wants the last word of a dialog's text and of its
// buttons to be seen: that is where it says what follows.
func TestDialogsSayAllTheirWords(t *testing.T) {
	everyLayout(t, views(), func(t *testing.T, v flow.View, _ scene.Panel, _ scene.Prefs, l scene.List) {
		if v.Dialog == nil {
			return
		}
		n, ok := l.Find("dialog")
		words := strings.Fields(v.Dialog.Title + " " + v.Dialog.Text)
		if last := words[len(words)-1]; !ok || !paintedIn(l, n.Rect, last) {
			t.Errorf("%q does not show its last word %q", v.Dialog.Text, last)
		}
	})
}

// TestShortenedNamesKeepTheirVariant wants size and colour of an item to be seen
// where its whole name is not.
func TestShortenedNamesKeepTheirVariant(t *testing.T) {
	v := views()["sale-1"]
	v.Cart.Lines[0].Name = "Switchback 29 Pro women's trail bike, Graphite, XL"
	total := views()["total"]
	total.Total.Lines[0].Name = v.Cart.Lines[0].Name
	total.Total.Lines = total.Total.Lines[:1]
	both := map[string]flow.View{"sale": v, "total": total}
	everyLayout(t, both, func(t *testing.T, _ flow.View, _ scene.Panel, _ scene.Prefs, l scene.List) {
		n, ok := l.Find("line:1")
		if !ok || !paintedIn(l, n.Rect, "Graphite,") || !paintedIn(l, n.Rect, "XL") {
			t.Error("the variant is cut off")
		}
	})
}

// TestFoundItemsShowTheirNames wants names of items that a search found in full,
// also in two narrow columns of large text.
func TestFoundItemsShowTheirNames(t *testing.T) {
	everyLayout(t, map[string]flow.View{"found": views()["kiosk-search"]}, func(t *testing.T, v flow.View, _ scene.Panel, _ scene.Prefs, l scene.List) {
		for _, hit := range v.Search.Hits[:2] {
			n, _ := l.Find(hit.ID)
			for _, word := range strings.Fields(hit.Title) {
				if !paintedIn(l, n.Rect, word) {
					t.Errorf("%q does not show %q", hit.Title, word)
				}
			}
		}
	})
}

// paintedIn reports whether a text in r ends with words, or, without words,
// whether there is any text or icon.
func paintedIn(l scene.List, r scene.Rect, words string) bool {
	for _, op := range l.Ops {
		x, y := op.Rect.X+op.Rect.W/2, op.Rect.Y+op.Rect.H/2
		if !r.Has(x, y) {
			continue
		}
		if op.Kind == scene.OpText && strings.Contains(op.Text, words) || op.Kind == scene.OpIcon && words == "" {
			return true
		}
	}
	return false
}
