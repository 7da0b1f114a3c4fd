package flow_test

import (
	"encoding/json"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"kickstand/device/flow"
	"kickstand/protocol"
)

// TestNoDeadEnds taps everything that can be tapped on every screen it can
// reach. Every enabled button must do something, every screen and dialog must
// be reached, and from each there must be a way back to the resting screen.
func TestNoDeadEnds(t *testing.T) {
	for role, want := range map[protocol.Role][]flow.Screen{
		protocol.Counter: {
			flow.ScreenAttract, flow.ScreenSale, flow.ScreenSearch, flow.ScreenQuantity, flow.ScreenDiscount, flow.ScreenPay, flow.ScreenCash, flow.ScreenPart, flow.ScreenCode,
			flow.ScreenTender, flow.ScreenDone, flow.ScreenQR, flow.ScreenMail, flow.ScreenGift, flow.ScreenDeposit, flow.ScreenSpecials,
			flow.ScreenParked, flow.ScreenOperators, flow.ScreenTotal, flow.ScreenReceipts, flow.ScreenDevice,
			flow.ScreenCustomer, flow.ScreenBuyerName, flow.ScreenBuyerPhone,
			flow.ScreenTill, flow.ScreenTillCount, flow.ScreenTillAmount, flow.ScreenTillReview,
		},
		protocol.Kiosk: {flow.ScreenAttract, flow.ScreenSearch, flow.ScreenPrice, flow.ScreenBasket, flow.ScreenTender, flow.ScreenDone, flow.ScreenQR, flow.ScreenMail},
	} {
		t.Run(string(role), func(t *testing.T) {
			w := &walk{t: t, nodes: map[string]*node{}, screens: map[flow.Screen]bool{}}
			w.from(openDesk(role))
			w.run()
			for _, s := range want {
				if !w.screens[s] {
					t.Errorf("screen %s was never reached", s)
				}
			}
			if role == protocol.Kiosk && (w.screens[flow.ScreenSale] || w.screens[flow.ScreenCustomer]) {
				t.Error("the kiosk shows what is for staff")
			}
			w.checkExits()
			t.Logf("%d situations", len(w.nodes))
		})
	}
}

// walk is a graph of situations. Two states are one situation when they show
// the same screen, dialog and buttons, whatever their numbers, to somebody who is
// signed on or to nobody.
type walk struct {
	t       *testing.T
	nodes   map[string]*node
	open    []*node
	screens map[flow.Screen]bool
}

type node struct {
	key  string
	desk desk
	rest bool // the resting screen
	in   []*node
}

var digits = regexp.MustCompile(`[0-9]+`)

func situation(v flow.View) string {
	parts := []string{string(v.Screen)}
	if v.Strip.Operator != "" {
		parts[0] += " signed on"
	}
	if v.Dialog != nil {
		parts = append(parts, v.Dialog.Title)
	}
	for _, b := range v.Targets() {
		mark := "+"
		if !b.Enabled {
			mark = "-"
		}
		parts = append(parts, mark+digits.ReplaceAllString(b.ID, "#"))
	}
	slices.Sort(parts[1:])
	return strings.Join(slices.Compact(parts), " ")
}

func (w *walk) from(d *desk) *node {
	v := d.state.View()
	key := situation(v)
	if d.state.Durable.Till.Phase == flow.TillOpen {
		key += ", till open"
	}
	if d.state.World.Lookup.Ask != "" {
		key += ", looking for customers"
	}
	n, known := w.nodes[key]
	if !known {
		n = &node{key: key, desk: *d, rest: v.Screen == flow.ScreenAttract && v.Dialog == nil}
		w.nodes[key] = n
		w.open = append(w.open, n)
		w.screens[v.Screen] = true
		for _, fault := range viewFaults(v) {
			w.t.Errorf("%s: %s", key, fault)
		}
	}
	return n
}

const maxSituations = 5000

func (w *walk) run() {
	for len(w.open) > 0 && len(w.nodes) < maxSituations {
		n := w.open[0]
		w.open = w.open[1:]
		for _, next := range w.steps(n) {
			to := w.from(next)
			to.in = append(to.in, n)
		}
	}
	if len(w.open) > 0 {
		w.t.Errorf("more than %d situations", maxSituations)
	}
}

