package printer

import (
	"context"
	"errors"
	"io"
	"sync"
	"time"
)

// session is one open connection. Its reader and writer goroutines end with
// serve; everything else happens in the goroutine of Run.
type session struct {
	p       *Printer
	conn    io.ReadWriteCloser
	replies chan Reply    // sent by the reader
	broken  chan error    // room for the reader's last word
	orders  chan []byte   // to the writer; closed by close
	wrote   chan written  // one per order, room for one
	done    chan struct{} // closed by close
	wg      sync.WaitGroup

	status    Status
	asked     int // n of the DLE EOT whose answer is due, 0 when none
	askedAt   time.Time
	owed      int     // GS r answers due
	silent    int     // polls in a row without an answer
	expect    [4]byte // token of the document on its way
	confirmed bool    // the printer sent that token back
	closed    bool    // the connection was closed by us
}

type written struct {
	n   int
	err error
}

// maxSilent is the number of polls an idle printer may leave unanswered before
// it counts as lost.
const maxSilent = 4

func newSession(p *Printer, conn io.ReadWriteCloser) *session {
	return &session{
		p: p, conn: conn,
		replies: make(chan Reply, 16), broken: make(chan error, 1),
		orders: make(chan []byte), wrote: make(chan written, 1), done: make(chan struct{}),
	}
}

// serve uses the connection until it breaks or ctx ends, and returns why.
func (s *session) serve(ctx context.Context, first *job) error {
	s.start()
	defer s.close()
	if err := s.greet(ctx); err != nil {
		s.p.reject(first, err)
		return err
	}
	if first != nil {
		if err := s.do(ctx, first); err != nil {
			return err
		}
	}
	tick := time.NewTicker(s.p.cfg.Poll)
	defer tick.Stop()
	for {
		if err := s.turn(ctx, tick.C); err != nil {
			return err
		}
	}
}

// turn handles one thing.
func (s *session) turn(ctx context.Context, tick <-chan time.Time) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case err := <-s.broken:
		return err
	case r := <-s.replies:
		s.take(r)
		return nil
	case j := <-s.p.jobs:
		return s.do(ctx, j)
	case q := <-s.p.queries:
		err := s.poll(ctx)
		q.done <- s.asFault(err)
		return s.lostOnly(err)
	case <-tick:
		return s.lostOnly(s.poll(ctx))
	}
}

func (s *session) start() {
	s.wg.Go(s.write)
	pr := s.p.cfg.Profile
	if pr.RealTime || pr.ASB || pr.Processed || pr.JobID {
		s.wg.Go(s.read)
	}
}

func (s *session) close() {
	close(s.done)
	close(s.orders)
	s.hangUp()
	s.wg.Wait()
}

// hangUp closes the connection, which ends a read or write in progress.
func (s *session) hangUp() {
	if s.closed {
		return
	}
	s.closed = true
	if err := s.conn.Close(); err != nil {
		s.p.cfg.Log.Debug("close printer", "device", s.p.cfg.Transport.String(), "error", err.Error())
	}
}

func (s *session) read() {
	var buf []byte
	chunk := make([]byte, 512)
	for {
		n, err := s.conn.Read(chunk)
		buf = append(buf, chunk[:n]...)
		for {
			r, used := ParseStatus(buf)
			if used == 0 {
				break
			}
			buf = buf[:copy(buf, buf[used:])]
			select {
			case s.replies <- r:
			case <-s.done:
				return
			}
		}
		if err != nil {
			s.broken <- err
			return
		}
	}
}

func (s *session) write() {
	for b := range s.orders {
		n, err := s.conn.Write(b)
		s.wrote <- written{n, err}
	}
}

// greet brings a fresh connection to a known state: it completes a command that
// an earlier document, perhaps of a process that was killed, may have been cut
// off in (NUL is printed by no printer), asks for reports of changes, and looks
// how the printer is.
func (s *session) greet(ctx context.Context) error {
	s.p.count(func(h *Health) {
		if h.State == Lost && h.Unplugged > 0 {
			h.Reopened++
		}
	})
	var hello []byte
	if s.p.torn {
		hello = make([]byte, max(s.p.cfg.Profile.sliceBytes(), 3*s.p.cfg.Profile.Dots)+16)
	}
	if s.p.cfg.Profile.ASB {
		hello = append(hello, gs, 'a', 0x0f)
	}
	if err := s.put(ctx, hello, s.p.cfg.Answer); err != nil {
		return err
	}
	s.p.torn = false
	s.p.cfg.Log.Info("printer open", "device", s.p.cfg.Transport.String())
	// On a slow line the questions wait behind the NULs.
	began := time.Now()
	err := s.poll(ctx)
	for errors.Is(err, errSilent) && time.Since(began) < s.p.cfg.Answer {
		err = s.poll(ctx)
	}
	if err == nil {
		s.report()
	}
	return err
}

