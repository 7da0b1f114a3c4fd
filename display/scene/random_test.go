package scene_test

import (
	"testing"

	"pgregory.net/rapid"

	"kickstand/device/flow"
	"kickstand/display/scene"
)

// TestAnyViewCanBeLaidOut draws views that no flow would make, on panels that
// nobody sells, and wants every node on the panel.
func TestAnyViewCanBeLaidOut(t *testing.T) {
	fonts := painter(t)
	rapid.Check(t, func(t *rapid.T) {
		v := randomView(t)
		p := scene.Panel{
			W: rapid.IntRange(0, 2000).Draw(t, "w"), H: rapid.IntRange(0, 1200).Draw(t, "h"),
			PxPerMM: float64(rapid.IntRange(1, 12).Draw(t, "pxPerMM")),
		}
		prefs := scene.Prefs{Theme: scene.Theme(rapid.SampledFrom([]string{"", "dark", "contrast", "pink"}).Draw(t, "theme")), Large: rapid.Bool().Draw(t, "large")}
		ui := scene.UI{Pressed: "back", Scroll: scene.Scroll{Key: "cart", Anchor: "x", Offset: rapid.IntRange(-9, 9999).Draw(t, "offset")}}
		l := scene.Layout(v, p, prefs, fonts, ui)
		for _, n := range l.Nodes {
			if r := n.Rect; r.X < 0 || r.Y < 0 || r.W < 0 || r.H < 0 || r.X+r.W > p.W || r.Y+r.H > p.H {
				t.Errorf("%q is at %v on a panel of %d by %d", n.ID, r, p.W, p.H)
			}
		}
		tapAnywhere(t, l, ui)
	})
}

func tapAnywhere(t *rapid.T, l scene.List, ui scene.UI) {
	for range 5 {
		x, y := rapid.IntRange(-10, 2000).Draw(t, "x"), rapid.IntRange(-10, 1200).Draw(t, "y")
		kind := scene.PointerKind(rapid.IntRange(0, 5).Draw(t, "kind"))
		var id string
		ui, id = ui.Pointer(l, scene.Pointer{Kind: kind, X: x, Y: y, At: int64(x), Finger: y % 2})
		if n, ok := l.Find(id); id != "" && (!ok || !n.Interactive()) {
			t.Errorf("%q was tapped and cannot be", id)
		}
	}
}

func text() *rapid.Generator[string] {
	return rapid.SampledFrom([]string{"", "a", "Pay cash", long, novel, "שלום מחיר", "自転車のベル", "\x00\xff", "    ", "…", "12.50", "−"})
}

func randomView(t *rapid.T) flow.View {
	word := func() string { return text().Draw(t, "text") }
	amount := func() flow.Cents { return flow.Cents(rapid.Int64().Draw(t, "cents")) }
	state := flow.PartState(rapid.SampledFrom([]string{"", "ok", "warning", "down"}).Draw(t, "state"))
	buttons := func() []flow.Button {
		var all []flow.Button
		for range rapid.IntRange(0, 12).Draw(t, "buttons") {
			id := rapid.SampledFrom([]string{"back", "pay", "search", "discount", "help", "operator", "x"}).Draw(t, "id")
			kind := rapid.SampledFrom([]flow.Kind{flow.Primary, flow.Normal, flow.Quiet, flow.Danger}).Draw(t, "kind")
			all = append(all, flow.Button{ID: id, Label: word(), Icon: word(), Kind: kind, Enabled: rapid.Bool().Draw(t, "enabled")})
		}
		return all
	}
	v := flow.View{
		Screen: flow.Screen(word()), Kiosk: rapid.Bool().Draw(t, "kiosk"), Currency: word(), Title: word(), Hint: word(),
		Strip:   flow.Strip{Shop: word(), Operator: word(), Time: word(), Items: []flow.StripItem{{Icon: word(), State: state, Text: word()}, {Icon: "outbox", State: state}}},
		Buttons: buttons(),
	}
	one := flow.Button{ID: "one", Label: word(), Enabled: true}
	if rapid.Bool().Draw(t, "notices") {
		v.Banner, v.Toast = &flow.Banner{State: state, Text: word(), Button: &one}, &flow.Toast{State: state, Text: word(), Button: &one}
	}
	if rapid.Bool().Draw(t, "dialog") {
		v.Dialog = &flow.Dialog{State: state, Title: word(), Text: word(), Buttons: buttons()}
	}
	rows := []flow.Row{{ID: "a", Title: word(), Detail: word(), Value: word(), State: state, Buttons: buttons()}, {Title: word()}}
	lines := []flow.CartLine{{ID: "line:1", Name: word(), Detail: word(), Price: amount(), Qty: rapid.Int64().Draw(t, "qty"), Chosen: true, Stock: word(), Discount: word(), Buttons: buttons()}, {}}
	switch rapid.IntRange(0, 11).Draw(t, "part") {
	case 0:
		v.Attract = &flow.Attract{Shop: word(), Invite: word()}
	case 1:
		v.Loading = &flow.Loading{Have: rapid.Int().Draw(t, "have"), Total: rapid.IntRange(-5, 99999).Draw(t, "total"), Words: word()}
	case 2:
		v.Cart = &flow.Cart{Lines: lines, Subtotal: amount(), Discount: amount(), Total: amount(), Taxes: []flow.TaxRow{{Label: word(), Amount: amount()}}, Empty: word()}
	case 3:
		v.Cart = &flow.Cart{Empty: word()}
	case 4:
		v.Search = &flow.Search{Query: word(), Hits: rows, Empty: word()}
	case 5:
		v.Keypad = &flow.Keypad{Label: word(), Value: word(), Unit: word(), Error: word(), Presets: buttons()}
	case 6:
		v.Pay = &flow.Pay{Total: amount(), Rounding: amount(), Due: amount(), Entered: word(), Change: amount(), Short: amount(), Quick: buttons(), Error: word()}
	case 7:
		v.Done = &flow.Done{Slip: word(), Total: amount(), Paid: amount(), Change: amount(), Receipt: state, Words: word()}
	case 8:
		v.List = &flow.List{Rows: rows, Empty: word()}
	case 9:
		v.Price = &flow.Price{Name: word(), Detail: word(), Price: amount(), Tax: word(), Stock: word()}
	case 10:
		v.Total = &flow.Total{Lines: lines, Taxes: []flow.TaxRow{{Label: word(), Amount: amount()}}, Total: amount(), Shop: word()}
	}
	return v
}