// steps is what a person can do in a situation, and the trouble that can come.
func (w *walk) steps(n *node) []*desk {
	var all []*desk
	try := func(h flow.Happening, must bool) {
		d := n.desk
		d.monoMS, d.wallMS = d.monoMS+1000, d.wallMS+1000
		before := d.state
		d.post(h)
		if must && reflect.DeepEqual(before.Visit, d.state.Visit) && before.Durable.Same(d.state.Durable) && len(d.effects) == 0 {
			w.t.Errorf("%T%+v does nothing in %s", h, h, n.key)
		}
		all = append(all, &d)
		for _, told := range answers(d.state) {
			next := d
			next.post(told)
			all = append(all, &next)
		}
	}
	v := n.desk.state.View()
	for _, b := range v.Targets() {
		try(flow.Tapped{ID: b.ID}, true) // a disabled one says why
	}
	if v.Dialog == nil && (v.Search != nil || v.Code != nil || v.Keypad != nil || v.Pay != nil || v.Mail != nil) {
		for _, k := range []string{"key:0", "key:5", "key:00", "key:backspace", "key:clear"} {
			try(flow.Tapped{ID: k}, false)
		}
	}
	for _, text := range []string{"g", "ada", "\n", "\x1b"} {
		try(flow.Typed{Text: text}, false)
	}
	for _, code := range []string{"4006381333931", "SN7731", "5901234123457", "nothing", "KS4M7QZ1T0X2BN8"} {
		try(flow.Scanned{Code: code}, true)
	}
	try(flow.Printed{Job: n.desk.job(), Proof: protocol.ProofSent}, false)
	try(flow.Printed{Job: n.desk.job(), Proof: protocol.ProofUnknown, Fault: "jam"}, false)
	if c := n.desk.state.Durable.Cart; c.Open != nil {
		for _, phase := range []protocol.TenderPhase{protocol.TenderWaiting, protocol.TenderTaken, protocol.TenderDeclined, protocol.TenderCanceled, protocol.TenderPerson} {
			word := protocol.TenderState{ID: c.Open.ID, Sale: c.ID, Tender: c.Open.Tender, Amount: c.Open.Amount, Phase: phase, N: c.Open.N + 1}
			if phase == protocol.TenderTaken {
				word.Taken = word.Amount
			}
			try(flow.Told{Body: &word}, false)
		}
	}
	if id := n.desk.state.World.Lookup.Ask; id != "" {
		ada := protocol.Buyer{ID: "cus-ada", Number: "A-17", Name: "Ada Abernathy", Last: "0142"}
		try(flow.Answered{ID: id, Body: &protocol.CustomersFound{Customers: []protocol.Buyer{ada}}}, false)
		try(flow.Answered{ID: id, Body: &protocol.CustomersFound{Customers: []protocol.Buyer{ada}, Twins: true}}, false)
		try(flow.AskFailed{ID: id, Why: "the hub does not answer"}, false)
	}
	try(flow.HubRejected{Seq: 1, Reason: protocol.BadBody}, true)
	return all
}

// answers are what the hub may say to a question about a card or an order.
func answers(s flow.State) (all []flow.Happening) {
	if g := s.World.Gift; g.Ask != "" {
		all = append(all,
			flow.Answered{ID: g.Ask, Body: &protocol.GiftTold{ID: g.Ask, Account: protocol.Gift, Ref: "•••• 2BN8", Code: "KS4M7QZ1T0X2BN8", Balance: 37_50, Load: g.Load}},
			flow.AskFailed{ID: g.Ask, Refused: true, Why: "Nothing is known of this code."})
	}
	if ask := s.World.Special; ask != "" {
		o := layaway()
		all = append(all,
			flow.Answered{ID: ask, Body: &protocol.SpecialList{Orders: []protocol.SpecialInfo{o.SpecialInfo}}}, flow.Answered{ID: ask, Body: o},
			flow.AskFailed{ID: ask, Refused: true, Why: "This order was picked up."})
	}
	return all
}

