// Package reconcile compares what the card service says it did with what the books
// say, in both directions, every day and when somebody asks.
//
// It promises that money without a sale, a sale without money, other amounts, and
// refunds that differ are each named once, with what to do; that the same
// comparison again changes nothing; and that a finding whose cause has gone, such
// as an orphan whose sale arrived late, is closed by itself. The day's work is a row
// in the database, so a restart does not forget it. Gift cards, credits and deposits
// that were spent for a sale which never came are found the same way.
//
// It refuses to move money or to change a sale: a person decides.
//
// Start with [New]; keep [Desk.Run] going, or ask with [Desk.Now].
package reconcile

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"kickstand/hub/audit"
	"kickstand/hub/pay"
	"kickstand/hub/store"
	"kickstand/protocol"
	"kickstand/protocol/money"
)

const (
	job = "reconcile"
	// every is the pause between two comparisons.
	every = 24 * time.Hour
	// again is the pause after one that failed.
	again = 10 * time.Minute
	// lease is how long one comparison may take before another process may try.
	lease = 15 * time.Minute
	// back is how far the first comparison, and at least each later one, looks back.
	back = 7 * 24 * time.Hour
	// look is how often the clock is looked at.
	look = 30 * time.Second
)

// Lister is the card service as far as it is compared. *pay.Client is one.
type Lister interface {
	List(ctx context.Context, from, to time.Time) ([]pay.Listed, error)
	Complete(ctx context.Context, list []pay.Listed, books []pay.Booked) ([]pay.Listed, error)
}

// Config is what a Desk needs.
type Config struct {
	Store *store.Store     // required
	Cards Lister           // nil: the shop takes no cards; stored value is compared all the same
	Now   func() time.Time // nil is time.Now
	Log   *slog.Logger     // nil discards
}

// Desk compares.
type Desk struct {
	cfg  Config
	soon chan struct{} // one token: look whether it is due
}

// New returns the desk of a shop.
func New(cfg Config) *Desk {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	return &Desk{cfg: cfg, soon: make(chan struct{}, 1)}
}

