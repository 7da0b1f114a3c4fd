package device

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"

	"kickstand/device/flow"
	"kickstand/device/journal"
	"kickstand/protocol"
)

// Device is one running counter or kiosk. Its methods are safe for use by
// several goroutines.
type Device struct {
	cfg   Config
	log   *slog.Logger
	start time.Time
	queue chan item
	work  chan flow.Effect
	asks  chan flow.Ask
	state flow.State // this and the fields below are touched by Run's goroutine only
	wake  *time.Timer
	// stuck is set while the journal refuses, so that its recovery is told once.
	stuck, stopped bool
}

// LastPrint is how long Run waits for a print in flight after its context has
// ended.
const LastPrint = 5 * time.Second

// item is an event, or the barrier of a Settle.
type item struct {
	is      flow.Happening
	reached chan<- struct{} // closed by the owner when it gets here
}

// queueLength is how many events may wait. A scanner gone mad fills it and is
// then held back; a person never does.
const queueLength = 1024

// New returns a device that continues from state. Missing optional fields of
// cfg get their defaults.
func New(cfg Config, state flow.State, log *slog.Logger) *Device {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.NewID == nil {
		cfg.NewID = NewID
	}
	if cfg.BootID == "" {
		cfg.BootID = cfg.NewID()
	}
	return &Device{
		cfg: cfg, log: log, start: cfg.Now(), state: state,
		queue: make(chan item, queueLength),
		work:  make(chan flow.Effect, queueLength),
		asks:  make(chan flow.Ask, queueLength),
	}
}

// NewID returns 80 random bits as 16 characters of a-z and 2-7.
func NewID() string {
	var b [10]byte
	_, _ = rand.Read(b[:]) // never fails: crypto/rand ends the process instead
	return strings.ToLower(base32.StdEncoding.EncodeToString(b[:]))
}

// NewSecret returns 160 random bits as 32 characters of a-z and 2-7, for what
// nobody may guess.
func NewSecret() string {
	var b [20]byte
	_, _ = rand.Read(b[:]) // never fails, see NewID
	return strings.ToLower(base32.StdEncoding.EncodeToString(b[:]))
}

// Post hands in an event. It waits while the queue is full and gives up when
// ctx ends.
func (d *Device) Post(ctx context.Context, h flow.Happening) {
	select {
	case d.queue <- item{is: h}:
	case <-ctx.Done():
	}
}

// Settle returns when everything posted before the call has been stepped, or
// ctx ends.
func (d *Device) Settle(ctx context.Context) {
	reached := make(chan struct{})
	select {
	case d.queue <- item{reached: reached}:
	case <-ctx.Done():
		return
	}
	select {
	case <-reached:
	case <-ctx.Done():
	}
}

// take steps one queued event or opens the barrier it is.
func (d *Device) take(ctx context.Context, it item) error {
	if it.reached != nil {
		close(it.reached)
		return nil
	}
	return d.step(ctx, it.is)
}

// Run steps events until ctx ends. Then it gives a print that has begun up to
// LastPrint to end, so that a clean stop leaves no receipt in doubt, and
// returns nil. An error means the journal cannot be trusted any more: end the
// process and start it again.
func (d *Device) Run(ctx context.Context) error {
	d.wake = time.NewTimer(time.Hour)
	defer d.wake.Stop()
	last, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	done := make(chan struct{})
	go func() {
		defer close(done)
		var asking sync.WaitGroup
		asking.Go(func() { d.runAsks(ctx) })
		d.runWorker(last)
		asking.Wait()
	}()
	err := d.loop(ctx)
	d.stopped = true
	close(d.work) // closed here only, by the goroutine that sends
	close(d.asks)
	timer := time.AfterFunc(LastPrint, cancel)
	defer timer.Stop()
	for err == nil {
		select {
		case <-done:
			return d.drain(last)
		case it := <-d.queue:
			err = d.take(last, it)
		}
	}
	cancel()
	<-done
	return err
}

// drain steps what was handed in before the worker ended.
func (d *Device) drain(ctx context.Context) error {
	for {
		select {
		case it := <-d.queue:
			if err := d.take(ctx, it); err != nil {
				return err
			}
		default:
			return nil
		}
	}
}

func (d *Device) loop(ctx context.Context) error {
	d.cfg.Screen.Show(d.state.View())
	next := item{is: flow.Booted{}}
	for {
		if err := d.take(ctx, next); err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return nil
		case next = <-d.queue:
		case <-d.wake.C:
			next = item{is: flow.Ticked{}}
		}
	}
}