// checkExits walks back from the resting screen.
func (w *walk) checkExits() {
	home := map[*node]bool{}
	var queue []*node
	for _, n := range w.nodes {
		if n.rest {
			home[n] = true
			queue = append(queue, n)
		}
	}
	for len(queue) > 0 {
		n := queue[0]
		queue = queue[1:]
		for _, from := range n.in {
			if !home[from] {
				home[from] = true
				queue = append(queue, from)
			}
		}
	}
	for _, n := range w.nodes {
		if !home[n] {
			w.t.Errorf("no way back from %s", n.key)
		}
	}
}

// texts lists every string in a value, as its JSON shows it.
func texts(t *testing.T, v any) string {
	t.Helper()
	b, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// TestNothingSurvivesAReset lets customers do things at a kiosk and compares
// what is left after the reset with a kiosk nobody ever used.
func TestNothingSurvivesAReset(t *testing.T) {
	visits := map[string]func(d *desk){
		"typed a search":        func(d *desk) { d.tap("search"); d.post(flow.Typed{Text: "glove zebra"}) },
		"looked at a price":     func(d *desk) { d.scan("4006381333931") },
		"scanned something odd": func(d *desk) { d.scan("zebra-4711") },
		"found two items":       func(d *desk) { d.scan("5901234123457") },
		"took a hit":            func(d *desk) { d.tap("search"); d.post(flow.Typed{Text: "glove"}); d.tap("hit:glove-m", "search") },
		"scanned garbage last":  func(d *desk) { d.scan("SN7731"); d.post(flow.ScanTrouble{}) },
		"filled a basket":       func(d *desk) { d.scan("4006381333931"); d.tap("buy"); d.scan("96385074") },
		"called staff":          func(d *desk) { d.scan("4006381333931"); d.tap("buy", "staff"); d.pass(240_000) },
		"card declined":         func(d *desk) { d.scan("4006381333931"); d.tap("buy", "pay"); d.told(protocol.TenderDeclined) },
		"asked for help":        func(d *desk) { d.scan("4006381333931"); d.tap("back", "help") },
	}
	resets := map[string]func(d *desk){
		"idle":       func(d *desk) { d.pass(60_000); d.pass(20_000) },
		"start over": func(d *desk) { d.pass(60_000); d.tap("dialog:end") },
	}
	for name, visit := range visits {
		for how, reset := range resets {
			t.Run(name+", "+how, func(t *testing.T) {
				used, fresh := openDesk(protocol.Kiosk), openDesk(protocol.Kiosk)
				visit(used)
				if how == "start over" && used.state.View().Screen == flow.ScreenAttract && used.state.View().Dialog == nil {
					t.Fatal("the visit left nothing to start over from")
				}
				reset(used)
				fresh.wallMS, fresh.monoMS = used.wallMS, used.monoMS
				fresh.post(flow.Ticked{})
				used.post(flow.Ticked{})
				if got, want := texts(t, used.state.View()), texts(t, fresh.state.View()); got != want {
					t.Errorf("the screen shows something of the former customer:\n%s", got)
				}
				used.state.World.Waiting = 0 // the counters hear that nobody calls any more
				used.state.Clock, fresh.state.Clock = flow.Clock{}, flow.Clock{}
				if got, want := texts(t, used.state), texts(t, fresh.state); got != want {
					t.Errorf("the state keeps something of the former customer:\n%s", got)
				}
			})
		}
	}
}

// TestKioskGivesTime makes sure that a customer has at least 20 seconds to
// answer, and that any touch, key or scan is an answer.
func TestKioskGivesTime(t *testing.T) {
	answers := map[string]flow.Happening{
		"touch beside the dialog": flow.Tapped{ID: "search"}, "key": flow.Typed{Text: "a"},
		"scan": flow.Scanned{Code: "4006381333931"}, "button": flow.Tapped{ID: "dialog:stay"},
	}
	for name, answer := range answers {
		t.Run(name, func(t *testing.T) {
			d := openDesk(protocol.Kiosk)
			d.scan("4006381333931")
			d.pass(60_000)
			if d.state.View().Dialog == nil {
				t.Fatal("it does not ask")
			}
			d.pass(19_900)
			if d.state.View().Dialog == nil {
				t.Fatal("it gives up after less than 20 seconds")
			}
			d.post(answer)
			d.pass(20_000)
			if v := d.state.View(); v.Screen == flow.ScreenAttract || v.Dialog != nil {
				t.Errorf("the answer was not taken: %s", v.Screen)
			}
		})
	}
}
