package printer

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"
)

// Proof says how sure it is that a document was printed.
type Proof string

// The proofs, from surest to least.
const (
	Confirmed Proof = "confirmed" // the printer named the document after printing it
	Sent      Proof = "sent"      // the printer worked through it without complaint
	Unknown   Proof = "unknown"   // bytes went out; nothing proves more
	NotSent   Proof = "not-sent"  // no byte went out: printing again is safe
)

// Result is what is known of a document after [Printer.Print].
type Result struct {
	Proof   Proof
	Written int // bytes of the document that left the machine
	Total   int // bytes of the document
	Status  Status
}

// State is the connection state of a printer.
type State string

// The states.
const (
	Connecting State = "connecting" // not opened yet
	Ready      State = "ready"      // open and able to print
	Troubled   State = "trouble"    // open, but something keeps it from printing
	Lost       State = "lost"       // cannot be reached; it is tried again
	Stopped    State = "stopped"    // Run has returned
)

// Health is a snapshot of a printer.
type Health struct {
	Device  string
	State   State
	Since   time.Time // when State began
	Trouble Trouble   // why it is not Ready
	Status  Status
	Cause   string // last error of opening or of the connection, for a technician

	Printed   int // documents Confirmed or Sent
	Doubtful  int // documents that ended Unknown
	Reopened  int // times the printer was opened after the first
	Unplugged int // times an open printer was lost
	BytesOut  int64
}

// EventKind says what an [Event] is.
type EventKind string

// The kinds of event.
const (
	EventStatus  EventKind = "status"  // State, Trouble or Status changed
	EventPrinted EventKind = "printed" // proof for Job arrived after Print gave it up as Unknown
)

// Event tells of a change at the printer.
type Event struct {
	Kind    EventKind
	State   State
	Trouble Trouble
	Status  Status
	Job     string // for EventPrinted
}

// Config sets up a [Printer]. Transport and Profile are required.
type Config struct {
	Transport Transport
	Profile   Profile
	// Fonts is passed to [NewEncoder].
	Fonts fs.FS
	// Sink, when set, gets every event from the goroutine of Run, in order. It
	// must not block for long: while it does, the printer waits.
	Sink func(Event)
	// Log, when set, gets a line per connection, loss and document.
	Log *slog.Logger

	// Poll is the time between status questions; 0 means 500 ms.
	Poll time.Duration
	// Answer is how long a printer without trouble may take to prove a
	// document printed; 0 means 15 s.
	Answer time.Duration
	// Patience is how long Print waits in all for a printer with trouble that
	// holds part of a document: it prints on by itself once the trouble is
	// over. 0 means 2 minutes.
	Patience time.Duration
	// OpenTimeout bounds one attempt to open; 0 means 3 s.
	OpenTimeout time.Duration
	// BackoffMax bounds the time between attempts; 0 means 2 s.
	BackoffMax time.Duration
}

// ErrStopped is the cause of a [Fault] from a printer whose Run has returned.
var ErrStopped = errors.New("printer is stopped")

// Printer owns one printer. Its methods may be called from any goroutine; one
// document prints at a time, in the order the calls arrive.
type Printer struct {
	cfg     Config
	encoder *Encoder
	jobs    chan *job
	queries chan *query
	stopped chan struct{} // closed by Run

	mu     sync.Mutex
	health Health

	// Owned by Run:
	told     Event // last status event
	torn     bool  // a document may have been cut off inside a command
	doubtful []doubt
}

// job is one call of Print.
type job struct {
	ctx   context.Context
	doc   Doc
	token [4]byte      // set by the owner
	done  chan outcome // room for the one answer of the owner
}

type outcome struct {
	res Result
	err error
}

type query struct {
	done chan error // room for the one answer of the owner
}

// doubt is a document whose proof may still come.
type doubt struct {
	token [4]byte
	id    string
}

// New returns a printer that does nothing until Run is called.
func New(cfg Config) (*Printer, error) {
	if cfg.Transport == nil {
		return nil, errors.New("printer: transport is missing")
	}
	e, err := NewEncoder(cfg.Profile, cfg.Fonts)
	if err != nil {
		return nil, err
	}
	orDefault(&cfg.Poll, 500*time.Millisecond)
	orDefault(&cfg.Answer, 15*time.Second)
	orDefault(&cfg.Patience, 2*time.Minute)
	orDefault(&cfg.OpenTimeout, 3*time.Second)
	orDefault(&cfg.BackoffMax, 2*time.Second)
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	e.nonce = rand.Uint64()
	p := &Printer{
		cfg: cfg, encoder: e,
		jobs: make(chan *job), queries: make(chan *query), stopped: make(chan struct{}),
		torn:   true,
		health: Health{Device: cfg.Transport.String(), State: Connecting, Since: time.Now()},
	}
	return p, nil
}

func orDefault(d *time.Duration, value time.Duration) {
	if *d <= 0 {
		*d = value
	}
}

// Print prints doc and waits for what can be proved. Result.Proof is always
// set. The error is nil when the proof is the best the printer can give; else
// it is a [*Fault], or wraps [ErrDoc] when the document itself is at fault.
//
// A printer with trouble refuses at once with NotSent, except that a document of
// nothing but [Drawer] opens the drawer without paper too, where the printer
// answers real-time questions (Proof is then Sent). Trouble that begins
// while the document is on its way is waited for, up to Config.Patience or the
// end of ctx, because a printer that kept the rest prints on by itself; Sink
// hears of the trouble meanwhile.
func (p *Printer) Print(ctx context.Context, doc Doc) (Result, error) {
	j := &job{ctx: ctx, doc: doc, done: make(chan outcome, 1)}
	select {
	case p.jobs <- j:
		o := <-j.done
		return o.res, o.err
	case <-ctx.Done():
		return p.refuse(Timeout, ctx.Err())
	case <-p.stopped:
		return p.refuse(Unplugged, ErrStopped)
	}
}

