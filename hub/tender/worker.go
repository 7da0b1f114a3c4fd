package tender

import (
	"context"
	"errors"
	"strings"
	"sync"
	"time"

	"kickstand/hub/pay"
	"kickstand/hub/store"
	"kickstand/protocol"
)

const (
	maxWorking = 16              // tenders looked at at once
	pauseIdle  = 5 * time.Second // between looks when nothing is open
	pauseRetry = 2 * time.Second // after trouble of our own
)

// poke has the worker look at open tenders now.
func (d *Desk) poke(ids ...string) {
	d.mu.Lock()
	for _, id := range ids {
		delete(d.due, id)
	}
	d.mu.Unlock()
	select {
	case d.wake <- struct{}{}:
	default:
	}
}

// Run carries on with every card payment that is open, also those that an
// earlier process began, and watches whether cards can be charged, until ctx
// ends. It waits for what it started.
func (d *Desk) Run(ctx context.Context) error {
	var all sync.WaitGroup
	defer all.Wait()
	for ctx.Err() == nil {
		wait, ready := d.ready(ctx)
		for _, job := range ready {
			all.Go(func() {
				job(ctx)
				d.poke()
			})
		}
		t := time.NewTimer(wait)
		select {
		case <-ctx.Done():
		case <-d.wake:
		case <-t.C:
		}
		t.Stop()
	}
	return nil
}

// Turn does once, one after the other, everything that is due, and returns how
// long to wait until the next turn. Run does the same at once; a test that moves
// the clock itself uses Turn.
func (d *Desk) Turn(ctx context.Context) time.Duration {
	for {
		wait, ready := d.ready(ctx)
		if len(ready) == 0 {
			return wait
		}
		for _, job := range ready {
			job(ctx)
		}
	}
}

// ready returns what is due, marked as being worked on, and how long it is until
// something else is.
func (d *Desk) ready(ctx context.Context) (time.Duration, []func(context.Context)) {
	open, err := d.store.OpenTenders(ctx)
	if err != nil {
		d.log.Error("open tenders", "err", err)
		return pauseRetry, nil
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	now, wait := d.now(), pauseIdle
	var jobs []func(context.Context)
	if job, after := d.healthDue(now); job != nil {
		jobs = append(jobs, job)
	} else {
		wait = min(wait, after)
	}
	for i := range open {
		x := open[i]
		due := d.due[x.ID]
		switch {
		case d.cards == nil || d.working[x.ID] || len(d.working) >= maxWorking:
		case due.After(now):
			wait = min(wait, due.Sub(now))
		default:
			found := !d.seen[x.ID]
			d.working[x.ID], d.seen[x.ID] = true, true
			jobs = append(jobs, func(ctx context.Context) { d.look(ctx, x, found) })
		}
	}
	return max(wait, time.Millisecond), jobs
}

// look takes one tender as far as it goes without waiting. found says that
// this process has not looked at it before.
func (d *Desk) look(ctx context.Context, x store.Tender, found bool) {
	after, err := d.step(ctx, x, found)
	if err != nil && ctx.Err() == nil {
		d.log.Error("tender", "tender", x.ID, "err", err)
		after = pauseRetry
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.working, x.ID)
	d.due[x.ID] = d.now().Add(after)
	if after == 0 {
		delete(d.due, x.ID)
		delete(d.seen, x.ID)
	}
}

// step asks the card service how a tender stands and writes what follows. It
// returns how long to wait until the next step; 0: there is none.
func (d *Desk) step(ctx context.Context, x store.Tender, found bool) (time.Duration, error) {
	w := wanted(x, d.now(), found)
	s, err := d.drive(ctx, x, w)
	if errors.Is(err, pay.ErrChanged) {
		s, err = pay.Status{Outcome: pay.Unknown, Person: true, Code: pay.CodeClash, Text: pay.Reason(pay.CodeClash)}, nil
	}
	if err != nil {
		return 0, err
	}
	d.heard(s)
	x, err = d.write(ctx, x.ID, s, w)
	switch {
	case err != nil:
		return 0, err
	case x.Phase.Final():
		return 0, nil
	case s.Outcome == pay.Declined && x.Stop:
		return d.step(ctx, x, false) // cancels, which is never declined
	}
	return max(s.After, time.Millisecond), nil
}

// drive does what is wanted of a tender through the door to card money.
func (d *Desk) drive(ctx context.Context, x store.Tender, w want) (pay.Status, error) {
	currency := strings.ToLower(x.Currency)
	if x.Amount < 0 {
		from, err := d.store.Tender(ctx, x.Of)
		if err != nil {
			return pay.Status{}, err
		}
		return d.cards.Refund(ctx, pay.Refund{
			ID: x.ID, Sale: x.Sale, Device: x.Device, Intent: from.Intent, Amount: -x.Amount, Currency: currency,
		})
	}
	if w.stop {
		s, err := d.cards.Cancel(ctx, x.ID)
		if errors.Is(err, pay.ErrNoPayment) { // the card service never heard of it
			return pay.Status{Payment: x.ID, Outcome: pay.Canceled}, nil
		}
		return s, err
	}
	return d.cards.Collect(ctx, pay.Charge{
		Payment: x.ID, Sale: x.Sale, Device: x.Device, Amount: x.Amount, Currency: currency, Reader: x.Reader,
	})
}

// write stores what a tender has become, and tells its device, in one
// transaction.
func (d *Desk) write(ctx context.Context, id string, s pay.Status, w want) (is store.Tender, err error) {
	err = d.store.Write(ctx, func(t *store.Tx) error {
		was, err := t.Tender(id)
		if err != nil {
			return err
		}
		is = next(was, s)
		is.Stop = is.Stop || w.stop
		if is.Phase == protocol.TenderCanceled && w.why != "" {
			is.Why = w.why
		}
		if was.Phase.Final() || !news(was, is) {
			return nil
		}
		if is, err = t.PutTender(is); err != nil {
			return err
		}
		if is.Phase.Final() {
			if err := ended(t, is); err != nil {
				return err
			}
		}
		return t.Tell(is.Device, state(is))
	})
	if err == nil {
		d.log.Info("tender", "tender", id, "sale", is.Sale, "device", is.Device, "phase", is.Phase, "code", is.Code, "intent", is.Intent)
	}
	return is, err
}

// ended does what belongs to the end of a card payment or refund.
func ended(t *store.Tx, x store.Tender) error {
	if err := t.FreeReader(x.ID); err != nil {
		return err
	}
	switch {
	case x.Phase == protocol.TenderDeclined && x.Amount < 0:
		return t.KeepBack(x.Of, -x.Amount)
	case x.Phase == protocol.TenderTaken:
		return note(t, "tender.taken", x)
	}
	return nil
}