// step takes one event through flow, journal, effects and screen, in this
// order.
func (d *Device) step(ctx context.Context, h flow.Happening) error {
	ev := d.stamp(h)
	after, effects := flow.Step(d.state, ev)
	entry, err := d.entry(ev, effects)
	if err == nil {
		err = d.persist(ctx, after, entry)
	}
	if err != nil {
		return d.journalFailed(h, err)
	}
	d.state = after
	recovered := d.stuck && entry.durable
	d.stuck = d.stuck && !recovered
	d.log.Debug("step", "event", fmt.Sprintf("%T", h), "effects", len(effects))
	for _, e := range effects {
		d.carryOut(e)
	}
	if recovered {
		return d.step(ctx, flow.PartChanged{Part: "journal", State: flow.PartOK})
	}
	d.cfg.Screen.Show(d.state.View())
	return nil
}

func (d *Device) stamp(h flow.Happening) flow.Event {
	now := d.cfg.Now()
	return flow.Event{WallMS: now.UnixMilli(), MonoMS: d.monoMS(now), NewID: d.cfg.NewID(), Secret: NewSecret(), Is: h}
}

func (d *Device) monoMS(now time.Time) int64 { return now.Sub(d.start).Milliseconds() }

// entry is what a step writes: its events, and whether anything must be on
// disk before it acts.
type entry struct {
	hi, lo  []protocol.Envelope
	durable bool
}

func (d *Device) entry(ev flow.Event, effects []flow.Effect) (entry, error) {
	var w entry
	stamp := protocol.Stamp{WallMS: ev.WallMS, MonoMS: ev.MonoMS, BootID: d.cfg.BootID}
	for _, e := range effects {
		switch e := e.(type) {
		case flow.Send:
			env, err := protocol.Seal(d.cfg.ID, e.Body, stamp)
			if err != nil {
				return entry{}, err
			}
			if e.Stream == flow.Hi {
				w.hi = append(w.hi, env)
			} else {
				w.lo = append(w.lo, env)
			}
			w.durable = true
		case flow.Print, flow.KickDrawer, flow.Keep:
			w.durable = true
		case flow.Ask:
			w.durable = w.durable || mintsID(e.Body)
		}
	}
	return w, nil
}

func (d *Device) persist(ctx context.Context, after flow.State, w entry) error {
	if !w.durable && d.state.Durable.Same(after.Durable) {
		return nil
	}
	state, err := json.Marshal(after.Durable)
	if err != nil {
		return fmt.Errorf("encode the state: %w", err)
	}
	if w.durable {
		// A stop must not leave a commit in doubt: it is waited for.
		_, err := d.cfg.Journal.Commit(context.WithoutCancel(ctx), journal.Entry{State: state, Hi: w.hi, Lo: w.lo})
		return err
	}
	return d.cfg.Journal.CommitLater(state)
}

// journalFailed tells the person at the screen that the last step did not
// happen. A journal that cannot be trusted any more ends the process: the next
// one opens the file afresh.
func (d *Device) journalFailed(h flow.Happening, cause error) error {
	d.log.Error("the journal did not take a step", "event", fmt.Sprintf("%T", h), "err", cause)
	if errors.Is(cause, journal.ErrFailed) || errors.Is(cause, journal.ErrClosed) {
		return fmt.Errorf("journal: %w", cause)
	}
	ev := d.stamp(flow.PartChanged{Part: "journal", State: flow.PartDown, Detail: cause.Error()})
	after, effects := flow.Step(d.state, ev)
	d.state, d.stuck = after, true
	for _, e := range effects {
		switch e.(type) {
		case flow.Wake, flow.Sound: // the others would need the journal
			d.carryOut(e)
		}
	}
	d.cfg.Screen.Show(d.state.View())
	return nil
}

func (d *Device) carryOut(e flow.Effect) {
	switch e := e.(type) {
	case flow.Print, flow.KickDrawer:
		if d.stopped {
			return // the state lists it as begun: the next start takes care of it
		}
		d.work <- e // as long as the queue of a day; flow prints one job at a time
	case flow.Ask:
		if !d.stopped {
			d.asks <- e
		}
	case flow.Cosign:
		if d.cfg.Witness != nil && !d.stopped {
			d.asks <- flow.Ask{ID: e.ID, Body: d.cfg.Witness.Cosign(e.Checkpoint)}
		}
	case flow.Sound:
		if d.cfg.Speaker != nil {
			d.cfg.Speaker.Play(e.Tone)
		}
	case flow.Wake:
		d.wake.Reset(max(0, time.Duration(e.MonoMS-d.monoMS(d.cfg.Now()))*time.Millisecond))
	}
}

// runWorker carries out slow effects, one after the other, until work is
// closed. After ctx has ended it drains without acting: the journal lists what
// was begun.
func (d *Device) runWorker(ctx context.Context) {
	for e := range d.work {
		if ctx.Err() != nil {
			continue
		}
		switch e := e.(type) {
		case flow.Print:
			d.Post(ctx, d.cfg.Printer.Print(ctx, e.Job, e.Doc))
		case flow.KickDrawer:
			k := flow.Kicked{ID: e.ID}
			if err := d.cfg.Drawer.Kick(ctx); err != nil {
				k.Fault = err.Error()
			}
			d.Post(ctx, k)
		}
	}
}