// put writes b, taking replies meanwhile. After an error the connection is of no
// further use, since the write may still be going on; ctx is therefore that of
// Run, never a caller's.
func (s *session) put(ctx context.Context, b []byte, limit time.Duration) error {
	if len(b) == 0 {
		return nil
	}
	t := time.NewTimer(limit)
	defer t.Stop()
	s.orders <- b
	for {
		ev := s.next(ctx, t.C)
		switch {
		case ev.err != nil:
			return ev.err
		case ev.timeUp:
			return errStuck
		case ev.wrote:
			return nil
		}
	}
}

var (
	errStuck  = errors.New("printer takes no data")
	errSilent = errors.New("printer does not answer")
)

// happening is one thing that happened while waiting.
type happening struct {
	reply  Reply
	wrote  bool
	n      int // bytes written, with wrote or err
	timeUp bool
	err    error // the connection or ctx ended
	ended  bool  // err is the end of a write
}

// next waits for one thing to happen.
func (s *session) next(ctx context.Context, limit <-chan time.Time) happening {
	select {
	case r := <-s.replies:
		s.take(r)
		return happening{reply: r}
	case w := <-s.wrote:
		return happening{wrote: w.err == nil, n: w.n, err: w.err, ended: true}
	case err := <-s.broken:
		return happening{err: err}
	case <-limit:
		return happening{timeUp: true}
	case <-ctx.Done():
		return happening{err: ctx.Err()}
	}
}

// take books a reply.
func (s *session) take(r Reply) {
	s.silent = 0
	switch r.Kind {
	case ReplyASB:
		s.status = s.status.With(r, 0)
		s.report()
	case ReplyRealTime:
		s.status = s.status.With(r, s.asked)
		s.asked = 0
	case ReplyPaper:
		s.status = s.status.With(r, 0)
		s.owed = max(0, s.owed-1)
	case ReplyToken:
		s.confirmed = s.confirmed || r.Token == s.expect
		s.p.proved(r.Token)
	}
}

// report tells the world how the printer is.
func (s *session) report() {
	t := s.status.Trouble()
	state := Ready
	if t != NoTrouble {
		state = Troubled
	}
	s.p.tell(state, t, s.status, "")
}

// poll asks DLE EOT 1 to 4. A printer without it keeps its last report, and so
// does one that reports by itself and has trouble: it may take no data.
func (s *session) poll(ctx context.Context) error {
	pr := s.p.cfg.Profile
	if !pr.RealTime || pr.ASB && s.status.Trouble() != NoTrouble {
		return nil
	}
	if err := s.askAll(ctx); err != nil {
		return err
	}
	// Offline without a cause may only mean that the cause came or went between
	// two questions.
	if s.status.Trouble() == Offline && s.p.told.Trouble != Offline {
		if err := s.askAll(ctx); err != nil {
			return err
		}
	}
	s.report()
	return nil
}

func (s *session) askAll(ctx context.Context) error {
	for n := 1; n <= 4; n++ {
		if err := s.ask(ctx, n); err != nil {
			return err
		}
	}
	return nil
}

// ask asks one real-time question and waits for its answer. Answers do not say
// what was asked, so an answer still due is waited for first.
func (s *session) ask(ctx context.Context, n int) error {
	t := time.NewTimer(s.p.cfg.Poll)
	defer t.Stop()
	sent := false
	for !sent || s.asked != 0 {
		if s.asked == 0 {
			s.asked, s.askedAt, sent = n, time.Now(), true
			if err := s.put(ctx, []byte{dle, 0x04, byte(n)}, 4*s.p.cfg.Poll); err != nil {
				return err
			}
			continue
		}
		ev := s.next(ctx, t.C)
		switch {
		case ev.err != nil:
			return ev.err
		case ev.timeUp:
			return s.unanswered()
		}
	}
	return nil
}

func (s *session) unanswered() error {
	s.silent++
	if time.Since(s.askedAt) >= s.p.cfg.Answer {
		s.asked = 0 // it was lost; an answer now would be a surprise
	}
	return errSilent
}

// lostOnly drops errors an open connection survives: a few unanswered polls.
func (s *session) lostOnly(err error) error {
	if errors.Is(err, errSilent) && s.silent < maxSilent {
		return nil
	}
	return err
}

func (s *session) asFault(err error) error {
	if err == nil {
		return nil
	}
	t := Unplugged
	if errors.Is(err, errSilent) || errors.Is(err, errStuck) {
		t = Timeout
	}
	return &Fault{Trouble: t, Device: s.p.cfg.Transport.String(), Err: err}
}
