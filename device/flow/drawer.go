package flow

import (
	"slices"

	"kickstand/protocol"
)

// kick opens the drawer and remembers for what until the answer comes. A drawer
// that never answers is reported as it is after a restart.
func (t *turn) kick(k Kick) {
	all := append(slices.Clone(t.Durable.Kicks), k)
	if len(all) > maxKicks {
		t.opened(all[0], all[0].Why+whyUnconfirmed)
		all = all[1:]
	}
	t.Durable.Kicks = all
	t.do(KickDrawer{ID: k.ID})
}

// kicked takes the end of a KickDrawer effect.
func (t *turn) kicked(k Kicked) {
	i := slices.IndexFunc(t.Durable.Kicks, func(o Kick) bool { return o.ID == k.ID })
	if i < 0 {
		return
	}
	asked := t.Durable.Kicks[i]
	t.Durable.Kicks = slices.Delete(slices.Clone(t.Durable.Kicks), i, i+1)
	if k.Fault != "" {
		t.toast(PartDown, wordDrawerFault(phrase(k.Fault)))
		t.sound(Attention)
		return
	}
	t.opened(asked, asked.Why)
}

func (t *turn) opened(k Kick, why string) {
	if k.Sale == "" && t.Durable.Till.Phase == TillOpen {
		t.Durable.Till.Figures.NoSale++
	}
	t.send(Hi, &protocol.DrawerOpened{ID: k.ID, Sale: k.Sale, Operator: k.By, Why: why})
}

// bootKicks reports pulses without an answer: the drawer may have opened, and
// the books rather hear of one too many.
func (t *turn) bootKicks() {
	for _, k := range t.Durable.Kicks {
		t.opened(k, k.Why+whyUnconfirmed)
	}
	t.Durable.Kicks = nil
}

// openDrawer opens the drawer without a sale, for a reason.
func (t *turn) openDrawer(why string) {
	if _, ok := t.operator(); !ok {
		t.refuse(wordWhoSells)
		return
	}
	t.kick(Kick{ID: t.sub("d"), By: t.Durable.Operator, Why: why})
	t.toast(PartOK, wordDrawerAsked)
}
