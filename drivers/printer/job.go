package printer

import (
	"context"
	"errors"
	"time"
)

// do prints one document and answers its caller. The error is not nil when the
// connection is gone afterwards.
func (s *session) do(ctx context.Context, j *job) error {
	s.p.encoder.nonce++
	j.token = token(j.doc.ID, s.p.encoder.nonce)
	data, err := s.p.encoder.Encode(j.doc)
	if err != nil {
		s.p.finish(j, Result{Proof: NotSent, Status: s.status}, err)
		return nil
	}
	jctx, cancel := context.WithCancel(j.ctx)
	defer cancel()
	defer context.AfterFunc(ctx, cancel)()

	d := delivery{session: s, job: j, total: len(data)}
	if err := s.poll(ctx); err != nil {
		d.finish(NotSent, d.why(err), err)
		return s.lostOnly(err)
	}
	if t := s.status.Trouble(); t != NoTrouble {
		if s.p.cfg.Profile.RealTime && onlyDrawer(j.doc) {
			return d.kickNow(ctx)
		}
		d.finish(NotSent, t, nil)
		return nil
	}
	patience := time.NewTimer(s.p.cfg.Patience)
	defer patience.Stop()
	s.expect, s.confirmed = j.token, false
	if s.p.cfg.Profile.Processed {
		s.owed++ // the answer may come before the write returns
	}
	if err := d.write(jctx, data, patience.C); err != nil {
		return err
	}
	return d.prove(ctx, jctx, patience.C)
}

func onlyDrawer(doc Doc) bool {
	for _, b := range doc.Blocks {
		if b.Kind != KindDrawer {
			return false
		}
	}
	return len(doc.Blocks) > 0
}

// kickNow opens the drawer of a printer that does not print, since money must
// be reached without paper too: DLE DC4, function 1, is carried out at once
// (times in steps of 100 ms). The answer to a question after it shows that it
// arrived.
func (d *delivery) kickNow(ctx context.Context) error {
	pr := d.p.cfg.Profile
	m := byte(0)
	if pr.Drawer.Pin == 5 {
		m = 1
	}
	kick := []byte{dle, 0x14, 1, m, byte(min(8, (pr.Drawer.OnMS+99)/100))}
	d.total = len(kick)
	if err := d.put(ctx, kick, 4*d.p.cfg.Poll); err != nil {
		d.finish(NotSent, d.why(err), err)
		return err
	}
	d.gone(len(kick))
	if err := d.ask(ctx, 1); err != nil {
		d.finish(Unknown, d.why(err), err)
		return d.lostOnly(err)
	}
	d.finish(Sent, NoTrouble, nil)
	return nil
}

// notCaller drops errors of the caller's context, which say nothing about the
// connection.
func notCaller(err error) error {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return nil
	}
	return err
}

// delivery is one document on its way.
type delivery struct {
	*session
	job     *job
	written int
	total   int
}

// finish answers the caller. A document whose first byte never left is NotSent
// whatever happened.
func (d *delivery) finish(proof Proof, t Trouble, cause error) {
	if d.written == 0 {
		proof = NotSent
	}
	res := Result{Proof: proof, Written: d.written, Total: d.total, Status: d.status}
	var err error
	if t != NoTrouble {
		err = &Fault{Trouble: t, Device: d.p.cfg.Transport.String(), Written: d.written, Total: d.total, Err: cause}
	}
	d.p.finish(d.job, res, err)
}

// why names the trouble behind an error: what the printer complains of, else
// what the error itself says.
func (d *delivery) why(err error) Trouble {
	if t := d.status.Trouble(); t != NoTrouble {
		return t
	}
	switch {
	case notCaller(err) == nil:
		return Timeout
	case errors.Is(err, errSilent), errors.Is(err, errStuck):
		if d.written == 0 {
			return Offline
		}
		return Timeout
	}
	return Unplugged
}

// write sends the document. When that cannot be finished, the connection is
// closed, which is the only way to learn how much of it went out.
func (d *delivery) write(ctx context.Context, data []byte, patience <-chan time.Time) error {
	d.orders <- data
	for {
		ev := d.next(ctx, patience)
		switch {
		case ev.wrote:
			d.gone(ev.n)
			return nil
		case ev.timeUp:
			ev.err = errStuck
		case ev.err == nil:
			continue
		}
		if !ev.ended {
			d.hangUp()
			ev.n = (<-d.wrote).n
		}
		d.gone(ev.n)
		d.p.torn = d.written > 0
		d.finish(Unknown, d.why(ev.err), ev.err)
		return errors.Join(errHungUp, ev.err)
	}
}

func (d *delivery) gone(n int) {
	d.written = n
	d.p.count(func(h *Health) { h.BytesOut += int64(n) })
}

var errHungUp = errors.New("document was cut off")

// prove waits for the proof that the document was printed, until ctx, the end of
// the document's caller or of Run, is over.
func (d *delivery) prove(run, ctx context.Context, patience <-chan time.Time) error {
	pr := d.p.cfg.Profile
	if !pr.Processed && !pr.JobID {
		d.finish(Unknown, NoTrouble, nil)
		return nil
	}
	tick := time.NewTicker(d.p.cfg.Poll)
	defer tick.Stop()
	calm := time.Now() // since when the printer has had no trouble
	for {
		ev := d.settle(run, ctx, patience, tick.C)
		switch {
		case d.confirmed:
			d.finish(Confirmed, NoTrouble, nil)
			return notCaller(ev.err)
		case ev.err != nil && notCaller(ev.err) != nil:
			d.p.torn = true
			d.finish(Unknown, d.why(ev.err), ev.err)
			return ev.err
		case ev.err != nil || ev.timeUp:
			d.finish(Unknown, d.why(errSilent), ev.err)
			return nil
		case d.status.Trouble() != NoTrouble:
			calm = time.Now()
		case d.workedThrough() && (!pr.JobID || time.Since(calm) >= d.p.cfg.Answer):
			d.finish(Sent, NoTrouble, nil)
			return nil
		case time.Since(calm) >= d.p.cfg.Answer:
			d.finish(Unknown, Timeout, errSilent)
			return nil
		}
	}
}

// workedThrough reports whether the printer answered GS r after the document.
func (d *delivery) workedThrough() bool { return d.p.cfg.Profile.Processed && d.owed == 0 }

// settle waits for one thing to happen. On a tick, and when the printer says it
// has worked through everything, it looks how the printer is.
func (d *delivery) settle(run, ctx context.Context, patience, tick <-chan time.Time) happening {
	ev := d.nextOr(ctx, patience, tick)
	if ev.err != nil || ev.timeUp || d.confirmed || (ev.reply.Kind != "" && ev.reply.Kind != ReplyPaper) {
		return ev
	}
	if err := d.poll(run); err != nil && !errors.Is(err, errSilent) {
		return happening{err: err}
	}
	return ev
}

// nextOr is next that also ends, with nothing, on a tick.
func (d *delivery) nextOr(ctx context.Context, patience, tick <-chan time.Time) happening {
	select {
	case r := <-d.replies:
		d.take(r)
		return happening{reply: r}
	case err := <-d.broken:
		return happening{err: err, ended: true}
	case <-patience:
		return happening{timeUp: true}
	case <-ctx.Done():
		return happening{err: ctx.Err()}
	case <-tick:
		return happening{}
	}
}