func (p *Printer) refuse(t Trouble, cause error) (Result, error) {
	return Result{Proof: NotSent}, &Fault{Trouble: t, Device: p.cfg.Transport.String(), Err: cause}
}

// Status asks the printer how it is. The error is a [*Fault] when it cannot be
// reached or does not answer. A printer that reports only by itself answers
// with its last report.
func (p *Printer) Status(ctx context.Context) (Status, error) {
	q := &query{done: make(chan error, 1)}
	select {
	case p.queries <- q:
	case <-ctx.Done():
		return Status{}, &Fault{Trouble: Timeout, Device: p.cfg.Transport.String(), Err: ctx.Err()}
	case <-p.stopped:
		return Status{}, &Fault{Trouble: Unplugged, Device: p.cfg.Transport.String(), Err: ErrStopped}
	}
	select {
	case err := <-q.done:
		return p.Health().Status, err
	case <-ctx.Done():
		return Status{}, &Fault{Trouble: Timeout, Device: p.cfg.Transport.String(), Err: ctx.Err()}
	}
}

// Health returns a snapshot without asking the printer.
func (p *Printer) Health() Health {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.health
}

// Run opens the printer and keeps it open until ctx ends, then returns nil. It
// must be called exactly once.
func (p *Printer) Run(ctx context.Context) error {
	defer close(p.stopped)
	defer p.tell(Stopped, NoTrouble, Status{}, "")
	backoff := firstBackoff
	var waiting *job
	for ctx.Err() == nil {
		conn, err := p.open(ctx)
		if err != nil {
			p.reject(waiting, err)
			p.tell(Lost, Unplugged, Status{}, err.Error())
			waiting = p.pause(ctx, backoff, err)
			backoff = min(2*backoff, p.cfg.BackoffMax)
			continue
		}
		backoff = firstBackoff
		err = newSession(p, conn).serve(ctx, waiting)
		waiting = nil
		if ctx.Err() != nil {
			break
		}
		p.count(func(h *Health) { h.Unplugged++ })
		p.cfg.Log.Warn("printer lost", "device", p.cfg.Transport.String(), "cause", err)
		p.tell(Lost, lossOf(err), Status{}, err.Error())
		waiting = p.pause(ctx, backoff, err)
	}
	p.reject(waiting, ctx.Err())
	return nil
}

// lossOf names the trouble of a connection given up: a printer that takes or
// says nothing is there, but offline.
func lossOf(err error) Trouble {
	if errors.Is(err, errStuck) || errors.Is(err, errSilent) {
		return Offline
	}
	return Unplugged
}

// firstBackoff is the wait before the first new attempt to open.
const firstBackoff = 100 * time.Millisecond

func (p *Printer) open(ctx context.Context) (io.ReadWriteCloser, error) {
	ctx, cancel := context.WithTimeout(ctx, p.cfg.OpenTimeout)
	defer cancel()
	return p.cfg.Transport.Open(ctx)
}

// pause waits before the next attempt. A document that arrives ends the pause
// and is returned: it deserves an attempt of its own.
func (p *Printer) pause(ctx context.Context, d time.Duration, cause error) *job {
	t := time.NewTimer(d)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-t.C:
			return nil
		case j := <-p.jobs:
			return j
		case q := <-p.queries:
			q.done <- &Fault{Trouble: Unplugged, Device: p.cfg.Transport.String(), Err: cause}
		}
	}
}

func (p *Printer) reject(j *job, cause error) {
	if j == nil {
		return
	}
	res, err := p.refuse(Unplugged, cause)
	j.done <- outcome{res, err}
}

// tell records the state and sends an event when it differs from the last.
func (p *Printer) tell(s State, t Trouble, status Status, cause string) {
	ev := Event{Kind: EventStatus, State: s, Trouble: t, Status: status}
	p.mu.Lock()
	h := &p.health
	if h.State != s {
		h.Since = time.Now()
	}
	h.State, h.Trouble, h.Status = s, t, status
	if cause != "" {
		h.Cause = cause
	}
	p.mu.Unlock()
	if ev == p.told {
		return
	}
	p.told = ev
	p.send(ev)
}

func (p *Printer) send(ev Event) {
	if p.cfg.Sink != nil {
		p.cfg.Sink(ev)
	}
}

func (p *Printer) count(change func(*Health)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	change(&p.health)
}

// finish answers a job and keeps the books.
func (p *Printer) finish(j *job, res Result, err error) {
	switch res.Proof {
	case Confirmed, Sent:
		p.count(func(h *Health) { h.Printed++ })
	case Unknown:
		p.count(func(h *Health) { h.Doubtful++ })
		p.doubtful = append(p.doubtful, doubt{j.token, j.doc.ID})
		p.doubtful = p.doubtful[max(0, len(p.doubtful)-maxDoubts):]
	}
	p.cfg.Log.Info("document", "job", j.doc.ID, "proof", string(res.Proof), "bytes", res.Written, "error", errText(err))
	j.done <- outcome{res, err}
}

// maxDoubts bounds the documents whose late proof is still recognised.
const maxDoubts = 32

func errText(err error) string {
	if err == nil {
		return ""
	}
	return fmt.Sprint(err)
}

// proved tells of a document that turns out to have been printed after all.
func (p *Printer) proved(t [4]byte) {
	for i, d := range p.doubtful {
		if d.token == t {
			p.doubtful = append(p.doubtful[:i], p.doubtful[i+1:]...)
			p.send(Event{Kind: EventPrinted, State: p.told.State, Trouble: p.told.Trouble, Status: p.told.Status, Job: d.id})
			return
		}
	}
}
