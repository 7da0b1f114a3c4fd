package tender

import (
	"context"
	"time"

	"kickstand/hub/pay"
	"kickstand/hub/store"
	"kickstand/protocol"
)

// How often the card service is called to see whether it answers.
const (
	checkWell = 30 * time.Second
	checkIll  = 5 * time.Second
)

// health is what is known of the card service.
type health struct {
	ok       bool
	why      string    // why not, in plain words
	next     time.Time // when to call it again
	checking bool
}

func unchecked(cards bool) health {
	if !cards {
		return health{why: wordsNoKey}
	}
	return health{why: wordsFirst}
}

// healthDue returns the call that is due, or how long it is until then. The
// caller holds the lock.
func (d *Desk) healthDue(now time.Time) (job func(context.Context), after time.Duration) {
	switch {
	case d.cards == nil || d.health.checking:
		return nil, pauseIdle
	case d.health.next.After(now):
		return nil, d.health.next.Sub(now)
	}
	d.health.checking = true
	return d.checkHealth, 0
}

// checkHealth calls the card service, and tells all devices when it has changed.
func (d *Desk) checkHealth(ctx context.Context) {
	code := d.cards.Reach(ctx)
	if ctx.Err() != nil {
		return
	}
	d.mu.Lock()
	was := d.health
	d.health = health{ok: code == "", why: whyDown(code)}
	d.health.next = d.now().Add(checkIll)
	if d.health.ok {
		d.health.next = d.now().Add(checkWell)
	}
	changed := was.ok != d.health.ok || was.why != d.health.why
	d.mu.Unlock()
	if !changed {
		return
	}
	d.log.Info("card service", "ok", code == "", "code", code)
	if err := d.tellWays(ctx); err != nil && ctx.Err() == nil {
		d.log.Error("tell devices of cards", "err", err)
	}
}

func whyDown(code string) string {
	switch code {
	case "":
		return ""
	case pay.CodeKey:
		return pay.Reason(code)
	}
	return wordsDown
}

// heard calls the card service soon when it gave no answer.
func (d *Desk) heard(s pay.Status) {
	if s.Code != pay.CodeOffline && s.Code != pay.CodeKey {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.health.next = time.Time{}
}

// Ways are the tenders that can be carried out for a device now.
func (d *Desk) Ways(reader string) *protocol.TenderWays {
	return &protocol.TenderWays{Ways: []protocol.TenderWay{
		d.cardWay(reader), {Tender: protocol.Gift, OK: true}, {Tender: protocol.Credit, OK: true}, {Tender: protocol.Deposit, OK: true},
	}}
}

func (d *Desk) cardWay(reader string) protocol.TenderWay {
	d.mu.Lock()
	defer d.mu.Unlock()
	w := protocol.TenderWay{Tender: protocol.Card}
	switch {
	case d.cards == nil:
		w.Why = wordsNoKey
	case reader == "":
		w.Why = wordsNoReader
	default:
		w.OK, w.Why = d.health.ok, d.health.why
	}
	return w
}

// Greet tells a device at its birth which tenders there are.
func (d *Desk) Greet(t *store.Tx, dev store.Device) error {
	return t.Tell(dev.ID, d.Ways(dev.Reader))
}

// tellWays tells every device which tenders there are.
func (d *Desk) tellWays(ctx context.Context) error {
	all, err := d.store.Devices(ctx)
	if err != nil {
		return err
	}
	return d.store.Write(ctx, func(t *store.Tx) error {
		for i := range all {
			if all[i].State != store.Enrolled {
				continue
			}
			if err := d.Greet(t, all[i].Device); err != nil {
				return err
			}
		}
		return nil
	})
}