// Run compares whenever it is due, until ctx ends.
func (d *Desk) Run(ctx context.Context) error {
	tick := time.NewTicker(look)
	defer tick.Stop()
	for {
		if err := d.Due(ctx); err != nil && ctx.Err() == nil {
			d.cfg.Log.Error("reconciliation", "err", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		case <-d.soon:
		}
	}
}

// Soon has Run look at once whether it is due.
func (d *Desk) Soon() {
	select {
	case d.soon <- struct{}{}:
	default:
	}
}

// Due compares if the time has come and nobody else is at it.
func (d *Desk) Due(ctx context.Context) error {
	taken, err := d.cfg.Store.TakeJob(ctx, job, lease.Milliseconds())
	if err != nil || !taken {
		return err
	}
	_, err = d.Now(ctx)
	return err
}

// Result is what a comparison came to.
type Result struct {
	Payments int // that were compared
	New      []store.Finding
	Gone     []store.Finding
	Open     int64
}

// String says it in words.
func (r Result) String() string {
	switch r.Open {
	case 0:
		return fmt.Sprintf("%d payments compared, nothing to look at", r.Payments)
	case 1:
		return fmt.Sprintf("%d payments compared, 1 thing to look at", r.Payments)
	}
	return fmt.Sprintf("%d payments compared, %d things to look at", r.Payments, r.Open)
}

// Now compares, whatever the time. A failure is noted with the job and tried
// again soon.
func (d *Desk) Now(ctx context.Context) (Result, error) {
	r, err := d.compare(ctx)
	if err == nil {
		d.cfg.Log.Info("reconciled", "payments", r.Payments, "new", len(r.New), "gone", len(r.Gone), "open", r.Open)
		return r, nil
	}
	next, words := d.cfg.Now().Add(again).UnixMilli(), "The card service could not be read: "+err.Error()
	if ctx.Err() != nil { // the hub stops: the next one begins with it
		next, words = 0, ""
	}
	noted := d.cfg.Store.Write(context.WithoutCancel(ctx), func(t *store.Tx) error { return t.DoneJob(job, words, next, false) })
	return r, errors.Join(fmt.Errorf("reconcile: %w", err), noted)
}

func (d *Desk) compare(ctx context.Context) (Result, error) {
	last, err := d.cfg.Store.Job(ctx, job)
	if err != nil {
		return Result{}, err
	}
	now := d.cfg.Now()
	from := now.Add(-back)
	if done := time.UnixMilli(last.DoneMS); last.DoneMS > 0 && done.Add(-every).Before(from) {
		from = done.Add(-every)
	}
	list, rows, err := d.gather(ctx, from, now)
	if err != nil {
		return Result{}, err
	}
	found := d.findings(now, list, rows)
	r := Result{Payments: len(list)}
	return r, d.cfg.Store.Write(ctx, func(t *store.Tx) error { return d.write(t, &r, found, list, rows, now) })
}

// gather reads both sides. What the books say is read after the card service, so
// that what happens meanwhile is younger than pay.Grace.
func (d *Desk) gather(ctx context.Context, from, now time.Time) ([]pay.Listed, []store.Booked, error) {
	var list []pay.Listed
	var err error
	if d.cfg.Cards != nil {
		if list, err = d.cfg.Cards.List(ctx, from, now); err != nil {
			return nil, nil, err
		}
	}
	var ids []string
	for _, l := range list {
		ids = append(ids, l.Payment)
		for _, r := range l.Refunds {
			ids = append(ids, r.Refund)
		}
	}
	rows, err := d.cfg.Store.BookedTenders(ctx, from.UnixMilli(), now.Add(time.Hour).UnixMilli(), ids)
	if err == nil && d.cfg.Cards != nil {
		list, err = d.cfg.Cards.Complete(ctx, list, booked(rows))
	}
	return list, rows, err
}

// booked are the card tenders as package pay compares them.
func booked(rows []store.Booked) []pay.Booked {
	var all []pay.Booked
	for _, r := range rows {
		if r.Tender.Tender != protocol.Card {
			continue
		}
		b := pay.Booked{
			ID: r.ID, Refund: r.Amount < 0, Intent: r.Intent, Sale: r.Sale, Device: r.Device, Sold: r.Matched != "",
			State: state(r.Phase), Amount: max(r.Taken, -r.Taken), Currency: strings.ToLower(r.Currency),
			Fee: r.Fee, HasFee: r.FeeKnown, At: time.UnixMilli(r.ChangedMS),
		}
		all = append(all, b)
	}
	return all
}

func state(p protocol.TenderPhase) pay.BookState {
	switch p {
	case protocol.TenderTaken:
		return pay.BookTaken
	case protocol.TenderDeclined, protocol.TenderCanceled:
		return pay.BookNothing
	}
	return pay.BookOpen
}

// findings compares both sides and adds what was spent of gift cards for no sale.
func (d *Desk) findings(now time.Time, list []pay.Listed, rows []store.Booked) []store.Finding {
	by := map[string]store.Booked{}
	for _, r := range rows {
		by[r.ID] = r
	}
	var all []store.Finding
	if d.cfg.Cards != nil {
		for _, f := range pay.Compare(now, list, booked(rows)) {
			all = append(all, store.Finding{
				ID: f.ID, Code: string(f.Code), Payment: f.Payment, Intent: f.Intent, Sale: f.Sale, Device: f.Device,
				Operator: by[f.Payment].Operator, Currency: strings.ToUpper(f.Currency), There: f.Stripe, Here: f.Books, What: f.What, Advice: f.Do,
			})
		}
	}
	for _, r := range rows {
		if r.Tender.Tender != protocol.Card && r.Phase == protocol.TenderTaken && r.Matched == "" && r.Taken-r.Promised != 0 &&
			now.Sub(time.UnixMilli(r.ChangedMS)) > pay.Grace {
			all = append(all, unsold(r))
		}
	}
	return all
}

// unsold is money of a gift card, credit or deposit that no sale counts.
func unsold(r store.Booked) store.Finding {
	f := store.Finding{
		ID: "stored/" + r.ID, Code: string(pay.Orphan), Payment: r.ID, Sale: r.Sale, Device: r.Device, Operator: r.Operator,
		Currency: r.Currency, There: r.Taken - r.Promised,
		What:   fmt.Sprintf("%v was spent of %s %s, and there is no sale for it.", r.Taken-r.Promised, r.Tender.Tender, r.Ref),
		Advice: "If the till was offline, wait until it is back: its sale may still come. Otherwise give the customer a new store credit.",
	}
	if r.Taken < 0 {
		f.What = fmt.Sprintf("%v was put on %s %s, and there is no refund for it.", -(r.Taken - r.Promised), r.Tender.Tender, r.Ref)
		f.Advice = "If the till was offline, wait until it is back: its refund may still come. Otherwise find out who made it."
	}
	return f
}

// write notes the differences, the fees, and that the job is done.
func (d *Desk) write(t *store.Tx, r *Result, found []store.Finding, list []pay.Listed, rows []store.Booked, now time.Time) (err error) {
	if r.New, r.Gone, err = t.Found(found); err != nil {
		return err
	}
	for _, f := range r.New {
		err = errors.Join(err, note(t, "finding.opened", f))
	}
	for _, f := range r.Gone {
		err = errors.Join(err, note(t, "finding.gone", f))
	}
	known := map[string]bool{}
	for _, row := range rows {
		known[row.ID] = row.FeeKnown
	}
	for _, l := range list {
		if has, ours := known[l.Payment]; ours && !has && !l.Taken.IsZero() {
			err = errors.Join(err, t.NoteFee(l.Payment, money.Cents(l.Fee)))
		}
	}
	if err != nil {
		return err
	}
	if r.Open, err = t.OpenFindings(); err != nil {
		return err
	}
	return t.DoneJob(job, r.String(), now.Add(every).UnixMilli(), true)
}

// note puts a finding into the journal.
func note(t *store.Tx, kind string, f store.Finding) error {
	row, err := audit.Act(kind, f.ID, f.Operator, map[string]any{"code": f.Code, "there": f.There, "here": f.Here, "intent": f.Intent, "sale": f.Sale})
	if err != nil {
		return err
	}
	_, err = t.Audit(row)
	return err
}
