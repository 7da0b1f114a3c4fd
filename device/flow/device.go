package flow

import (
	"cmp"
	"hash/fnv"
	"slices"

	"kickstand/protocol"
	"kickstand/protocol/catalogue"
)

// maxOffsetMS is how wrong the device's clock may be without a warning.
const maxOffsetMS = 2 * 60_000

// partChanged takes the health of a peripheral and tells the hub of changes.
func (t *turn) partChanged(h PartChanged) {
	p := Part{Name: clean(h.Part), State: h.State, Detail: clean(h.Detail)}
	old := t.part(p.Name)
	t.putPart(p)
	if old == p {
		return
	}
	// A journal that is down could not store the report of it.
	if p.Name != "journal" || p.State != PartDown {
		t.send(Lo, &protocol.DeviceFault{Part: p.Name, State: string(p.State), Detail: p.Detail})
	}
	if p.State == PartDown {
		t.sound(Attention)
	}
	if p.Name == "printer" {
		t.pump()
	}
}

func (t *turn) putPart(p Part) {
	parts := slices.Clone(t.World.Parts)
	i, found := slices.BinarySearchFunc(parts, p, func(a, b Part) int { return cmp.Compare(a.Name, b.Name) })
	if found {
		parts[i] = p
	} else {
		parts = slices.Insert(parts, i, p)
	}
	t.World.Parts = parts
}

// clockChecked warns, and tells the hub, when the clock is off.
func (t *turn) clockChecked(offset int64) {
	t.World.OffsetMS = offset
	state, detail := PartOK, ""
	if offset > maxOffsetMS || offset < -maxOffsetMS {
		state, detail = PartWarning, wordClockOff(offset)
	}
	if old := t.part("clock"); old.State != state {
		t.partChanged(PartChanged{Part: "clock", State: state, Detail: detail})
	}
}

// settings takes the shop's settings. Who may not sell any more is signed off;
// an open sale keeps the rules it was begun with.
func (t *turn) settings(s protocol.Settings) {
	t.Durable.Settings = s
	if _, ok := t.operator(); ok || t.Durable.Operator == "" {
		return
	}
	t.Durable.Operator = ""
	if t.Visit.Screen == ScreenPay || t.Visit.Screen == ScreenCash {
		t.visit(ScreenOperators)
	}
}

// catalogue takes a new list of items.
func (t *turn) catalogue(x *catalogue.Index) {
	t.World.Items = x
	t.World.Have, t.World.Total = 0, 0
	t.restock()
	if it, ok := t.World.Items.Item(t.Visit.Price.ID); ok {
		t.Visit.Price = it
		t.wantPicture()
	}
	if t.Visit.Screen == ScreenSearch {
		t.find()
	}
}

// restock gives the lines of the cart the present levels.
func (t *turn) restock() {
	lines := t.Durable.Cart.Lines
	for i, l := range lines {
		it, ok := t.World.Items.Item(l.Item)
		if !ok || it.OnHand == l.OnHand {
			continue
		}
		if &lines[0] == &t.Durable.Cart.Lines[0] {
			t.Durable.Cart.Lines = slices.Clone(lines)
		}
		t.Durable.Cart.Lines[i].OnHand = it.OnHand
	}
}

// The seconds since slipEpochMS are a slip counter above any that a device can
// have reached by selling. A clock before trustedMS was never set.
const (
	slipEpochMS = 1_577_836_800_000 // 2020-01-01 in Unix ms
	trustedMS   = 1_767_225_600_000 // 2026-01-01
	mostSlips   = 9_999_999_999     // ten digits
)

// recovered begins again after the journal, and the slip counter in it, was
// lost. Without a clock to trust it takes a number from the fresh id, far above
// the counters of selling and of seconds.
func (t *turn) recovered(why string) {
	floor := (t.Clock.WallMS - slipEpochMS) / 1000
	if t.Clock.WallMS < trustedMS {
		h := fnv.New32a()
		_, _ = h.Write([]byte(t.id)) // a hash never returns an error
		floor = mostSlips/2 + int64(h.Sum32())
	}
	t.Durable.Slips = max(t.Durable.Slips, floor)
	t.notice(wordRecovered(why))
}

// pressOperator opens the list of people, or takes one of them.
func (t *turn) pressOperator(id string) {
	switch {
	case id == "" && t.Visit.Screen == ScreenOperators:
		t.back()
		return
	case id == "":
		t.visit(ScreenOperators)
		return
	}
	t.Durable.Operator = id
	if t.Visit.Paying {
		t.back()
		t.pay()
		return
	}
	if n := len(t.Visit.Trail); n == 0 || t.Visit.Trail[n-1] == ScreenAttract {
		t.show(ScreenSale)
		return
	}
	t.back()
}
